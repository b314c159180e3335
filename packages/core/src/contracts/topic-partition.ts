/** The names of things that every contract speaks about: topics, partitions, offsets, brokers. */

/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A topic by name and, where the cluster has topic ids (KIP-516), by id: 22 characters of base64url, as Kafka prints it. */
export interface TopicRef {
  readonly name: string;
  readonly id?: string;
}

/** A committed position: the offset of the next record to read. */
export interface PartitionOffset extends TopicPartition {
  /** Offset of the next record to read. */
  readonly offset: bigint;
  /** Leader epoch of the last record read, -1 where unknown (KIP-320). */
  readonly leaderEpoch?: number;
  /** Free text kept beside the offset by the coordinator. */
  readonly metadata?: string;
}

/** Where a broker listens. `nodeId` is absent for a bootstrap address. */
export interface BrokerAddress {
  readonly nodeId?: number;
  readonly host: string;
  readonly port: number;
  readonly rack?: string;
}

/** A map key for a partition. Unambiguous, since a topic name has no space. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${partition} ${topic}`;
}
