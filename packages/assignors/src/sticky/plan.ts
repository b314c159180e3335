/** From a problem to integers for the engine, and from its answer to a plan. */
import type { AssignmentPlan, AssignmentProblem, ResolvedOwners, Steps } from '@kohort/core/spi';
import type { EngineInput } from './engine/input.ts';
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
  const { partitions } = yield* solve(input);
  return { partitions };
}
