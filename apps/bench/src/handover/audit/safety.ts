/** Counts of what must not happen to the records of one partition. */
import type { Timeline } from './observation.ts';

/** Acknowledged records that no handler has finished although it finished later ones: they were passed over. */
export function lost({ calls, acks }: Timeline): number {
  const finished = finishedOffsets(calls);
  const last = Math.max(-1, ...finished);
  return acknowledged(acks).filter((offset) => offset < last && !finished.has(offset)).length;
}

/** Whether the partition stood still at the end: the newest acknowledged record has not been finished. */
export function stuck({ calls, acks }: Timeline): boolean {
  const newest = acknowledged(acks).reduce((max, offset) => Math.max(max, offset), -1);
  return newest > Math.max(-1, ...finishedOffsets(calls));
}

/** Calls since `since` for records whose handler had been called before, by whomever. */
export function redelivered({ calls }: Timeline, since: number): number {
  const seen = new Set<number>();
  let count = 0;
  for (const { at, offset } of calls) {
    if (at >= since && seen.has(offset)) count += 1;
    seen.add(offset);
  }
  return count;
}

/**
 * Calls since `since` by a member after another one has taken the partition over. A member's claim begins when it says that it
 * has been assigned the partition, or, if it says nothing, with its first call; the latest claim counts.
 */
export function begunAfterTakeover({ calls, assigned }: Timeline, since: number): number {
  const claims = new Map<string, number>();
  let owner: string | undefined;
  let count = 0;
  let next = 0;
  for (const { at, member } of calls) {
    for (let claim = assigned[next]; claim !== undefined && claim.at <= at; claim = assigned[next]) {
      claims.set(claim.member, claim.at);
      owner = claim.member;
      next += 1;
    }
    if (!claims.has(member)) {
      claims.set(member, at);
      owner = member;
    }
    if (at >= since && member !== owner) count += 1;
  }
  return count;
}

function finishedOffsets(calls: Timeline['calls']): ReadonlySet<number> {
  return new Set(calls.filter(({ finishedAt }) => Number.isFinite(finishedAt)).map(({ offset }) => offset));
}

function acknowledged(acks: Timeline['acks']): readonly number[] {
  return acks.flatMap(({ offset, count }) => Array.from({ length: count }, (_, i) => offset + i));
}
