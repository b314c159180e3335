/** A plain assignment function as an assignor: eager, and `custom` on the wire. */

import { defineAssignor } from '../assignment/define-assignor.ts';
import { plainProblem, planOfAnswer } from '../assignment/plain-assignment.ts';
import type { AssignmentFunction, Assignor } from '../contracts/assignor.ts';

/** Name on the wire of a plain function: all members of the group must bring one that comes to the same plan. */
const FUNCTION_ASSIGNOR_NAME = 'custom';

export function functionAssignor(assign: AssignmentFunction): Assignor {
  return defineAssignor({
    name: FUNCTION_ASSIGNOR_NAME,
    protocols: ['eager'],
    async assign(problem) {
      const { members, partitions } = plainProblem(problem);
      return planOfAnswer(problem, await assign(members, partitions));
    },
  });
}
