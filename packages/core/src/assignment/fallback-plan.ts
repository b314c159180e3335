/** The plan that stands in for an assignor that failed: nothing moves that need not, nothing is left out. */
import type { AssignmentPlan, AssignmentProblem } from '../contracts/assignor.ts';
import { dealSteps } from './deal.ts';
import { planBuilder } from './plan-builder.ts';
import { CHUNK, type Steps } from './steps.ts';

/** Keeps every valid claim and deals what nobody owns to the subscribers in turn. Always a lawful plan. */
export function* fallbackSteps(problem: AssignmentProblem): Steps<AssignmentPlan> {
  const builder = planBuilder(problem);
  const { owner } = problem.owners();
  for (let flatId = 0; flatId < owner.length; flatId++) {
    if (flatId % CHUNK === CHUNK - 1) yield;
    const member = owner[flatId] ?? -1;
    if (member >= 0) builder.give(member, flatId);
  }
  yield* dealSteps(problem, builder, (flatId) => owner[flatId] === -1);
  yield;
  return builder.build();
}
