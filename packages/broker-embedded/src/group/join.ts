/** JoinGroup: the checks in Kafka's order, and what each state does with a join. */
import { answerAllParked, joinError, joinSuccess } from './answers.ts';
import type { ClassicGroup } from './classic-group.ts';
import { answerToAppendError, GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import type { Join } from './join-attempt.ts';
import { distinctProtocols, type Member, matchesProtocols, newMember } from './member.ts';
import type { JoinGroupRequest, JoinGroupResponse, RequestContext } from './messages.ts';
import { Parked } from './parked.ts';
import { rebalanceOrCompleteJoin } from './rebalance.ts';
import { armSession } from './session.ts';
import { replaceStaticMember } from './static-membership.ts';
import { storedGroup } from './stored-state.ts';

/** First version in which a dynamic member must come back with the id it is given (KIP-394). */
const MEMBER_ID_REQUIRED_SINCE = 4;

export function joinGroup(
  shard: GroupShard,
  received: JoinGroupRequest,
  context: RequestContext,
): Promise<JoinGroupResponse> {
  const join: Join = {
    request: {
      ...received,
      protocols: distinctProtocols(received.protocols),
      // KAFKA-8653: v0 has no rebalance timeout of its own.
      rebalanceTimeoutMs: context.version === 0 ? received.sessionTimeoutMs : received.rebalanceTimeoutMs,
    },
    context,
    answer: new Parked(),
  };
  route(shard, join);
  return join.answer.promise;
}

function route(shard: GroupShard, join: Join): void {
  const { groupId, memberId, sessionTimeoutMs } = join.request;
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = shard.options;
  if (groupId === '') {
    join.answer.answer(joinError(GroupCode.invalidGroupId, memberId));
  } else if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
    join.answer.answer(joinError(GroupCode.invalidSessionTimeout, memberId));
  } else {
    const group = shard.group(groupId);
    if (group !== undefined) joinExistingGroup(shard, group, join);
    else if (memberId !== '') join.answer.answer(joinError(GroupCode.unknownMemberId, memberId));
    else joinNewGroup(shard, join);
  }
}

/** The group comes into being whatever becomes of the join, and its record is written before anything else is. */
function joinNewGroup(shard: GroupShard, join: Join): void {
  const group = shard.createGroup(join.request.groupId);
  const record = storedGroup(group);
  joinExistingGroup(shard, group, join);
  shard.append({ groupId: group.groupId, kind: 'group' }, (code) => {
    if (shard.group(group.groupId) !== group) return;
    if (code === GroupCode.none) {
      shard.store(record);
      return;
    }
    // Kafka takes back all that the group had come to be in the meantime.
    answerAllParked(group, answerToAppendError(code));
    shard.removeGroup(group, `its first record could not be written: error ${code}`);
  });
}

function joinExistingGroup(shard: GroupShard, group: ClassicGroup, join: Join): void {
  const { memberId } = join.request;
  if (!acceptsSize(shard, group, memberId)) {
    removeRefused(shard, group, memberId);
    join.answer.answer(joinError(GroupCode.groupMaxSizeReached, ''));
  } else if (group.state === 'Dead') {
    join.answer.answer(joinError(GroupCode.coordinatorNotAvailable, memberId));
  } else if (!group.supportsProtocols(join.request.protocolType, join.request.protocols)) {
    join.answer.answer(joinError(GroupCode.inconsistentGroupProtocol, memberId));
  } else if (memberId === '') {
    joinWithoutId(shard, group, join);
  } else {
    joinWithId(shard, group, join);
  }
}

/**
 * `group.max.size` (KIP-389). While members join again, those already in count, so that the last ones to come are the
 * ones to go when the limit was lowered (KAFKA-9885).
 */
function acceptsSize(shard: GroupShard, group: ClassicGroup, memberId: string): boolean {
  const { groupMaxSize } = shard.options;
  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return true;
    case 'PreparingRebalance':
      return group.members.get(memberId)?.parkedJoin !== undefined || group.awaitingJoin < groupMaxSize;
    case 'CompletingRebalance':
    case 'Stable':
      return group.members.has(memberId) || group.members.size < groupMaxSize;
  }
}

function removeRefused(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  const known = group.members.has(memberId) || group.pendingJoin.has(memberId);
  group.remove(memberId);
  if (known) shard.emit(group, { type: 'member-removed', memberId, reason: 'the group is full' });
}

