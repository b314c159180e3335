/** The problem as a plain assignment function sees it, and its answer as a plan. */
import type {
  AssignmentPlan,
  AssignmentProblem,
  AssignmentTopic,
  PlainMember,
} from '../contracts/assignor.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import { planBuilder } from './plan-builder.ts';

export interface PlainProblem {
  readonly members: readonly PlainMember[];
  readonly partitions: readonly TopicPartition[];
}

/** Members by member id, partitions by topic and number. */
export function plainProblem(problem: AssignmentProblem): PlainProblem {
  const partitions = Array.from({ length: problem.partitionCount }, (_, flatId) => problem.partition(flatId));
  const members = problem.members.map(({ memberId, groupInstanceId, rackId, topics, claims }) => ({
    memberId,
    ...(groupInstanceId === undefined ? {} : { groupInstanceId }),
    ...(rackId === undefined ? {} : { rackId }),
    topics: Array.from(topics, (topic) => problem.topics[topic]?.name ?? ''),
    owned: Array.from(claims, (flatId) => problem.partition(flatId)),
  }));
  return { members, partitions };
}

/**
 * @param answer what the function returned: a Map of member id to partitions; members may be missing from it
 * @throws TypeError for anything else, RangeError for members or partitions that are not in the problem
 */
export function planOfAnswer(problem: AssignmentProblem, answer: unknown): AssignmentPlan {
  if (!(answer instanceof Map)) throw new TypeError('the assignment function did not return a Map');
  const builder = planBuilder(problem);
  const members = new Map(problem.members.map(({ memberId }, i) => [memberId, i]));
  const topics = new Map<unknown, AssignmentTopic>(problem.topics.map((topic) => [topic.name, topic]));
  for (const [memberId, partitions] of answer as Map<unknown, unknown>) {
    const member = typeof memberId === 'string' ? members.get(memberId) : undefined;
    if (member === undefined)
      throw new RangeError(`the assignment function names a member "${memberId}" that is not in the group`);
    if (!Array.isArray(partitions))
      throw new TypeError(`the partitions of member "${memberId}" are not an array`);
    for (const entry of partitions) builder.give(member, flatIdOf(topics, entry));
  }
  return builder.build();
}

function flatIdOf(topics: ReadonlyMap<unknown, AssignmentTopic>, entry: unknown): number {
  if (typeof entry !== 'object' || entry === null) {
    throw new TypeError(`the assignment function gives ${String(entry)} instead of { topic, partition }`);
  }
  const { topic, partition } = entry as Partial<TopicPartition>;
  const known = topics.get(topic);
  if (
    known === undefined ||
    !Number.isInteger(partition) ||
    Number(partition) < 0 ||
    Number(partition) >= known.partitionCount
  ) {
    throw new RangeError(
      `the assignment function gives partition ${topic}-${partition}, which does not exist or to which nobody subscribes`,
    );
  }
  return known.base + Number(partition);
}
