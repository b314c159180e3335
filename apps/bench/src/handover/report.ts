/** What `bench handover` reports: figures for machines, tables for people. */
import { whole } from '../report/figures.ts';
import type { Machine, Versions } from '../report/machine.ts';
import { markdownTable } from '../report/table.ts';
import type { HandoverClient } from './members/member-job.ts';
import type { RunFigures } from './run-scenario.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { type Judged, missedTargets, unavailableAboveFloor } from './targets.ts';

/** A run, or why there is none. */
export interface ClientOutcome {
  readonly client: HandoverClient;
  readonly figures?: RunFigures;
  readonly failure?: string;
}

export interface ScenarioOutcome {
  readonly scenario: Pick<Scenario, 'name' | 'title' | 'fault'>;
  readonly sessionTimeout: number;
  readonly clients: readonly ClientOutcome[];
}

export interface HandoverReport {
  readonly benchmark: 'handover';
  /** Day of the run. */
  readonly date: string;
  readonly broker: string;
  readonly machine: Machine;
  readonly versions: Versions;
  readonly scenarios: readonly ScenarioOutcome[];
}

const NAMES: Readonly<Record<HandoverClient, string>> = {
  kohort: 'kohort',
  kafkajs: 'kafkajs',
  platformatic: '@platformatic/kafka',
};

const HEADING = [
  'client',
  'lost',
  'stuck',
  'begun after takeover',
  'redelivered',
  'ended by themselves',
  'pause p99 ms',
  'pause max ms',
  'unavailable s',
];

export function handoverMarkdown(report: HandoverReport): string {
  const { machine, versions } = report;
  const intro = [
    '# Handover',
    '',
    `${report.date}, ${report.broker}, 3 brokers and all members on one machine: ${machine.cpu}, ${machine.cores} cores, ` +
      `${machine.memoryGb} GB, ${machine.platform}, Node.js ${machine.node}, load average before the run ${machine.loadBefore}.`,
    `Kohort ${versions.kohort} over kafkajs ${versions.kafkajs}; kafkajs ${versions.kafkajs}; @platformatic/kafka ${versions.platformatic}.`,
    '12 partitions, 1,200 records a second. Counts are of records, `stuck` of partitions, `ended by themselves` of processes.',
    'Pauses are those of partitions that stay with their owner. `unavailable` sums up partitions, above what cannot be avoided.',
  ];
  return `${[...intro, ...report.scenarios.map(scenarioSection)].join('\n')}\n`;
}

export function scenarioSection(outcome: ScenarioOutcome): string {
  const { scenario, sessionTimeout, clients } = outcome;
  const rows = clients.flatMap(({ client, figures }) =>
    figures === undefined ? [] : [rowOf(client, { scenario, sessionTimeout, figures })],
  );
  return [
    '',
    `## ${scenario.name}, session timeout ${sessionTimeout / 1000} s`,
    '',
    `${scenario.title[0]?.toUpperCase()}${scenario.title.slice(1)}.`,
    '',
    markdownTable(HEADING, rows, 1),
    '',
    ...clients.map((client) => verdictLine(client, outcome)),
  ].join('\n');
}

function rowOf(client: HandoverClient, judged: Judged): readonly string[] {
  const { figures } = judged;
  const ms = (value: number | null) => (value === null ? '–' : whole(value));
  return [
    NAMES[client],
    whole(figures.lost),
    whole(figures.stuck),
    whole(figures.begunAfterTakeover),
    whole(figures.redelivered),
    whole(figures.endedByThemselves),
    ms(figures.pauseP99Ms),
    ms(figures.pauseMaxMs),
    unavailableAboveFloor(judged).toFixed(1),
  ];
}

function verdictLine({ client, figures, failure }: ClientOutcome, outcome: ScenarioOutcome): string {
  if (figures === undefined) return `- ${NAMES[client]}: not run, ${failure}.`;
  const { scenario, sessionTimeout, clients } = outcome;
  const baseline = clients.find((one) => one.client === 'kafkajs')?.figures;
  const judge = (of: RunFigures): Judged => ({ scenario, sessionTimeout, figures: of });
  const missed = missedTargets(
    judge(figures),
    baseline === undefined || client === 'kafkajs' ? undefined : judge(baseline),
  );
  const away = figures.coordinatorAwayMs;
  const coordinator = away > 1_000 ? ` (coordinator away for ${(away / 1000).toFixed(1)} s)` : '';
  return `- ${NAMES[client]}${coordinator}: ${missed.length === 0 ? 'every target met' : missed.join('; ')}.`;
}
