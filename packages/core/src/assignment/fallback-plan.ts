/** The plan that stands in for an assignor that failed: nothing moves that need not, nothing is left out. */
import type { AssignmentPlan, AssignmentProblem } from '../contracts/assignor.ts';
import { deal } from './deal.ts';
import { planBuilder } from './plan-builder.ts';

/** Keeps every valid claim and deals what nobody owns to the subscribers in turn. Always a lawful plan. */
export function fallbackPlan(problem: AssignmentProblem): AssignmentPlan {
  const builder = planBuilder(problem);
  const { owner } = problem.owners();
  for (const [flatId, member] of owner.entries()) {
    if (member >= 0) builder.give(member, flatId);
  }
  deal(problem, builder, (flatId) => owner[flatId] === -1);
  return builder.build();
}
