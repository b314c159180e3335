/** What one fetch request can be given right now. */
import type { FetchRequest, FetchResponse } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import type { Partition } from '../cluster/topic.ts';
import { ErrorCodes } from '../error-codes.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { ledPartition, ledPartitionById } from './leader-check.ts';

/** First version in which topics go by their ids. */
const TOPIC_IDS_SINCE = 13;
const READ_COMMITTED = 1;
const UNDEFINED_EPOCH = -1;

type FetchTopic = FetchRequest['topics'][number];
type FetchPartition = FetchTopic['partitions'][number];
type TopicAnswer = FetchResponse['responses'][number];
type PartitionAnswer = Partial<TopicAnswer['partitions'][number]> & {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly abortedTransactions:
    | readonly { readonly producerId: bigint; readonly firstOffset: bigint }[]
    | null;
};

export interface FetchAnswer {
  readonly responses: readonly {
    readonly topic: string;
    readonly topicId: string;
    readonly partitions: readonly PartitionAnswer[];
  }[];
  readonly sizeInBytes: number;
  /** An error, or a diverging epoch, is answered at once. */
  readonly urgent: boolean;
  /** The partitions that more data may come to. */
  readonly watched: readonly Partition[];
}

/** Builds the answer to one fetch, partition by partition in the order of the request, within its byte limits. */
export class FetchRead {
  readonly #cluster: Cluster;
  readonly #request: FetchRequest;
  readonly #node: number;
  readonly #version: number;
  readonly #watched: Partition[] = [];
  #sizeInBytes = 0;
  #urgent = false;

  constructor(
    cluster: Cluster,
    request: FetchRequest,
    call: { readonly node: number; readonly version: number },
  ) {
    this.#cluster = cluster;
    this.#request = request;
    this.#node = call.node;
    this.#version = call.version;
  }

  run(): FetchAnswer {
    const responses = this.#request.topics.map((topic) => ({
      topic: topic.topic,
      topicId: topic.topicId,
      partitions: topic.partitions.map((partition) => this.#partition(topic, partition)),
    }));
    return { responses, sizeInBytes: this.#sizeInBytes, urgent: this.#urgent, watched: this.#watched };
  }

  #partition(topic: FetchTopic, wanted: FetchPartition): PartitionAnswer {
    const { partition: index, currentLeaderEpoch } = wanted;
    const found =
      this.#version >= TOPIC_IDS_SINCE
        ? ledPartitionById(this.#cluster, this.#node, topic.topicId, index, currentLeaderEpoch)
        : ledPartition(this.#cluster, this.#node, topic.topic, index, currentLeaderEpoch);
    if (found.partition === null) return this.#refused(index, found.errorCode);
    const { partition } = found;
    const { log } = partition;
    if (wanted.fetchOffset < log.startOffset) return this.#refused(index, ErrorCodes.OFFSET_OUT_OF_RANGE);
    const diverging = divergence(partition, wanted);
    // As Kafka's `Partition.readRecords`: of an epoch that this log never had, nothing can be said.
    if (diverging?.epoch === UNDEFINED_EPOCH) return this.#refused(index, ErrorCodes.OFFSET_OUT_OF_RANGE);
    if (diverging !== null) {
      // An epoch that this log does not know: where the two logs part cannot be told (`Partition.readRecords`).
      if (diverging.epoch < 0) return this.#refused(index, ErrorCodes.OFFSET_OUT_OF_RANGE);
      this.#urgent = true;
      return { ...this.#offsets(index, log), divergingEpoch: diverging, records: new Uint8Array(0) };
    }
    if (wanted.fetchOffset > log.endOffset) return this.#refused(index, ErrorCodes.OFFSET_OUT_OF_RANGE);
    this.#watched.push(partition);
    return this.#data(index, log, wanted);
  }

  #refused(partitionIndex: number, errorCode: number): PartitionAnswer {
    this.#urgent = true;
    return {
      partitionIndex,
      errorCode,
      highWatermark: -1n,
      abortedTransactions: null,
      records: new Uint8Array(0),
    };
  }

  #offsets(partitionIndex: number, log: PartitionLog): PartitionAnswer {
    return {
      partitionIndex,
      errorCode: 0,
      highWatermark: log.endOffset,
      lastStableOffset: log.lastStableOffset,
      logStartOffset: log.startOffset,
      abortedTransactions: this.#request.isolationLevel === READ_COMMITTED ? [] : null,
    };
  }

  #data(index: number, log: PartitionLog, wanted: FetchPartition): PartitionAnswer {
    const committed = this.#request.isolationLevel === READ_COMMITTED;
    const limit = committed ? log.lastStableOffset : log.endOffset;
    const left = this.#request.maxBytes - this.#sizeInBytes;
    const maxBytes = Math.max(0, Math.min(wanted.partitionMaxBytes, left));
    const read = log.read(wanted.fetchOffset, limit, maxBytes, this.#sizeInBytes === 0);
    this.#sizeInBytes += read.sizeInBytes;
    return {
      ...this.#offsets(index, log),
      records: Buffer.concat(read.batches.map((batch) => batch.bytes)),
      abortedTransactions: committed ? log.abortedBetween(wanted.fetchOffset, read.endOffset) : null,
    };
  }
}

/** Where the log that the client has read differs from this one (KIP-595), null when it does not, or nobody asked. */
function divergence(
  partition: Partition,
  wanted: FetchPartition,
): { readonly epoch: number; readonly endOffset: bigint } | null {
  if (wanted.lastFetchedEpoch < 0) return null;
  const end = partition.log.endOfEpoch(wanted.lastFetchedEpoch, partition.leaderEpoch);
  const agrees = end.epoch === wanted.lastFetchedEpoch && end.endOffset >= wanted.fetchOffset;
  return agrees ? null : end;
}
