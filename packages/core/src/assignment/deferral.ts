/**
 * Cooperative hand-over (KIP-429): a partition that changes owner is given to nobody this round, so that the present
 * owner can give it up first; the rebalance that follows hands it over.
 */
import type { AssignmentPlan, AssignmentProblem } from '../contracts/assignor.ts';
import { claimantsSteps } from './owners.ts';
import { CHUNK, runToEnd, type Steps } from './steps.ts';

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
  return runToEnd(deferSteps(problem, plan));
}

/** As `deferMoves`, with pauses. */
export function* deferSteps(problem: AssignmentProblem, plan: AssignmentPlan): Steps<DeferredPlan> {
  const { holder, disputed } = yield* claimantsSteps(problem);
  const deferred: number[] = [];
  const partitions: Int32Array[] = [];
  let looked = 0;
  for (const [member, given] of plan.partitions.entries()) {
    const safe = new Int32Array(given.length);
    let size = 0;
    for (let i = 0; i < given.length; i++) {
      const flatId = given[i] ?? 0;
      const isUnclaimed = holder[flatId] === -1 && disputed[flatId] === 0;
      if (isUnclaimed || holder[flatId] === member) safe[size++] = flatId;
      else deferred.push(flatId);
      if (++looked % CHUNK === 0) yield;
    }
    partitions.push(size === given.length ? given : safe.slice(0, size));
  }
  return { plan: { ...plan, partitions }, deferred: Int32Array.from(deferred).sort() };
}
