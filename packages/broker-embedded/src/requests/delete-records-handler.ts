/** DeleteRecords: moves the start of logs up. */
import { deleteRecords } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { ErrorCodes } from '../error-codes.ts';
import { defineHandler, type Handler } from './handler.ts';
import { ledPartition } from './leader-check.ts';

/** Stands for the high watermark. */
const UP_TO_THE_END = -1n;

export function deleteRecordsHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: deleteRecords,
    errorLevel: 'nested',
    handle: ({ topics }, call) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, offset }) => {
          const led = ledPartition(cluster, call.node, name, partitionIndex);
          if (led.partition === null) {
            return { partitionIndex, lowWatermark: -1n, errorCode: led.errorCode };
          }
          const { log } = led.partition;
          const before = offset === UP_TO_THE_END ? log.endOffset : offset;
          if (before < 0n || before > log.endOffset) {
            return { partitionIndex, lowWatermark: -1n, errorCode: ErrorCodes.OFFSET_OUT_OF_RANGE };
          }
          log.deleteBefore(before);
          return { partitionIndex, lowWatermark: log.startOffset, errorCode: 0 };
        }),
      })),
    }),
    blank: ({ topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          lowWatermark: -1n,
          errorCode: 0,
        })),
      })),
    }),
  });
}
