/** From a problem to integers for the engine, and from its answer to a plan. */
import type { AssignmentPlan, AssignmentProblem, ResolvedOwners, Steps } from '@kohort/core/spi';
import type { EngineInput } from './engine/input.ts';
import { orderBy } from './engine/order-by.ts';
import { solve } from './engine/solve.ts';
import { type RackPolicy, racksOf } from './racks.ts';
import { topicBases } from './topic-bases.ts';

export function* planSteps(
  problem: AssignmentProblem,
  ownersOf: (problem: AssignmentProblem) => Steps<ResolvedOwners>,
  racks: RackPolicy | 'off',
): Steps<AssignmentPlan> {
  const { owner } = yield* ownersOf(problem);
  yield;
  const rackInput = racks === 'off' ? undefined : yield* racksOf(problem, racks);
  const input: EngineInput = {
    memberCount: problem.members.length,
    topicBase: topicBases(problem),
    memberTopics: problem.members.map(({ topics }) => topics),
    owner,
    ...(rackInput === undefined ? {} : { racks: rackInput }),
  };
  const { given } = yield* solve(input);
  yield;
  return pack(given, problem.members.length);
}

/** For each member its flat ids, ascending: parts of one array. */
function pack(given: Int32Array, memberCount: number): AssignmentPlan {
  const { order, start } = orderBy(given, memberCount);
  return {
    partitions: Array.from({ length: memberCount }, (_, member) =>
      order.subarray(start[member], start[member + 1]),
    ),
  };
}
