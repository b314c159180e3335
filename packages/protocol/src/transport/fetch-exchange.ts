/** Fetch: topic ids out and names back, and the record batches of each partition. Sessions (KIP-227) are not used. */
import {
  type FetchedPartition,
  type FetchPartition,
  type FetchRequest,
  type FetchResult,
  ProtocolError,
  type RecordBatch,
  type TopicPartition,
  TransportError,
} from '@kohort/core/spi';
import { fetch } from '../messages/index.ts';
import { type DecodeOptions, decodeBatches } from '../records/decode-batches.ts';
import { type ExchangeOf, within } from './exchange.ts';
import { CONSUMER, isolationByte } from './log-exchanges.ts';

/** From it on topics go by id (KIP-516). */
const BY_ID = 13;

/** Last version with the replica id in its old place. */
const PLAIN_REPLICA_ID = 14;

/** How the records of a transport are decoded. */
export type RecordOptions = Pick<DecodeOptions, 'checkCrcs' | 'codecs' | 'maxDecompressedBytes'>;

type FetchExchange = ExchangeOf<typeof fetch, FetchResult>;
type TopicAnswer = Parameters<FetchExchange['result']>[0]['responses'][number];

export function fetchExchange(request: FetchRequest, options: RecordOptions): FetchExchange {
  const { isolationLevel, maxWaitMs, minBytes, maxBytes, rack } = request;
  const topics = topicsOf(request.partitions);
  const haveIds = topics.every(({ topicId }) => topicId !== undefined);
  return {
    api: fetch,
    versions: haveIds ? fetch.versions : within(fetch.versions, { max: BY_ID - 1 }),
    ...(haveIds ? {} : { needs: 'topics without ids' }),
    throttledFrom: 8,
    request: (version) => ({
      ...(version <= PLAIN_REPLICA_ID ? { replicaId: CONSUMER } : {}),
      maxWaitMs,
      minBytes,
      maxBytes,
      isolationLevel: isolationByte(isolationLevel),
      topics: topics.map(({ topic, topicId, partitions }) => ({
        topic,
        topicId,
        partitions: partitions.map(({ lastFetchedEpoch, ...rest }) => ({
          ...rest,
          ...(version >= 12 ? { lastFetchedEpoch } : {}),
        })),
      })),
      rackId: rack,
    }),
    result(response, version) {
      const nameOf = version >= BY_ID ? namesById(topics) : ({ topic }: TopicAnswer) => topic;
      const decoding = { ...options, isolationLevel };
      return {
        throttleTimeMs: response.throttleTimeMs,
        errorCode: response.errorCode,
        partitions: response.responses.flatMap((topic) => {
          const name = nameOf(topic);
          return topic.partitions.map((partition) => partitionOf(name, partition, decoding, request));
        }),
      };
    },
  };
}

type Topics = ReturnType<typeof topicsOf>;

/** Partitions of one name and different ids (a topic that was deleted and made anew) stay apart. */
function topicsOf(partitions: readonly FetchPartition[]) {
  const topics = new Map<
    string,
    { topic: string; topicId: string | undefined; partitions: RequestPartition[] }
  >();
  for (const {
    topic: { name, id },
    partition,
    fetchOffset,
    currentLeaderEpoch,
    lastFetchedEpoch,
    maxBytes,
  } of partitions) {
    const key = `${id ?? ''} ${name}`;
    let topic = topics.get(key);
    if (topic === undefined) {
      topic = { topic: name, topicId: id, partitions: [] };
      topics.set(key, topic);
    }
    topic.partitions.push({
      partition,
      fetchOffset,
      currentLeaderEpoch,
      lastFetchedEpoch,
      partitionMaxBytes: maxBytes,
    });
  }
  return [...topics.values()];
}

interface RequestPartition {
  readonly partition: number;
  readonly fetchOffset: bigint;
  readonly currentLeaderEpoch: number;
  readonly lastFetchedEpoch: number;
  readonly partitionMaxBytes: number;
}

function namesById(topics: Topics): (answer: TopicAnswer) => string {
  const names = new Map(topics.map(({ topic, topicId }) => [topicId, topic]));
  return ({ topicId }) => {
    const name = names.get(topicId);
    if (name === undefined) throw new ProtocolError(`topic id ${topicId}, which was not asked for`);
    return name;
  };
}

type PartitionAnswer = TopicAnswer['partitions'][number];

function partitionOf(
  topic: string,
  answer: PartitionAnswer,
  decoding: DecodeOptions,
  request: FetchRequest,
): FetchedPartition {
  const { partitionIndex: partition, divergingEpoch } = answer;
  return {
    topic,
    partition,
    errorCode: answer.errorCode,
    highWatermark: answer.highWatermark,
    lastStableOffset: answer.lastStableOffset,
    logStartOffset: answer.logStartOffset,
    preferredReadReplica: answer.preferredReadReplica,
    ...(divergingEpoch.epoch < 0 ? {} : { divergingEpoch }),
    batches: batchesOf({ topic, partition }, answer, decoding, request),
  };
}

function batchesOf(
  place: TopicPartition,
  answer: PartitionAnswer,
  decoding: DecodeOptions,
  request: FetchRequest,
): readonly RecordBatch[] {
  const { records, abortedTransactions } = answer;
  if (records === null || records.length === 0) return [];
  try {
    return decodeBatches(records, { ...decoding, abortedTransactions, topicPartition: place });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return [unreadableBatch(records, fetchOffsetOf(request, place), error)];
  }
}

function fetchOffsetOf({ partitions }: FetchRequest, { topic, partition }: TopicPartition): bigint {
  const asked = partitions.find((one) => one.topic.name === topic && one.partition === partition);
  if (asked === undefined)
    throw new ProtocolError(`partition ${partition} of ${topic}, which was not asked for`);
  return asked.fetchOffset;
}

/**
 * Stands where no batch can be made out, at the offset that was asked for: one damaged partition must not cost the others
 * their records.
 */
function unreadableBatch(records: Uint8Array, fetchOffset: bigint, error: TransportError): RecordBatch {
  return {
    baseOffset: fetchOffset,
    lastOffset: fetchOffset,
    leaderEpoch: -1,
    timestampType: 'create',
    timestamp: -1,
    sizeInBytes: records.length,
    delivers: true,
    records() {
      throw error;
    },
  };
}
