/** Collects a plan, one partition at a time, without an object for each. */
import type { AssignmentPlan, AssignmentProblem, PlanBuilder } from '../contracts/assignor.ts';

/**
 * A builder for a plan of this problem.
 *
 * @throws RangeError from `give`, for a member or partition that the problem does not have
 */
export function planBuilder(problem: Pick<AssignmentProblem, 'members' | 'partitionCount'>): PlanBuilder {
  const given: number[][] = problem.members.map(() => []);
  return {
    give(member, flatId) {
      const partitions = given[member];
      if (partitions === undefined) throw new RangeError(`no member ${member}: there are ${given.length}`);
      if (!Number.isInteger(flatId) || flatId < 0 || flatId >= problem.partitionCount) {
        throw new RangeError(`no partition ${flatId}: there are ${problem.partitionCount}`);
      }
      partitions.push(flatId);
    },
    build(): AssignmentPlan {
      return { partitions: given.map((partitions) => Int32Array.from(partitions)) };
    },
  };
}
