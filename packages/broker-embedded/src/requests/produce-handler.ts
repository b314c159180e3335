/** Produce: checks batches and appends them. */
import { produce } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { ErrorCodes } from '../error-codes.ts';
import { type CheckedBatches, checkBatches } from '../log/batch-check.ts';
import { defineHandler, type Handler } from './handler.ts';
import { type LedPartition, ledPartition, ledPartitionById } from './leader-check.ts';

/** First version in which topics go by their ids. */
const TOPIC_IDS_SINCE = 13;

interface Appended {
  readonly errorCode: number;
  readonly baseOffset: bigint;
  readonly logStartOffset: bigint;
  readonly errorMessage?: string | null;
}

function refused(errorCode: number, errorMessage: string | null = null): Appended {
  return { errorCode, baseOffset: -1n, logStartOffset: -1n, errorMessage };
}

function append(led: LedPartition, checked: CheckedBatches, acks: number): Appended {
  if (led.partition === null) return refused(led.errorCode);
  if (acks < -1 || acks > 1) return refused(ErrorCodes.INVALID_REQUIRED_ACKS);
  if (checked.errorCode !== 0) return refused(checked.errorCode, checked.problem);
  const { log, leaderEpoch } = led.partition;
  let first = -1n;
  for (const batch of checked.batches) {
    const result = log.append(batch, leaderEpoch);
    if (result.errorCode !== 0) return refused(result.errorCode);
    if (first < 0n) first = result.baseOffset;
  }
  return { errorCode: 0, baseOffset: first, logStartOffset: log.startOffset };
}

export function produceHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: produce,
    errorLevel: 'nested',
    wantsAnswer: ({ acks }) => acks !== 0,
    handle: (request, call) => ({
      responses: request.topicData.map(({ name, topicId, partitionData }) => ({
        name,
        topicId,
        partitionResponses: partitionData.map(({ index, records }) => {
          const led =
            call.version >= TOPIC_IDS_SINCE
              ? ledPartitionById(cluster, call.node, topicId, index)
              : ledPartition(cluster, call.node, name, index);
          return { index, ...append(led, checkBatches(records, cluster.maxMessageBytes), request.acks) };
        }),
      })),
    }),
    blank: (request) => ({
      responses: request.topicData.map(({ name, topicId, partitionData }) => ({
        name,
        topicId,
        partitionResponses: partitionData.map(({ index }) => ({ index, ...refused(0) })),
      })),
    }),
  });
}
