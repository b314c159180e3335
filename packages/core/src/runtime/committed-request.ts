/** OffsetFetch, asked again until it is answered: an error is never taken for "no offset". */
import { type PartitionOffset, partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';
import type { RequestFailure } from '../contracts/verdict.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KafkaCode } from '../errors/kafka-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import { failureName } from '../membership/failure.ts';
import { failureOf } from './failure-of.ts';
import { NO_COORDINATOR, type OffsetAccess } from './offset-access.ts';

interface Answer {
  readonly partition: TopicPartition;
  /** Absent with an answer; then no `offset` means that nothing is committed. */
  readonly failure?: RequestFailure;
  readonly offset?: PartitionOffset;
}

/**
 * Committed offsets; partitions without one are absent.
 * @throws KohortError `KOHORT_ABORTED` when the signal aborts, `KOHORT_BROKER` when the answer ends the group
 */
export async function committedOffsets(
  access: OffsetAccess,
  partitions: readonly TopicPartition[],
  signal: AbortSignal,
): Promise<readonly PartitionOffset[]> {
  const found: PartitionOffset[] = [];
  let pending = partitions;
  for (let attempt = 1; pending.length > 0; attempt++) {
    if (signal.aborted || access.context.signal.aborted) {
      throw new KohortError(
        ErrorCode.aborted,
        'Reading committed offsets was given up: the assignment has been overtaken, or the group is closing.',
      );
    }
    const answers = await ask(access, pending, signal);
    for (const { offset } of answers) if (offset) found.push(offset);
    pending = answers.filter(({ failure }) => failure).map(({ partition }) => partition);
    const failure = answers.find((answer) => answer.failure)?.failure;
    if (failure) {
      demandRetriable(access, failure);
      await access.backOff('OffsetFetch', attempt, failure, Number.POSITIVE_INFINITY, signal);
    }
  }
  return found;
}

async function ask(
  access: OffsetAccess,
  partitions: readonly TopicPartition[],
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const { connection, settings } = access.context;
  const { groupId, requestTimeout } = settings;
  const all = (failure: RequestFailure) => partitions.map((partition): Answer => ({ partition, failure }));
  const coordinator = await access.coordinator(requestTimeout, signal);
  if (!coordinator) return all(NO_COORDINATOR);
  const failed = (failure: RequestFailure) => {
    access.noticeMoved(coordinator, failure);
    return all(failure);
  };
  try {
    const request = { groupId, partitions, requireStable: true };
    const result = await connection.transport.offsetFetch(coordinator, request, {
      timeoutMs: requestTimeout,
      signal,
    });
    if (result.errorCode !== KafkaCode.none) return failed({ errorCode: result.errorCode });
    const byKey = new Map(result.partitions.map((answer) => [partitionKey(answer), answer]));
    return partitions.map((partition): Answer => {
      const answer = byKey.get(partitionKey(partition));
      if (!answer) return { partition, failure: { answer: 'partition-missing' } };
      if (answer.errorCode !== KafkaCode.none) return { partition, failure: { errorCode: answer.errorCode } };
      if (answer.offset < 0n) return { partition };
      const { offset, leaderEpoch, metadata } = answer;
      return { partition, offset: { ...partition, offset, leaderEpoch, metadata: metadata ?? '' } };
    });
  } catch (error) {
    return failed(failureOf(error));
  }
}

function demandRetriable(access: OffsetAccess, failure: RequestFailure): void {
  const sentUnder = access.context.member().triple;
  const verdict = access.judge('OffsetFetch', failure, sentUnder);
  if (verdict.action !== 'fatal') return;
  access.reportToMembership(failure, sentUnder);
  throw new KohortError(
    ErrorCode.broker,
    `The committed offsets cannot be read: ${failureName(failure)}. ${verdict.hint}`,
    {
      ...('errorCode' in failure ? { kafkaCode: failure.errorCode } : {}),
    },
  );
}
