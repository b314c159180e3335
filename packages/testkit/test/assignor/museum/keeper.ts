/** A right one, from which wrong ones are made: members keep what they have, up to their share. */
import type { AssignmentProblem } from '@kohort/core/spi';
import { choose, leastLoaded } from './exhibit.ts';

/** The share of each member: those that have most get one more, where it does not divide. */
export function fairShares(counts: readonly number[], partitionCount: number): number[] {
  const share = Math.floor(partitionCount / counts.length);
  const rest = partitionCount % counts.length;
  const order = [...counts.keys()].sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  return counts.map((_, m) => share + (order.indexOf(m) < rest ? 1 : 0));
}

/** Balanced with the fewest moves where all subscribe alike; else everybody keeps everything. */
export function keep(
  problem: AssignmentProblem,
  {
    owner = problem.owners().owner,
    shares = fairShares,
  }: { readonly owner?: Int32Array; readonly shares?: typeof fairShares } = {},
): number[][] {
  const { members, topics, partitionCount } = problem;
  const counts = members.map((_, m) => owner.filter((held) => held === m).length);
  const isUniform = members.every((member) => member.topics.length === topics.length);
  const limits = isUniform ? shares(counts, partitionCount) : counts.map(() => Number.POSITIVE_INFINITY);
  const left = [...limits];
  const kept = owner.map((held) => {
    if (held === -1 || (left[held] ?? 0) <= 0) return -1;
    left[held] = (left[held] ?? 0) - 1;
    return held;
  });
  const loads = members.map((_, m) => kept.filter((held) => held === m).length);
  return choose(problem, (subscribers, flatId) => {
    const held = kept[flatId] ?? -1;
    if (held !== -1) return held;
    const open = subscribers.filter((m) => (loads[m] ?? 0) < (limits[m] ?? 0));
    const taker = leastLoaded(open.length === 0 ? subscribers : open, flatId, loads);
    loads[taker] = (loads[taker] ?? 0) + 1;
    return taker;
  });
}

/** For user data and protocols: claims reach it in the subscription. */
export const KEEPER_PARTS = { protocols: ['cooperative', 'eager'] } as const;
export const KEEPER_PROMISES = { balance: 'uniform', sticky: true } as const;
