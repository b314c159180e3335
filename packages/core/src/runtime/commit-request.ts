/** OffsetCommit under the member's present generation, sent again where the error tables allow. */
import type { OwnedPartition } from '../contracts/session.ts';
import { type BrokerAddress, type PartitionOffset, partitionKey } from '../contracts/topic-partition.ts';
import type { RequestFailure, Verdict } from '../contracts/verdict.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KafkaCode } from '../errors/kafka-codes.ts';
import { type ErrorContext, KohortError } from '../errors/kohort-error.ts';
import { failureName } from '../membership/failure.ts';
import type { Triple } from '../membership/state.ts';
import { failureOf } from './failure-of.ts';
import { NO_COORDINATOR, type OffsetAccess } from './offset-access.ts';
import type { OwnershipTable } from './ownership.ts';

/** Attempts for a topic that the coordinator's broker does not know: its metadata may lag, or the topic is gone. */
const UNKNOWN_TOPIC_ATTEMPTS = 3;

/** The ownership under which each partition is committed. */
type Terms = ReadonlyMap<string, OwnedPartition | undefined>;
type Refused = readonly [offset: PartitionOffset, failure: RequestFailure];

/** Resolves when every offset is committed. For what it throws see `GroupSession.commit`. */
export async function commitOffsets(
  access: OffsetAccess,
  table: OwnershipTable,
  offsets: readonly PartitionOffset[],
  timeoutMs: number,
): Promise<void> {
  const { settings, member, signal } = access.context;
  const deadline = settings.clock.monotonic() + timeoutMs;
  // Ownership that ends and comes back is another one: what is committed for it begins where the last commit says.
  const terms: Terms = new Map(offsets.map((offset) => [partitionKey(offset), table.get(offset)]));
  let pending = offsets;
  for (let attempt = 1; pending.length > 0; attempt++) {
    demandOwned(terms, pending, attempt);
    const coordinator = await access.coordinator(deadline - settings.clock.monotonic(), signal);
    // Ownership may have ended, or come in doubt, while the coordinator was looked for.
    demandOwned(terms, pending, attempt + 1);
    const sentUnder = member().triple;
    const refused = await send(access, coordinator, pending, sentUnder, deadline);
    const hasTime = settings.clock.monotonic() < deadline && !signal.aborted;
    for (const [offset, failure] of refused) {
      const isGone = attempt >= UNKNOWN_TOPIC_ATTEMPTS && saysUnknownTopic(failure);
      demandRetriable(access, offset, failure, sentUnder, isGone ? 'refused' : hasTime ? 'again' : 'late');
    }
    pending = refused.map(([offset]) => offset);
    const first = refused[0];
    if (first)
      await access.backOff('OffsetCommit', attempt, first[1], deadline - settings.clock.monotonic(), signal);
  }
}

function demandOwned(terms: Terms, offsets: readonly PartitionOffset[], attempt: number): void {
  const lost = offsets.find((offset) => terms.get(partitionKey(offset))?.owned !== true);
  if (!lost) return;
  const context = { topicPartition: { topic: lost.topic, partition: lost.partition } };
  if (attempt === 1) {
    throw new KohortError(
      ErrorCode.notOwned,
      `${nameOf(lost)} is not owned by this member, so its offset cannot be committed here.`,
      context,
    );
  }
  throw new KohortError(
    ErrorCode.commitLost,
    `Ownership of ${nameOf(lost)} ended before its offset was committed; its next owner starts from the last commit.`,
    context,
  );
}

async function send(
  access: OffsetAccess,
  coordinator: BrokerAddress | null,
  offsets: readonly PartitionOffset[],
  sentUnder: Triple,
  deadline: number,
): Promise<readonly Refused[]> {
  const { settings, connection, signal } = access.context;
  const { groupId, groupInstanceId, requestTimeout, clock } = settings;
  const all = (failure: RequestFailure) => offsets.map((offset): Refused => [offset, failure]);
  if (!coordinator) return all(NO_COORDINATOR);
  const timeoutMs = Math.max(1, Math.min(requestTimeout, deadline - clock.monotonic()));
  const identity = { groupId, generationId: sentUnder.generationId, memberId: sentUnder.memberId };
  const request =
    groupInstanceId === undefined ? { ...identity, offsets } : { ...identity, groupInstanceId, offsets };
  try {
    const { partitions } = await connection.transport.offsetCommit(coordinator, request, {
      timeoutMs,
      signal,
    });
    const codes = new Map(partitions.map((p) => [partitionKey(p), p.errorCode]));
    const refused = offsets.flatMap((offset): Refused[] => {
      const errorCode = codes.get(partitionKey(offset));
      if (errorCode === undefined) return [[offset, { answer: 'partition-missing' }]];
      return errorCode === KafkaCode.none ? [] : [[offset, { errorCode }]];
    });
    for (const [, failure] of refused) access.noticeMoved(coordinator, failure);
    return refused;
  } catch (error) {
    const failure = failureOf(error);
    access.noticeMoved(coordinator, failure);
    return all(failure);
  }
}

/** Throws what the caller has to know; returns where the same offset may be sent again. */
function demandRetriable(
  access: OffsetAccess,
  offset: PartitionOffset,
  failure: RequestFailure,
  sentUnder: Triple,
  ifRetriable: 'again' | 'late' | 'refused',
): void {
  const verdict = access.judge('OffsetCommit', failure, sentUnder);
  if (verdict.action === 'rejoin' || verdict.action === 'fatal')
    access.reportToMembership(failure, sentUnder);
  const next = isRetriable(verdict) ? ifRetriable : null;
  if (next === 'again') return;
  const { topic, partition } = offset;
  const code = 'errorCode' in failure ? { kafkaCode: failure.errorCode } : {};
  const context: ErrorContext = { topicPartition: { topic, partition }, ...code };
  if (next === 'late') {
    const message = `The offset of ${nameOf(offset)} was not committed in time: ${failureName(failure)}. It goes with the next commit.`;
    throw new KohortError(ErrorCode.broker, message, { ...context, retriable: true });
  }
  if (verdict.action === 'surface' || next === 'refused') {
    const message = `The offset of ${nameOf(offset)} was refused: ${failureName(failure)}.`;
    const retriable = verdict.action === 'surface' && verdict.again !== 'never';
    throw new KohortError(ErrorCode.broker, message, { ...context, retriable });
  }
  if (verdict.action === 'ignore') {
    const message = `The commit of ${nameOf(offset)} was given up on the way (${failureName(failure)}).`;
    throw new KohortError(ErrorCode.aborted, message, { ...context, retriable: true });
  }
  throw new KohortError(
    ErrorCode.commitLost,
    `Ownership of ${nameOf(offset)} ended before its offset was committed (${failureName(failure)}).`,
    context,
  );
}

function saysUnknownTopic(failure: RequestFailure): boolean {
  return 'errorCode' in failure && failure.errorCode === KafkaCode.unknownTopicOrPartition;
}

function isRetriable(verdict: Verdict): boolean {
  if (verdict.action === 'rejoin') return verdict.commit === 'after-rebalance';
  return verdict.action === 'retry' || verdict.action === 'rediscover';
}

function nameOf({ topic, partition }: PartitionOffset): string {
  return `${topic}-${partition}`;
}
