/** Deals partitions to subscribers in turn: Java's `RoundRobinAssignor`, and the core's fallback. */
import type { AssignmentProblem, PlanBuilder } from '../contracts/assignor.ts';
import { memberOrder } from './member-order.ts';
import { CHUNK, type Steps } from './steps.ts';

/**
 * Topics by name, partitions ascending, members on a ring in `memberOrder`. Each partition goes to the next member on
 * the ring that subscribes to its topic; the cursor goes on from topic to topic. O(partitions + subscriptions).
 */
export function* dealSteps(
  problem: AssignmentProblem,
  builder: PlanBuilder,
  isFree: (flatId: number) => boolean = () => true,
): Steps<void> {
  const ring = memberOrder(problem);
  yield;
  const seats = yield* seatsByTopic(problem, ring);
  let cursor = 0;
  for (const [t, { base, partitionCount }] of problem.topics.entries()) {
    const subscribers = seats[t] ?? [];
    let next = firstSeatFrom(subscribers, cursor);
    for (let flatId = base; flatId < base + partitionCount; flatId++) {
      if (flatId % CHUNK === CHUNK - 1) yield;
      if (!isFree(flatId)) continue;
      const seat = subscribers[next] ?? -1;
      builder.give(ring[seat] ?? -1, flatId);
      cursor = seat + 1;
      next = (next + 1) % subscribers.length;
    }
  }
}

/** For each topic the positions of its subscribers on the ring, ascending. */
function* seatsByTopic({ members, topics }: AssignmentProblem, ring: Int32Array): Steps<number[][]> {
  const seats: number[][] = topics.map(() => []);
  let looked = 0;
  for (const [seat, member] of ring.entries()) {
    const own = members[member]?.topics ?? new Int32Array();
    for (let i = 0; i < own.length; i++) seats[own[i] ?? -1]?.push(seat);
    looked += own.length;
    if (looked < CHUNK) continue;
    looked = 0;
    yield;
  }
  return seats;
}

/** Index of the first seat at or after the cursor, around the ring. */
function firstSeatFrom(seats: readonly number[], cursor: number): number {
  let low = 0;
  let high = seats.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((seats[middle] ?? 0) < cursor) low = middle + 1;
    else high = middle;
  }
  return low === seats.length ? 0 : low;
}
