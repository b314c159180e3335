/** A plan as the bytes of SyncGroup: an entry for every member, topics and partitions in order. */
import type { AssignmentPlan, AssignmentProblem } from '../contracts/assignor.ts';
import { ASSIGNMENT_VERSION, encodeAssignment } from '../wire/assignment.ts';
import type { TopicPartitions } from '../wire/topic-partitions.ts';

export interface EncodedAssignment {
  readonly memberId: string;
  readonly assignment: Uint8Array;
}

/** @param versions version of each member's subscription: it can read an assignment of that version */
export function encodePlan(
  problem: AssignmentProblem,
  plan: AssignmentPlan,
  versions: readonly number[],
): EncodedAssignment[] {
  return problem.members.map(({ memberId }, i) => {
    const topics = groupFlatIds(problem, plan.partitions[i] ?? new Int32Array());
    const version = Math.min(versions[i] ?? 0, ASSIGNMENT_VERSION);
    return { memberId, assignment: encodeAssignment(topics, plan.userData?.[i] ?? null, version) };
  });
}

/** Partitions by topic, both ascending. */
function groupFlatIds(problem: AssignmentProblem, flatIds: Int32Array): TopicPartitions[] {
  const groups: { topic: string; partitions: number[] }[] = [];
  let current = -1;
  for (const flatId of flatIds.toSorted()) {
    const t = problem.topicOf(flatId);
    const topic = problem.topics[t];
    if (topic === undefined) continue;
    if (t !== current) groups.push({ topic: topic.name, partitions: [] });
    current = t;
    groups.at(-1)?.partitions.push(flatId - topic.base);
  }
  return groups;
}
