/** Kafka's round-robin assignor, the default of Kohort. */
import { dealSteps } from '../assignment/deal.ts';
import { defineAssignor } from '../assignment/define-assignor.ts';
import { planBuilder } from '../assignment/plan-builder.ts';
import type { Steps } from '../assignment/steps.ts';
import type { AssignmentPlan, AssignmentProblem, Assignor } from '../contracts/assignor.ts';
import { runSliced } from './run-sliced.ts';
import { systemClock } from './system-clock.ts';

export interface RoundRobinOptions {
  /** Name on the wire. `RoundRobinAssigner` joins groups of kafkajs members, who use that name. Default: `roundrobin`. */
  readonly as?: string;
}

/**
 * Deals partitions to subscribers in turn, exactly as Java's `RoundRobinAssignor`: members of a group that mixes
 * clients must come to the same plan, whoever leads. Even only where all members subscribe to the same topics. Eager.
 */
export function roundRobin({ as = 'roundrobin' }: RoundRobinOptions = {}): Assignor {
  return defineAssignor({
    name: as,
    protocols: ['eager'],
    assign: (problem, { clock = systemClock, signal, deadlineMs }) =>
      runSliced(planSteps(problem), { clock, signal, deadlineMs }),
  });
}

function* planSteps(problem: AssignmentProblem): Steps<AssignmentPlan> {
  const builder = planBuilder(problem);
  yield* dealSteps(problem, builder);
  yield;
  return builder.build();
}
