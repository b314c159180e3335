/** SyncGroup: the leader hands in the assignment, everybody takes its own share. */
import { answerSync, syncError, syncSuccess } from './answers.ts';
import type { ClassicGroup } from './classic-group.ts';
import { answerToAppendError, GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import { SYNC_TIMER } from './group-timers.ts';
import { NO_ASSIGNMENT } from './member.ts';
import type { RequestContext, SyncGroupRequest, SyncGroupResponse } from './messages.ts';
import { Parked } from './parked.ts';
import { dropAssignment, rebalanceOrCompleteJoin } from './rebalance.ts';
import { restartSession } from './session.ts';
import { storedGroup } from './stored-state.ts';

/** First version that must say which protocol the member believes in (KIP-559). */
const PROTOCOL_MANDATORY_SINCE = 5;

export function syncGroup(
  shard: GroupShard,
  request: SyncGroupRequest,
  context: RequestContext,
): Promise<SyncGroupResponse> {
  const answer = new Parked<SyncGroupResponse>();
  const group = shard.group(request.groupId);
  const invalid = check(group, request, context);
  if (group === undefined || invalid !== GroupCode.none) answer.answer(syncError(invalid));
  else if (group.state === 'CompletingRebalance') park(shard, group, request, answer);
  else takeAssignment(shard, group, request, answer);
  return answer.promise;
}

function check(group: ClassicGroup | undefined, request: SyncGroupRequest, context: RequestContext): number {
  if (request.groupId === '') return GroupCode.invalidGroupId;
  if (group === undefined) return GroupCode.unknownMemberId;
  if (group.state === 'Dead') return GroupCode.coordinatorNotAvailable;
  const invalid = group.validateMember(request.memberId, request.groupInstanceId);
  if (invalid !== GroupCode.none) return invalid;
  if (request.generationId !== group.generationId) return GroupCode.illegalGeneration;
  const differs = (given: string | null, own: string | undefined): boolean =>
    given === null ? context.version >= PROTOCOL_MANDATORY_SINCE : given !== own;
  if (
    differs(request.protocolType, group.protocolType) ||
    differs(request.protocolName, group.protocolName)
  ) {
    return GroupCode.inconsistentGroupProtocol;
  }
  return group.state === 'PreparingRebalance' ? GroupCode.rebalanceInProgress : GroupCode.none;
}

function park(
  shard: GroupShard,
  group: ClassicGroup,
  request: SyncGroupRequest,
  answer: Parked<SyncGroupResponse>,
): void {
  const member = group.member(request.memberId);
  if (member.parkedSync !== undefined) {
    member.parkedSync.abandon();
    shard.emit(group, { type: 'request-abandoned', api: 'SyncGroup', memberId: member.memberId });
  }
  member.parkedSync = answer;
  markSynced(shard, group, member.memberId);
  if (group.isLeader(member.memberId)) storeAssignment(shard, group, request);
}

/** The group is stable: whoever syncs now gets what is stored for it. */
function takeAssignment(
  shard: GroupShard,
  group: ClassicGroup,
  request: SyncGroupRequest,
  answer: Parked<SyncGroupResponse>,
): void {
  markSynced(shard, group, request.memberId);
  answer.answer(syncSuccess(group, group.member(request.memberId)));
}

function markSynced(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  group.pendingSync.delete(memberId);
  if (group.pendingSync.size === 0) group.timers.cancel(SYNC_TIMER);
  shard.emit(group, { type: 'member-synced', memberId, generationId: group.generationId });
}

/** Members that the leader forgot get an empty assignment; ids that it made up are dropped. */
function storeAssignment(shard: GroupShard, group: ClassicGroup, request: SyncGroupRequest): void {
  const given = new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment]));
  const assigned = (memberId: string): Uint8Array => given.get(memberId) ?? NO_ASSIGNMENT;
  const record = storedGroup(group, ({ memberId }) => assigned(memberId));
  shard.append({ groupId: group.groupId, kind: 'group' }, (code) => {
    // The group may have moved on while the record was being written.
    if (group.state !== 'CompletingRebalance' || group.generationId !== request.generationId) return;
    if (code !== GroupCode.none) {
      const failure = answerToAppendError(code);
      dropAssignment(shard, group, failure);
      rebalanceOrCompleteJoin(shard, group, `the assignment could not be stored: error ${code}`);
      return;
    }
    for (const member of group.members.values()) member.assignment = assigned(member.memberId);
    shard.transition(group, 'Stable', 'the leader has assigned');
    shard.store(record);
    announceAssignment(shard, group);
    for (const member of group.members.values()) {
      if (answerSync(member, syncSuccess(group, member))) restartSession(shard, group, member);
    }
  });
}

function announceAssignment(shard: GroupShard, group: ClassicGroup): void {
  const assignments = new Map(
    [...group.members.values()].map((member) => [member.memberId, member.assignment]),
  );
  shard.emit(group, { type: 'assignment-stored', generationId: group.generationId, assignments });
}
