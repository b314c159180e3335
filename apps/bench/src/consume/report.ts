/** What `bench consume` reports: figures for machines, tables for people. */
import { BASELINE, nameOf } from '../clients/client.ts';
import type { Spread } from '../measure/statistics.ts';
import { hundredths, megabytes, spread, thousands, whole } from '../report/figures.ts';
import type { Machine, Versions } from '../report/machine.ts';
import { markdownTable } from '../report/table.ts';
import type { Workload } from '../workload/workload.ts';
import { type ClientRuns, type ClientSummary, type Comparison, compare, summarise } from './summary.ts';

export interface WorkloadResult {
  readonly workload: Omit<Workload, 'topic'>;
  readonly rounds: number;
  readonly clients: readonly (ClientSummary & Pick<ClientRuns, 'runs'>)[];
  readonly comparisons: readonly Comparison[];
}

export interface ConsumeReport {
  readonly benchmark: 'consume';
  /** Day of the run. */
  readonly date: string;
  readonly broker: string;
  readonly machine: Machine;
  readonly versions: Versions;
  readonly workloads: readonly WorkloadResult[];
}

export function resultOf(
  { topic: _own, ...workload }: Workload,
  rounds: number,
  clients: readonly ClientRuns[],
): WorkloadResult {
  const runsOf = new Map(clients.map(({ id, runs }) => [id, runs]));
  return {
    workload,
    rounds,
    clients: summarise(clients).map((summary) => ({ ...summary, runs: runsOf.get(summary.id) ?? [] })),
    comparisons: compare(clients),
  };
}

export function markdownReport(report: ConsumeReport): string {
  const { machine, versions } = report;
  const intro = [
    '# Consume throughput',
    '',
    `${report.date}, ${report.broker}, broker and clients on one machine: ${machine.cpu}, ${machine.cores} cores, ` +
      `${machine.memoryGb} GB, ${machine.platform}, Node.js ${machine.node}, load average before the run ${machine.loadBefore}.`,
    `Kohort ${versions.kohort} over kafkajs ${versions.kafkajs}; kafkajs ${versions.kafkajs}; @platformatic/kafka ${versions.platformatic}.`,
    'Medians of all rounds, in parentheses the lowest and the highest; ratios are of neighbouring runs.',
  ];
  return `${[...intro, ...report.workloads.map(workloadSection)].join('\n')}\n`;
}

export function workloadSection({ workload, rounds, clients, comparisons }: WorkloadResult): string {
  const compression = workload.compression === 'none' ? 'uncompressed' : workload.compression;
  const baseline = nameOf(BASELINE);
  const heading = [
    'client',
    'mode',
    'records/s',
    'CPU µs/record',
    `CPU, ${baseline.client} ${baseline.mode} = 1`,
    'peak RSS MB',
    'longest loop delay ms',
  ];
  const rows = clients.map((one) => [
    one.client,
    one.mode,
    spread(one.recordsPerSecond, thousands),
    spread(one.cpuMicrosPerRecord, hundredths),
    ratio(one.cpuRatio),
    spread(one.peakRssBytes, megabytes),
    spread(one.maxLoopDelayMs, whole),
  ]);
  return [
    '',
    `## ${workload.valueSize}-byte values, ${compression}`,
    '',
    `${whole(workload.records)} records in ${workload.partitions} partitions, ${workload.recordsPerBatch} a batch, ${rounds} rounds.`,
    '',
    markdownTable(heading, rows, 2),
    '',
    ...comparisons.map(comparisonLine),
  ].join('\n');
}

function ratio(value: Spread | null): string {
  return value ? spread(value, hundredths) : '–';
}

function comparisonLine({ id, against, ratio: value }: Comparison): string {
  const [own, other] = [nameOf(id), nameOf(against)];
  return `- ${own.client} ${own.mode} takes ${spread(value, hundredths)} of the CPU of ${other.client} ${other.mode}.`;
}
