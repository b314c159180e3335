/** DescribeGroups, ListGroups, DeleteGroups and OffsetDelete. */
import type {
  DescribeGroupsResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  OffsetDeleteRequest,
  OffsetDeleteResponse,
} from '@kohort/protocol';
import type { ClassicGroup } from './classic-group.ts';
import { GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import { metadataOf, NO_ASSIGNMENT } from './member.ts';
import { removeOffset } from './offset-expiry.ts';
import type { TopicResult } from './offset-messages.ts';

export type DescribedGroup = DescribeGroupsResponse['groups'][number];

/** First version that says GROUP_ID_NOT_FOUND where older ones show a dead group (KIP-1043). */
const NOT_FOUND_SINCE = 6;
/** The schema's default: the operations were not asked for. */
const NO_AUTHORIZED_OPERATIONS = -(2 ** 31);

export function blankDescription(groupId: string, errorCode: number): DescribedGroup {
  return {
    errorCode,
    errorMessage: null,
    groupId,
    groupState: '',
    protocolType: '',
    protocolData: '',
    members: [],
    authorizedOperations: NO_AUTHORIZED_OPERATIONS,
  };
}

/** Protocol and metadata are shown for a stable group only, as in Kafka. */
export function describeGroup(shard: GroupShard, groupId: string, version: number): DescribedGroup {
  const group = shard.group(groupId);
  if (group === undefined) return describeMissing(groupId, version);
  const stable = group.state === 'Stable';
  return {
    ...blankDescription(groupId, GroupCode.none),
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: stable ? (group.protocolName ?? '') : '',
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: stable ? metadataOf(member, group.protocolName) : NO_ASSIGNMENT,
      memberAssignment: member.assignment,
    })),
  };
}

function describeMissing(groupId: string, version: number): DescribedGroup {
  const dead = { ...blankDescription(groupId, GroupCode.none), groupState: 'Dead' };
  if (version < NOT_FOUND_SINCE) return dead;
  return { ...dead, errorCode: GroupCode.groupIdNotFound, errorMessage: `Group ${groupId} not found.` };
}

/** Filters know no letter case; an empty one lets everything through. */
export function listGroups(shard: GroupShard, request: ListGroupsRequest): ListGroupsResponse {
  const states = new Set(request.statesFilter.map((state) => state.trim().toLowerCase()));
  const types = new Set(request.typesFilter.map((type) => type.toLowerCase()));
  const wanted = (group: ClassicGroup): boolean =>
    (states.size === 0 || states.has(group.state.toLowerCase())) &&
    (types.size === 0 || types.has('classic'));
  const groups = [...shard.groups.values()].filter(wanted).map((group) => ({
    groupId: group.groupId,
    protocolType: group.protocolType ?? '',
    groupState: group.state,
    groupType: 'classic',
  }));
  return { throttleTimeMs: 0, errorCode: GroupCode.none, groups };
}

/** @returns 0 when the group and its offsets are gone, 68 while it has members, 69 when there is none */
export function deleteGroup(shard: GroupShard, groupId: string): number {
  const group = shard.group(groupId);
  if (group === undefined || group.state === 'Dead') return GroupCode.groupIdNotFound;
  if (group.state !== 'Empty') return GroupCode.nonEmptyGroup;
  for (const offset of shard.offsets.ofGroup(groupId)) removeOffset(shard, offset, 'the group was deleted');
  shard.offsets.dropPending(groupId);
  shard.removeGroup(group, 'deleted on request');
  return GroupCode.none;
}

/** Unknown partitions are sorted out before the group is looked at. */
export function deleteOffsets(shard: GroupShard, request: OffsetDeleteRequest): OffsetDeleteResponse {
  if (request.groupId === '') return offsetDeleteError(GroupCode.invalidGroupId);
  const anyKnown = request.topics.some(({ name, partitions }) =>
    partitions.some(({ partitionIndex }) => shard.options.topicExists(name, partitionIndex)),
  );
  const group = shard.group(request.groupId);
  const groupCode = anyKnown ? offsetDeleteCode(group) : GroupCode.none;
  if (groupCode !== GroupCode.none) return offsetDeleteError(groupCode);
  const topics = request.topics.map(
    ({ name, partitions }): TopicResult => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: deleteOffset(shard, group, {
          groupId: request.groupId,
          topic: name,
          partition: partitionIndex,
        }),
      })),
    }),
  );
  return { errorCode: GroupCode.none, throttleTimeMs: 0, topics };
}

export function offsetDeleteError(errorCode: number): OffsetDeleteResponse {
  return { errorCode, throttleTimeMs: 0, topics: [] };
}

function offsetDeleteCode(group: ClassicGroup | undefined): number {
  if (group === undefined || group.state === 'Dead') return GroupCode.groupIdNotFound;
  return group.state === 'Empty' || group.usesConsumerProtocol ? GroupCode.none : GroupCode.nonEmptyGroup;
}

function deleteOffset(
  shard: GroupShard,
  group: ClassicGroup | undefined,
  key: { readonly groupId: string; readonly topic: string; readonly partition: number },
): number {
  if (!shard.options.topicExists(key.topic, key.partition)) return GroupCode.unknownTopicOrPartition;
  if (group?.isSubscribedTo(key.topic)) return GroupCode.groupSubscribedToTopic;
  const offset = shard.offsets.get(key.groupId, key.topic, key.partition);
  if (offset !== undefined) removeOffset(shard, offset, 'deleted on request');
  shard.offsets.dropPending(key.groupId, key.topic, key.partition);
  return GroupCode.none;
}
