/** The requests about positions in a partition's log: ListOffsets and OffsetForLeaderEpoch. */
import type {
  EpochRequest,
  EpochResult,
  IsolationLevel,
  ListOffsetsRequest,
  ListOffsetsResult,
} from '@kohort/core/spi';
import { listOffsets, offsetForLeaderEpoch } from '../messages/index.ts';
import { byTopic } from './by-topic.ts';
import { type ExchangeOf, within } from './exchange.ts';

/** Before version 2 of OffsetForLeaderEpoch, only brokers may ask. */
const CONSUMERS_MAY_ASK = { min: 2 };

/** The replica id of consumers. */
export const CONSUMER = -1;

export function isolationByte(level: IsolationLevel): 0 | 1 {
  return level === 'read_committed' ? 1 : 0;
}

export function listOffsetsExchange(
  request: ListOffsetsRequest,
): ExchangeOf<typeof listOffsets, ListOffsetsResult> {
  return {
    api: listOffsets,
    // Below version 2 there is no isolation level: "latest" would lie beyond what may be read.
    versions: within(listOffsets.versions, { min: 2 }),
    needs: 'isolation levels',
    throttledFrom: 3,
    request: (_version, timeoutMs) => ({
      replicaId: CONSUMER,
      isolationLevel: isolationByte(request.isolationLevel),
      topics: byTopic(request.partitions, ({ partition, timestamp, currentLeaderEpoch }) => ({
        partitionIndex: partition,
        currentLeaderEpoch,
        timestamp,
      })).map(({ topic, partitions }) => ({ name: topic, partitions })),
      timeoutMs: Math.ceil(timeoutMs),
    }),
    result: ({ throttleTimeMs, topics }) => ({
      throttleTimeMs,
      partitions: topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode, timestamp, offset, leaderEpoch }) => ({
          topic: name,
          partition: partitionIndex,
          errorCode,
          timestamp,
          offset,
          leaderEpoch,
        })),
      ),
    }),
  };
}

export function epochExchange(request: EpochRequest): ExchangeOf<typeof offsetForLeaderEpoch, EpochResult> {
  return {
    api: offsetForLeaderEpoch,
    versions: within(offsetForLeaderEpoch.versions, CONSUMERS_MAY_ASK),
    needs: 'consumers, not only brokers (KIP-320)',
    throttledFrom: 2,
    request: () => ({
      replicaId: CONSUMER,
      topics: byTopic(request.partitions, ({ partition, currentLeaderEpoch, leaderEpoch }) => ({
        partition,
        currentLeaderEpoch,
        leaderEpoch,
      })),
    }),
    result: ({ throttleTimeMs, topics }) => ({
      throttleTimeMs,
      partitions: topics.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, errorCode, leaderEpoch, endOffset }) => ({
          topic,
          partition,
          errorCode,
          leaderEpoch,
          endOffset,
        })),
      ),
    }),
  };
}
