/**
 * Cooperative hand-over (KIP-429): a partition that changes owner is given to nobody this round, so that the present
 * owner can give it up first; the rebalance that follows hands it over.
 */
import type { AssignmentPlan, AssignmentProblem } from '../contracts/assignor.ts';
import { resolveClaimants } from './owners.ts';

export interface DeferredPlan {
  readonly plan: AssignmentPlan;
  /** Flat ids that the plan gave and that are held back, ascending. */
  readonly deferred: Int32Array;
}

/**
 * Holds back every partition that a member other than its new owner claims, under whatever generation, since a stale
 * claimant may still work on it. The undisputed claimant of the highest generation keeps what it has. What a member
 * with unreadable metadata owns is unknown and cannot be held back.
 */
export function deferMoves(problem: AssignmentProblem, plan: AssignmentPlan): DeferredPlan {
  const { holder, disputed } = resolveClaimants(problem);
  const deferred: number[] = [];
  const partitions = plan.partitions.map((given, member) =>
    given.filter((flatId) => {
      const isUnclaimed = holder[flatId] === -1 && disputed[flatId] === 0;
      const isSafe = isUnclaimed || holder[flatId] === member;
      if (!isSafe) deferred.push(flatId);
      return isSafe;
    }),
  );
  return { plan: { ...plan, partitions }, deferred: Int32Array.from(deferred).sort() };
}