function joinWithoutId(shard: GroupShard, group: ClassicGroup, join: Join): void {
  const { request, context } = join;
  const newId = shard.newMemberId(context.clientId, request.groupInstanceId);
  if (request.groupInstanceId !== null) {
    const holder = group.staticMembers.get(request.groupInstanceId);
    if (holder === undefined) addMember(shard, group, newId, join);
    else
      replaceStaticMember(shard, group, join, { instanceId: request.groupInstanceId, oldId: holder, newId });
  } else if (context.version >= MEMBER_ID_REQUIRED_SINCE) {
    group.pendingJoin.add(newId);
    shard.emit(group, { type: 'member-pending', memberId: newId });
    armSession(shard, group, newId, request.sessionTimeoutMs);
    join.answer.answer(joinError(GroupCode.memberIdRequired, newId));
  } else {
    addMember(shard, group, newId, join);
  }
}

function joinWithId(shard: GroupShard, group: ClassicGroup, join: Join): void {
  const { memberId, groupInstanceId } = join.request;
  if (group.pendingJoin.has(memberId)) {
    // Only dynamic members get an id to come back with; Kafka runs into an illegal state here and answers -1.
    if (groupInstanceId === null) addMember(shard, group, memberId, join);
    else join.answer.answer(joinError(GroupCode.unknownServerError, memberId));
    return;
  }
  const invalid = group.validateMember(memberId, groupInstanceId);
  if (invalid !== GroupCode.none) {
    join.answer.answer(joinError(invalid, memberId));
    return;
  }
  rejoin(shard, group, group.member(memberId), join);
}

/** A member joins again. What it means depends on the state, on who leads, and on whether its metadata changed. */
function rejoin(shard: GroupShard, group: ClassicGroup, member: Member, join: Join): void {
  const { memberId } = member;
  switch (group.state) {
    case 'PreparingRebalance':
      updateMember(shard, group, member, join, `member ${memberId} is joining again`);
      return;
    case 'CompletingRebalance':
      // Same metadata: it may have missed the first answer.
      if (matchesProtocols(member, join.request.protocols)) {
        const members = group.isLeader(memberId) ? group.membersForLeader() : [];
        join.answer.answer(joinSuccess(group, memberId, { members }));
      } else {
        updateMember(shard, group, member, join, `member ${memberId} changed its metadata`);
      }
      return;
    case 'Stable':
      // The leader joins again when something beyond its metadata has changed, such as the number of partitions.
      if (group.isLeader(memberId)) {
        updateMember(shard, group, member, join, `leader ${memberId} is joining again`);
      } else if (matchesProtocols(member, join.request.protocols)) {
        join.answer.answer(joinSuccess(group, memberId));
      } else {
        updateMember(shard, group, member, join, `member ${memberId} changed its metadata`);
      }
      return;
    case 'Empty':
    case 'Dead':
      throw new Error(`group ${group.groupId} has member ${memberId} although it is ${group.state}`);
  }
}

function updateMember(
  shard: GroupShard,
  group: ClassicGroup,
  member: Member,
  join: Join,
  reason: string,
): void {
  if (member.parkedJoin !== undefined) {
    member.parkedJoin.abandon();
    shard.emit(group, { type: 'request-abandoned', api: 'JoinGroup', memberId: member.memberId });
  }
  const { protocols, sessionTimeoutMs, rebalanceTimeoutMs } = join.request;
  group.update(member, { protocols, sessionTimeoutMs, rebalanceTimeoutMs, parkedJoin: join.answer });
  shard.emit(group, { type: 'member-rejoined', memberId: member.memberId, reason });
  rebalanceOrCompleteJoin(shard, group, withClientReason(reason, join));
}

/**
 * A new member cannot send heartbeats while its JoinGroup is parked, and its socket is not watched either, so its first
 * wait is bounded by a timeout of its own. Otherwise clients that give up and retry would pile up (KAFKA-7610).
 */
function addMember(shard: GroupShard, group: ClassicGroup, memberId: string, join: Join): void {
  const { request, context } = join;
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.newMemberAdded = true;
  const member = newMember({
    memberId,
    groupInstanceId: request.groupInstanceId,
    clientId: context.clientId,
    clientHost: context.clientHost,
    protocolType: request.protocolType,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocols: request.protocols,
  });
  member.isNew = true;
  member.parkedJoin = join.answer;
  group.add(member);
  shard.emit(group, { type: 'member-added', memberId, groupInstanceId: request.groupInstanceId });
  armSession(shard, group, memberId, shard.options.newMemberJoinTimeoutMs);
  rebalanceOrCompleteJoin(shard, group, withClientReason(`adding new member ${memberId}`, join));
}

function withClientReason(reason: string, { request }: Join): string {
  return `${reason}; client reason: ${request.reason || 'not provided'}`;
}
