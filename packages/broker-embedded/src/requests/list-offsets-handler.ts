/** ListOffsets and OffsetForLeaderEpoch: where in a log a time, an end or an epoch lies. */
import { listOffsets, offsetForLeaderEpoch } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import type { Partition } from '../cluster/topic.ts';
import { ErrorCodes } from '../error-codes.ts';
import { firstRecordSince, latestRecord } from '../log/time-lookup.ts';
import { defineHandler, type Handler } from './handler.ts';
import { ledPartition } from './leader-check.ts';

/** Special timestamps of ListOffsets (`ListOffsetsRequest` in apache/kafka). */
const LATEST = -1n;
const EARLIEST = -2n;
/** The record with the largest timestamp (KIP-734). */
const MAX_TIMESTAMP = -3n;
/** The earliest offset that is stored locally: the log's start without tiered storage (KIP-405). */
const EARLIEST_LOCAL = -4n;
const READ_COMMITTED = 1;

interface Found {
  readonly errorCode: number;
  readonly timestamp: bigint;
  readonly offset: bigint;
  readonly leaderEpoch: number;
}

const NOTHING: Found = { errorCode: 0, timestamp: -1n, offset: -1n, leaderEpoch: -1 };

function locate({ log }: Partition, timestamp: bigint, isolationLevel: number): Found {
  if (timestamp === EARLIEST || timestamp === EARLIEST_LOCAL) {
    return { ...NOTHING, offset: log.startOffset, leaderEpoch: log.epochAt(log.startOffset) };
  }
  const limit = isolationLevel === READ_COMMITTED ? log.lastStableOffset : log.endOffset;
  if (timestamp === LATEST) return { ...NOTHING, offset: limit, leaderEpoch: log.epochAt(limit) };
  if (timestamp < MAX_TIMESTAMP) return { ...NOTHING, errorCode: ErrorCodes.UNSUPPORTED_VERSION };
  const record = timestamp === MAX_TIMESTAMP ? latestRecord(log) : firstRecordSince(log, Number(timestamp));
  if (record === null || record.offset >= limit) return NOTHING;
  return { ...NOTHING, ...record, timestamp: BigInt(record.timestamp) };
}

export function listOffsetsHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: listOffsets,
    errorLevel: 'nested',
    handle: (request, call) => ({
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp, currentLeaderEpoch }) => {
          const led = ledPartition(cluster, call.node, name, partitionIndex, currentLeaderEpoch);
          if (led.partition === null) return { ...NOTHING, partitionIndex, errorCode: led.errorCode };
          const found = locate(led.partition, timestamp, request.isolationLevel);
          // Not ignorable on the wire: below v4 there is no place for the epoch.
          return { ...found, partitionIndex, leaderEpoch: call.version >= 4 ? found.leaderEpoch : -1 };
        }),
      })),
    }),
    blank: (request) => ({
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({ ...NOTHING, partitionIndex })),
      })),
    }),
  });
}

export function offsetForLeaderEpochHandler(cluster: Cluster): Handler {
  const nothing = { errorCode: 0, leaderEpoch: -1, endOffset: -1n };
  return defineHandler({
    api: offsetForLeaderEpoch,
    errorLevel: 'nested',
    handle: (request, call) => ({
      topics: request.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
          const led = ledPartition(cluster, call.node, topic, partition, currentLeaderEpoch);
          if (led.partition === null) return { ...nothing, partition, errorCode: led.errorCode };
          const end = led.partition.log.endOfEpoch(leaderEpoch, led.partition.leaderEpoch);
          return { errorCode: 0, partition, leaderEpoch: end.epoch, endOffset: end.endOffset };
        }),
      })),
    }),
    blank: (request) => ({
      topics: request.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition }) => ({ ...nothing, partition })),
      })),
    }),
  });
}
