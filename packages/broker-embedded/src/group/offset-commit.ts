/** OffsetCommit and TxnOffsetCommit: who may commit, and what is wrong with a single partition. */
import type { ClassicGroup } from './classic-group.ts';
import { answerToCommitAppendError, GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import type { RequestContext } from './messages.ts';
import type {
  OffsetCommitPartition,
  OffsetCommitRequest,
  OffsetCommitResponse,
  OffsetCommitTopic,
  TopicResult,
  TxnOffsetCommitRequest,
} from './offset-messages.ts';
import { Parked } from './parked.ts';
import { restartSession } from './session.ts';
import type { StoredOffset } from './stored-state.ts';

/** First version in which a commit to a missing group says so (KIP-848). */
const GROUP_NOT_FOUND_SINCE = 9;

/** Who commits, in the words of either API. */
interface Committer {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** Of the transaction, when there is one: the generation is still checked, the group's state is not. */
  readonly producerId: bigint | undefined;
  readonly topics: readonly OffsetCommitTopic[];
  /** Retention that the commit brings along, ms; -1 for none. */
  readonly retentionMs: number;
}

export function commitOffsets(
  shard: GroupShard,
  request: OffsetCommitRequest,
  context: RequestContext,
): Promise<OffsetCommitResponse> {
  const { groupId, memberId, groupInstanceId, topics } = request;
  const retentionMs = Number(request.retentionTimeMs ?? -1n);
  const generationId = request.generationIdOrMemberEpoch;
  return commit(
    shard,
    { groupId, generationId, memberId, groupInstanceId, producerId: undefined, topics, retentionMs },
    context,
  );
}

/** The offsets wait for the end of the transaction (`completeTransaction`). */
export function commitTransactionalOffsets(
  shard: GroupShard,
  request: TxnOffsetCommitRequest,
  context: RequestContext,
): Promise<OffsetCommitResponse> {
  const { groupId, generationId, memberId, groupInstanceId, producerId, topics } = request;
  if (groupId === '')
    return Promise.resolve({ throttleTimeMs: 0, topics: allResults(topics, GroupCode.invalidGroupId) });
  return commit(
    shard,
    { groupId, generationId, memberId, groupInstanceId, producerId, topics, retentionMs: -1 },
    context,
  );
}

/** Ends a transaction: its offsets are committed, or dropped as if they had never been sent. */
export function completeTransaction(shard: GroupShard, producerId: bigint, committed: boolean): void {
  for (const offset of shard.offsets.takePending(producerId)) if (committed) shard.offsets.set(offset);
}

export function allResults(
  topics: readonly OffsetCommitTopic<{ readonly partitionIndex: number }>[],
  errorCode: number,
): TopicResult[] {
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  }));
}

/** Unknown partitions are sorted out before the group is looked at; a group's error reaches only the others. */
function commit(
  shard: GroupShard,
  committer: Committer,
  context: RequestContext,
): Promise<OffsetCommitResponse> {
  const answer = new Parked<OffsetCommitResponse>();
  const exists = (topic: string, partition: number): boolean => shard.options.topicExists(topic, partition);
  const anyKnown = committer.topics.some(({ name, partitions }) =>
    partitions.some(({ partitionIndex }) => exists(name, partitionIndex)),
  );
  const groupCode = anyKnown ? admit(shard, committer, context) : GroupCode.none;
  const accepted: StoredOffset[] = [];
  const codeOf = (topic: string, partition: OffsetCommitPartition): number => {
    if (!exists(topic, partition.partitionIndex)) return GroupCode.unknownTopicOrPartition;
    if (groupCode !== GroupCode.none) return groupCode;
    if ((partition.committedMetadata?.length ?? 0) > shard.options.offsetMetadataMaxBytes) {
      return GroupCode.offsetMetadataTooLarge;
    }
    accepted.push(storedOffset(shard, committer, topic, partition));
    return GroupCode.none;
  };
  const topics = committer.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      errorCode: codeOf(name, partition),
    })),
  }));
  if (accepted.length === 0) answer.answer({ throttleTimeMs: 0, topics });
  else
    write(shard, committer, accepted, (code) =>
      answer.answer({ throttleTimeMs: 0, topics: failed(topics, code) }),
    );
  return answer.promise;
}

function storedOffset(
  shard: GroupShard,
  committer: Committer,
  topic: string,
  partition: OffsetCommitPartition,
): StoredOffset {
  const commitTimestampMs = shard.nowMs();
  return {
    groupId: committer.groupId,
    topic,
    partition: partition.partitionIndex,
    offset: partition.committedOffset,
    leaderEpoch: partition.committedLeaderEpoch,
    metadata: partition.committedMetadata ?? '',
    commitTimestampMs,
    expireTimestampMs: committer.retentionMs < 0 ? null : commitTimestampMs + committer.retentionMs,
  };
}

/** A failed write turns every partition that would have been committed into its code. */
function failed(topics: TopicResult[], code: number): TopicResult[] {
  if (code === GroupCode.none) return topics;
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((result) =>
      result.errorCode === GroupCode.none ? { ...result, errorCode: code } : result,
    ),
  }));
}

function write(
  shard: GroupShard,
  committer: Committer,
  offsets: readonly StoredOffset[],
  done: (code: number) => void,
): void {
  const { groupId, memberId, generationId, producerId } = committer;
  shard.append({ groupId, kind: 'offsets' }, (appendCode) => {
    const code = answerToCommitAppendError(appendCode);
    if (code === GroupCode.none) {
      for (const offset of offsets) {
        if (producerId === undefined) shard.offsets.set(offset);
        else shard.offsets.setPending(producerId, offset);
        const { topic, partition } = offset;
        shard.emit(
          { groupId },
          { type: 'offset-committed', topic, partition, offset: offset.offset, memberId, generationId },
        );
      }
    }
    done(code);
  });
}

/** Whether the group takes the commit; makes a simple group for a commit from outside to a group that is not there. */
function admit(shard: GroupShard, committer: Committer, context: RequestContext): number {
  const transactional = committer.producerId !== undefined;
  let group = shard.group(committer.groupId);
  if (group === undefined) {
    if (committer.generationId >= 0) {
      const saysNotFound = !transactional && context.version >= GROUP_NOT_FOUND_SINCE;
      return saysNotFound ? GroupCode.groupIdNotFound : GroupCode.illegalGeneration;
    }
    group = shard.createGroup(committer.groupId);
  }
  const code = check(group, committer, transactional);
  const member = group.members.get(committer.memberId);
  const sessionCounts = group.state === 'Stable' || group.state === 'PreparingRebalance';
  if (code === GroupCode.none && !transactional && sessionCounts && member !== undefined) {
    restartSession(shard, group, member);
  }
  return code;
}

function check(group: ClassicGroup, committer: Committer, transactional: boolean): number {
  const { generationId, memberId, groupInstanceId } = committer;
  if (group.state === 'Dead') return GroupCode.coordinatorNotAvailable;
  if (generationId < 0 && group.state === 'Empty') return GroupCode.none;
  if (generationId >= 0 || memberId !== '' || groupInstanceId !== null) {
    const invalid = group.validateMember(memberId, groupInstanceId);
    if (invalid !== GroupCode.none) return invalid;
    if (generationId !== group.generationId) return GroupCode.illegalGeneration;
  } else if (!transactional && group.state !== 'Empty') {
    return GroupCode.unknownMemberId;
  }
  const assigning = !transactional && group.state === 'CompletingRebalance';
  return assigning ? GroupCode.rebalanceInProgress : GroupCode.none;
}
