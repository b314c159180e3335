/** The order in which Kafka's range and round-robin assignors serve members (Java: `AbstractPartitionAssignor.MemberInfo`). */
import type { AssignmentProblem } from '../contracts/assignor.ts';
import { byCodeUnits } from '../wire/topic-partitions.ts';

/**
 * Indexes into `problem.members`: members with a group instance id first, by that id, then the others by member id.
 * So a static member keeps its place when it comes back under another member id.
 */
export function memberOrder({ members }: Pick<AssignmentProblem, 'members'>): Int32Array {
  const order = Int32Array.from(members.keys());
  return order.sort((a, b) => {
    const left = members[a]?.groupInstanceId;
    const right = members[b]?.groupInstanceId;
    if (left !== undefined && right !== undefined) return byCodeUnits(left, right) || a - b;
    if (left !== undefined) return -1;
    return right !== undefined ? 1 : a - b;
  });
}
