/** When a partition had records, a leader, and nobody who worked on them. */
import type { Call, Timeline } from './observation.ts';

export interface Pause {
  readonly from: number;
  /** When the next handler was called, or the observation ended. */
  readonly to: number;
  /** Without the time in which the partition had no leader. */
  readonly ms: number;
}

/** A partition gets records ten times a second: without an acknowledgement for so long, its leader was away. */
const LEADER_AWAY_MS = 500;

export function pausesOf(timeline: Timeline, until: number): readonly Pause[] {
  const { calls } = timeline;
  const readable = readableAt(timeline);
  const away = leaderAway(timeline);
  const pauses: Pause[] = [];
  const add = (idleSince: number, offset: number, to: number) => {
    const at = readable(offset);
    const from = Math.max(idleSince, at ?? to);
    if (from < to) pauses.push({ from, to, ms: to - from - overlap(away, from, to) });
  };
  for (const [i, call] of calls.entries()) {
    const before = calls[i - 1];
    if (before !== undefined) add(idleSince(before, call), call.offset, call.at);
  }
  const last = calls.at(-1);
  if (last !== undefined) {
    const next = Math.max(...calls.map(({ offset }) => offset)) + 1;
    add(Number.isFinite(last.finishedAt) ? last.finishedAt : last.at, next, until);
  }
  return pauses;
}

/** A handler keeps its own member from the next record; another member need not wait for one that is cut off or frozen. */
function idleSince(before: Call, call: Call): number {
  return before.finishedAt <= call.at ? before.finishedAt : before.at;
}

/** When the record was there to be read; undefined where nobody has acknowledged it. */
function readableAt({ acks }: Timeline): (offset: number) => number | undefined {
  const sorted = acks.toSorted((a, b) => a.offset - b.offset);
  return (offset) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const found = sorted[low - 1];
    return found !== undefined && offset < found.offset + found.count ? found.at : undefined;
  };
}

type Interval = readonly [from: number, to: number];

function leaderAway({ acks }: Timeline): readonly Interval[] {
  return acks.flatMap((ack, i): Interval[] => {
    const before = acks[i - 1];
    return before !== undefined && ack.at - before.at > LEADER_AWAY_MS ? [[before.at, ack.at]] : [];
  });
}

function overlap(intervals: readonly Interval[], from: number, to: number): number {
  return intervals.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0);
}
