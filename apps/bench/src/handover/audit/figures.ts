/** From what was observed to the figures of one scenario. */
import { type Observation, type Timeline, timelinesOf } from './observation.ts';
import { type Pause, pausesOf } from './pauses.ts';
import { begunAfterTakeover, lost, redelivered, stuck } from './safety.ts';

export interface AuditFigures {
  readonly produced: number;
  readonly lost: number;
  /** Partitions. */
  readonly stuck: number;
  readonly begunAfterTakeover: number;
  readonly redelivered: number;
  /** Of partitions that stayed with their owner for the whole of a step; null where none did. */
  readonly pauseP99Ms: number | null;
  readonly pauseMaxMs: number | null;
  /** Seconds in which partitions, summed up, had records and a leader and nobody who worked. */
  readonly unavailableSeconds: number;
}

/** Shorter pauses are the pace of the records and of the machine. */
const UNAVAILABLE_MS = 250;
/** The 99th percentile is taken over the longest pause in each second of each partition. */
const WINDOW_MS = 1_000;

export function audit(observation: Observation): AuditFigures {
  const since = observation.steps[0] ?? 0;
  const timelines = timelinesOf(observation);
  const pauses = new Map(timelines.map((timeline) => [timeline, pausesOf(timeline, observation.until)]));
  const sum = (figure: (timeline: Timeline) => number) =>
    timelines.reduce((total, timeline) => total + figure(timeline), 0);
  const undisturbed = timelines.flatMap((timeline) =>
    pausesOfKeptPartition(timeline, pauses.get(timeline) ?? [], observation),
  );
  const sorted = undisturbed.toSorted((a, b) => a - b);
  return {
    produced: sum(({ acks }) => acks.reduce((count, ack) => count + ack.count, 0)),
    lost: sum(lost),
    stuck: sum((timeline) => (stuck(timeline) ? 1 : 0)),
    begunAfterTakeover: sum((timeline) => begunAfterTakeover(timeline, since)),
    redelivered: sum((timeline) => redelivered(timeline, since)),
    pauseP99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? null,
    pauseMaxMs: sorted.at(-1) ?? null,
    unavailableSeconds: sum((timeline) => unavailable(pauses.get(timeline) ?? [], since)) / 1000,
  };
}

/** The longest pause of each window, in the steps that one owner saw from end to end. */
function pausesOfKeptPartition(
  timeline: Timeline,
  pauses: readonly Pause[],
  { steps, until }: Observation,
): readonly number[] {
  return steps.flatMap((from, step) => {
    const to = steps[step + 1] ?? until;
    if (!keptBetween(timeline, from, to)) return [];
    const windows = Array.from({ length: Math.max(1, Math.ceil((to - from) / WINDOW_MS)) }, () => 0);
    for (const pause of pauses) {
      if (pause.to < from || pause.to > to || (pause.to === to && to !== until)) continue;
      const window = Math.min(windows.length - 1, Math.floor((pause.to - from) / WINDOW_MS));
      windows[window] = Math.max(windows[window] ?? 0, pause.ms);
    }
    return windows;
  });
}

function keptBetween({ calls, assigned }: Timeline, from: number, to: number): boolean {
  const before = calls.findLast(({ at }) => at < from)?.member;
  const inside = (one: { readonly at: number }) => one.at >= from && one.at < to;
  return [...calls.filter(inside), ...assigned.filter(inside)].every(({ member }) => member === before);
}

function unavailable(pauses: readonly Pause[], since: number): number {
  return pauses
    .filter(({ to, ms }) => to >= since && ms >= UNAVAILABLE_MS)
    .reduce((total, { ms }) => total + ms, 0);
}
