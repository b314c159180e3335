/** The checks that every request to a partition's leader begins with (`ReplicaManager`, `Partition.getLocalLog` in apache/kafka). */
import type { Cluster } from '../cluster/cluster.ts';
import type { Partition } from '../cluster/topic.ts';
import { ErrorCodes } from '../error-codes.ts';

/** The partition, or why it cannot be used. */
export type LedPartition =
  | { readonly errorCode: 0; readonly partition: Partition }
  | { readonly errorCode: number; readonly partition: null };

function refused(errorCode: number): LedPartition {
  return { errorCode, partition: null };
}

/** @param epoch leader epoch that the client believes in, -1 for none: then it is not checked (KIP-320) */
function checkLeader(partition: Partition | undefined, node: number, epoch: number): LedPartition {
  if (partition === undefined) return refused(ErrorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  if (partition.leader !== node) return refused(ErrorCodes.NOT_LEADER_OR_FOLLOWER);
  if (epoch >= 0 && epoch < partition.leaderEpoch) return refused(ErrorCodes.FENCED_LEADER_EPOCH);
  if (epoch > partition.leaderEpoch) return refused(ErrorCodes.UNKNOWN_LEADER_EPOCH);
  return { errorCode: 0, partition };
}

/** Looks a partition up by its topic's name. */
export function ledPartition(
  cluster: Cluster,
  node: number,
  topic: string,
  index: number,
  epoch = -1,
): LedPartition {
  return checkLeader(cluster.topics.partition(topic, index), node, epoch);
}

/** Looks a partition up by its topic's id (KIP-516). */
export function ledPartitionById(
  cluster: Cluster,
  node: number,
  topicId: string,
  index: number,
  epoch = -1,
): LedPartition {
  const topic = cluster.topics.byId(topicId);
  if (topic === undefined) return refused(ErrorCodes.UNKNOWN_TOPIC_ID);
  return checkLeader(topic.partitions[index], node, epoch);
}
