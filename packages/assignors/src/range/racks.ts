/** What racks have to do with a topic (KIP-881): where its members and replicas are, and whether that matters. */
import type { AssignmentProblem } from '@kohort/core/spi';

export interface TopicRacks {
  /** Rack of each subscriber, in order; undefined matches every partition. */
  readonly members: readonly (string | undefined)[];
  /** Racks of all replicas of each partition, offline ones included. */
  readonly partitions: readonly (readonly string[])[];
}

/** undefined where no subscriber has a rack. @param subscribers indexes into `problem.members`, in order */
export function racksOf(
  problem: AssignmentProblem,
  topic: number,
  subscribers: readonly number[],
): TopicRacks | undefined {
  const members = subscribers.map((member) => problem.members[member]?.rackId);
  if (members.every((rack) => rack === undefined)) return undefined;
  const { base = 0, partitionCount = 0 } = problem.topics[topic] ?? {};
  const partitions = Array.from({ length: partitionCount }, (_, partition) =>
    problem.replicaRacks(base + partition),
  );
  return { members, partitions };
}

/** Whether matching racks can help: some member shares a rack with some replica, and not every partition is in all racks. */
export function racksMatter({ members, partitions }: TopicRacks): boolean {
  const racks = new Set(partitions.flat());
  const overlaps = members.some((rack) => rack !== undefined && racks.has(rack));
  return overlaps && partitions.some((partition) => partition.length < racks.size);
}
