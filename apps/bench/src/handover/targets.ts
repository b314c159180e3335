/** What is demanded of a client in a scenario, and where its figures miss it. */
import { COMMIT_INTERVAL, RATE, type RunFigures } from './run-scenario.ts';
import type { Scenario } from './scenarios/scenario.ts';

const PAUSE_P99_MS = 250;
const PAUSE_MAX_MS = 1_000;
/** Of the unavailable time of the baseline. */
const SHARE = 0.2;

export interface Judged {
  readonly scenario: Pick<Scenario, 'fault'>;
  readonly sessionTimeout: number;
  readonly figures: RunFigures;
}

/** Seconds in which partitions of crashed members cannot be anybody else's. */
function unavoidableSeconds({ sessionTimeout, figures }: Judged): number {
  return (figures.crashedPartitions * sessionTimeout) / 1000;
}

export function unavailableAboveFloor(judged: Judged): number {
  return Math.max(0, judged.figures.unavailableSeconds - unavoidableSeconds(judged));
}

/** What one commit interval holds of the partitions of crashed members, and records whose handler outlasts every drain. */
export function lawfulRedeliveries({ figures }: Judged): number {
  return (figures.crashedPartitions * RATE * COMMIT_INTERVAL) / 1000 + figures.longHandlers;
}

/** One line for each target that is missed. `baseline`: the same scenario with kafkajs. */
export function missedTargets(judged: Judged, baseline?: Judged): readonly string[] {
  const { figures } = judged;
  const none: readonly (readonly [string, number])[] = [
    ['lost', figures.lost],
    ['stuck', figures.stuck],
    ['begun after a takeover', figures.begunAfterTakeover],
    ['ended by themselves', figures.endedByThemselves],
    ['closed too late', figures.lateClosings],
  ];
  const missed = none.filter(([, count]) => count > 0).map(([what, count]) => `${what}: ${count}`);
  const lawful = lawfulRedeliveries(judged);
  if (figures.redelivered > lawful) missed.push(`redelivered: ${figures.redelivered}, not ${lawful}`);
  missed.push(...missedPauses(judged));
  if (baseline !== undefined) {
    const [own, limit] = [unavailableAboveFloor(judged), unavailableAboveFloor(baseline) * SHARE];
    if (own > limit) missed.push(`unavailable: ${own.toFixed(1)} s, not ${limit.toFixed(1)}`);
  }
  return missed;
}

function missedPauses({ sessionTimeout, figures }: Judged): readonly string[] {
  const { pauseP99Ms, pauseMaxMs, coordinatorAwayMs } = figures;
  // Without a coordinator for so long, a member cannot know that its partitions are still its own.
  const doubtMs = Math.max(0, coordinatorAwayMs - sessionTimeout);
  const max = PAUSE_MAX_MS + doubtMs;
  const missed: string[] = [];
  if (doubtMs === 0 && pauseP99Ms !== null && pauseP99Ms > PAUSE_P99_MS)
    missed.push(`pause at p99: ${Math.round(pauseP99Ms)} ms, not ${PAUSE_P99_MS}`);
  if (pauseMaxMs !== null && pauseMaxMs > max)
    missed.push(`longest pause: ${Math.round(pauseMaxMs)} ms, not ${Math.round(max)}`);
  return missed;
}
