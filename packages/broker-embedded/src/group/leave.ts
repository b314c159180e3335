/** LeaveGroup, for oneself or, by an administrator, for static members (KIP-345). */
import { answerJoin, joinError } from './answers.ts';
import type { ClassicGroup } from './classic-group.ts';
import { GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import type {
  LeaveGroupMemberResponse,
  LeaveGroupRequest,
  LeaveGroupResponse,
  RequestContext,
} from './messages.ts';
import { maybeCompleteJoin, rebalanceOrCompleteJoin } from './rebalance.ts';

/** First version that names several members and answers for each. */
const BATCH_SINCE = 3;

type Leaver = LeaveGroupRequest['members'][number];

export function leaveGroup(
  shard: GroupShard,
  request: LeaveGroupRequest,
  context: RequestContext,
): LeaveGroupResponse {
  const leavers = leaversOf(request, context.version);
  if (request.groupId === '') return leaveError(GroupCode.invalidGroupId);
  const group = shard.group(request.groupId);
  if (group?.state === 'Dead') return leaveError(GroupCode.coordinatorNotAvailable);

  const members = leavers.map((leaver) => ({
    memberId: leaver.memberId,
    groupInstanceId: leaver.groupInstanceId,
    errorCode: group === undefined ? GroupCode.unknownMemberId : leaveOne(shard, group, leaver),
  }));
  if (group !== undefined) rebalanceAfter(shard, group, members);
  if (context.version >= BATCH_SINCE) return { throttleTimeMs: 0, errorCode: GroupCode.none, members };
  return leaveError(members[0]?.errorCode ?? GroupCode.none);
}

export function leaveError(errorCode: number): LeaveGroupResponse {
  return { throttleTimeMs: 0, errorCode, members: [] };
}

function leaversOf(request: LeaveGroupRequest, version: number): readonly Leaver[] {
  return version >= BATCH_SINCE
    ? request.members
    : [{ memberId: request.memberId, groupInstanceId: null, reason: null }];
}

function leaveOne(shard: GroupShard, group: ClassicGroup, leaver: Leaver): number {
  const { memberId, groupInstanceId } = leaver;
  if (memberId === '') {
    const holder = groupInstanceId === null ? undefined : group.staticMembers.get(groupInstanceId);
    if (holder === undefined) return GroupCode.unknownMemberId;
    removeLeaver(shard, group, holder, leaver);
    return GroupCode.none;
  }
  if (group.pendingJoin.has(memberId)) {
    group.remove(memberId);
    shard.emit(group, { type: 'member-removed', memberId, reason: 'left before it used its id' });
    return GroupCode.none;
  }
  const invalid = group.validateMember(memberId, groupInstanceId);
  if (invalid === GroupCode.none) removeLeaver(shard, group, memberId, leaver);
  return invalid;
}

/** A parked JoinGroup of the leaver is answered 25; a parked SyncGroup never is, as in Kafka. */
function removeLeaver(shard: GroupShard, group: ClassicGroup, memberId: string, leaver: Leaver): void {
  const member = group.member(memberId);
  answerJoin(member, joinError(GroupCode.unknownMemberId, ''));
  if (member.parkedSync !== undefined) {
    member.parkedSync.abandon();
    member.parkedSync = undefined;
    shard.emit(group, { type: 'request-abandoned', api: 'SyncGroup', memberId });
  }
  group.remove(memberId);
  shard.emit(group, { type: 'member-removed', memberId, reason: `left: ${leaver.reason || 'not provided'}` });
}

/** Kafka starts a rebalance also when nobody but the holder of an unused id has left. */
function rebalanceAfter(
  shard: GroupShard,
  group: ClassicGroup,
  answers: readonly LeaveGroupMemberResponse[],
): void {
  const left = answers
    .filter(({ errorCode }) => errorCode === GroupCode.none)
    .map(({ memberId }) => memberId);
  if (left.length === 0) return;
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') {
    rebalanceOrCompleteJoin(shard, group, `explicit LeaveGroup request for ${left.join(', ')}`);
  } else {
    maybeCompleteJoin(shard, group);
  }
}
