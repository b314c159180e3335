/**
 * Bodies of OffsetCommit, TxnOffsetCommit and OffsetFetch, in the field names of Kafka's message schemas. The codecs' types
 * also have topic ids (v10), which this coordinator does not know: it deals in names.
 */

export interface OffsetCommitPartition {
  readonly partitionIndex: number;
  readonly committedOffset: bigint;
  /** -1 for none. */
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}

export interface OffsetCommitTopic<Partition = OffsetCommitPartition> {
  readonly name: string;
  readonly partitions: readonly Partition[];
}

export interface OffsetCommitRequest {
  readonly groupId: string;
  readonly generationIdOrMemberEpoch: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** v2 to v4; -1 for the broker's own retention. */
  readonly retentionTimeMs?: bigint;
  readonly topics: readonly OffsetCommitTopic[];
}

/** Per partition an index and a code: the answer to OffsetCommit, TxnOffsetCommit and OffsetDelete. */
export interface TopicResult {
  name: string;
  partitions: { partitionIndex: number; errorCode: number }[];
}

export interface OffsetCommitResponse {
  throttleTimeMs: number;
  topics: TopicResult[];
}

export interface TxnOffsetCommitRequest {
  readonly groupId: string;
  readonly producerId: bigint;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly OffsetCommitTopic[];
}

export interface OffsetFetchTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

export interface OffsetFetchGroup {
  readonly groupId: string;
  /** Null for all that the group has committed. */
  readonly topics: readonly OffsetFetchTopic[] | null;
}

export interface OffsetFetchRequest {
  /** v0 to v7. */
  readonly groupId: string;
  /** v0 to v7; null for all. */
  readonly topics: readonly OffsetFetchTopic[] | null;
  /** v8 and later. */
  readonly groups: readonly OffsetFetchGroup[];
  readonly requireStable: boolean;
}

export interface OffsetFetchPartitionResponse {
  partitionIndex: number;
  committedOffset: bigint;
  committedLeaderEpoch: number;
  metadata: string | null;
  errorCode: number;
}

export interface OffsetFetchTopicResponse {
  name: string;
  partitions: OffsetFetchPartitionResponse[];
}

export interface OffsetFetchGroupResponse {
  groupId: string;
  topics: OffsetFetchTopicResponse[];
  errorCode: number;
}

export interface OffsetFetchResponse {
  throttleTimeMs: number;
  topics: OffsetFetchTopicResponse[];
  errorCode: number;
  groups: OffsetFetchGroupResponse[];
}
