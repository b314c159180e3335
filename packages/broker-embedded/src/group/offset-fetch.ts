/** OffsetFetch: what a group has committed; no commit is not an error. */
import { GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import type {
  OffsetFetchGroup,
  OffsetFetchGroupResponse,
  OffsetFetchPartitionResponse,
  OffsetFetchRequest,
  OffsetFetchResponse,
  OffsetFetchTopic,
  OffsetFetchTopicResponse,
} from './offset-messages.ts';

/** First version that asks for several groups. */
const BATCH_SINCE = 8;
/** First version with an error for the group as a whole. */
const GROUP_ERROR_SINCE = 2;

/** Reads the offsets of the groups named in the request, in the shape of its version. */
export function fetchOffsets(
  request: OffsetFetchRequest,
  version: number,
  ofGroup: (group: OffsetFetchGroup) => OffsetFetchGroupResponse,
): OffsetFetchResponse {
  const blank = { throttleTimeMs: 0, topics: [], errorCode: GroupCode.none, groups: [] };
  if (version >= BATCH_SINCE) return { ...blank, groups: request.groups.map(ofGroup) };
  const { topics, errorCode } = ofGroup({ groupId: request.groupId, topics: request.topics });
  if (errorCode === GroupCode.none || version >= GROUP_ERROR_SINCE) return { ...blank, topics, errorCode };
  return { ...blank, topics: failedTopics(request.topics ?? [], errorCode) };
}

/** Before v2 a group's error is repeated on every partition. */
function failedTopics(topics: readonly OffsetFetchTopic[], errorCode: number): OffsetFetchTopicResponse[] {
  return topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => ({ ...noCommit(index), errorCode })),
  }));
}

export function fetchGroupOffsets(
  shard: GroupShard,
  { groupId, topics }: OffsetFetchGroup,
  requireStable: boolean,
): OffsetFetchGroupResponse {
  const group = shard.group(groupId);
  const readable = group !== undefined && group.state !== 'Dead';
  const wanted = topics ?? (readable ? committedTopics(shard, groupId) : []);
  const read = (topic: string, partition: number): OffsetFetchPartitionResponse => {
    if (!readable) return noCommit(partition);
    if (requireStable && shard.offsets.hasPending(groupId, topic, partition)) {
      return { ...noCommit(partition), errorCode: GroupCode.unstableOffsetCommit };
    }
    const found = shard.offsets.get(groupId, topic, partition);
    if (found === undefined) return noCommit(partition);
    return {
      ...noCommit(partition),
      committedOffset: found.offset,
      committedLeaderEpoch: found.leaderEpoch,
      metadata: found.metadata,
    };
  };
  return {
    groupId,
    topics: wanted.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((index) => read(name, index)),
    })),
    errorCode: GroupCode.none,
  };
}

function committedTopics(shard: GroupShard, groupId: string): OffsetFetchTopic[] {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of shard.offsets.ofGroup(groupId)) {
    const partitions = byTopic.get(topic);
    if (partitions === undefined) byTopic.set(topic, [partition]);
    else partitions.push(partition);
  }
  return [...byTopic].map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
}

function noCommit(partitionIndex: number): OffsetFetchPartitionResponse {
  return {
    partitionIndex,
    committedOffset: -1n,
    committedLeaderEpoch: -1,
    metadata: '',
    errorCode: GroupCode.none,
  };
}
