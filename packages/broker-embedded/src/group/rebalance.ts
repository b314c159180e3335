/** The way from "a rebalance is due" to the answers of all JoinGroups. */
import { answerJoin, answerSync, joinSuccess, syncError } from './answers.ts';
import type { ClassicGroup } from './classic-group.ts';
import { GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import { JOIN_TIMER, SYNC_TIMER } from './group-timers.ts';
import { NO_ASSIGNMENT } from './member.ts';
import { restartSession } from './session.ts';
import { storedGroup } from './stored-state.ts';

/** Asks the members to join again. From Empty this begins the initial delay, which is never cut short. */
export function prepareRebalance(shard: GroupShard, group: ClassicGroup, reason: string): void {
  if (group.state === 'CompletingRebalance') dropAssignment(shard, group, GroupCode.rebalanceInProgress);
  group.pendingSync.clear();
  group.timers.cancel(SYNC_TIMER);
  const initial = group.state === 'Empty';
  if (initial) {
    const delayMs = shard.options.initialRebalanceDelayMs;
    armInitialDelay(shard, group, delayMs, Math.max(group.rebalanceTimeoutMs - delayMs, 0));
  }
  shard.transition(group, 'PreparingRebalance', reason);
  if (!initial) completeJoinOrWait(shard, group);
}

/** A rebalance where the state allows one; otherwise the ongoing join phase may now be over. */
export function rebalanceOrCompleteJoin(shard: GroupShard, group: ClassicGroup, reason: string): void {
  if (group.canPrepareRebalance) prepareRebalance(shard, group, reason);
  else maybeCompleteJoin(shard, group);
}

/** Ends the join phase once everybody is in, but not during the initial delay. */
export function maybeCompleteJoin(shard: GroupShard, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance' || group.previousState === 'Empty') return;
  if (group.allJoined) completeJoin(shard, group);
}

/** Takes back what was or would have been assigned and answers every parked SyncGroup with the code. */
export function dropAssignment(shard: GroupShard, group: ClassicGroup, code: number): void {
  for (const member of group.members.values()) {
    member.assignment = NO_ASSIGNMENT;
    if (answerSync(member, syncError(code))) restartSession(shard, group, member);
  }
}

function completeJoinOrWait(shard: GroupShard, group: ClassicGroup): void {
  if (group.allJoined) completeJoin(shard, group);
  else armJoinTimer(shard, group);
}

function armJoinTimer(shard: GroupShard, group: ClassicGroup): void {
  group.timers.arm(JOIN_TIMER, group.rebalanceTimeoutMs, () => completeJoin(shard, group));
}

/** Each newcomer during the delay extends it, up to the rebalance timeout that the group had when it began. */
function armInitialDelay(shard: GroupShard, group: ClassicGroup, delayMs: number, remainingMs: number): void {
  group.timers.arm(JOIN_TIMER, delayMs, () => {
    if (!group.newMemberAdded || remainingMs === 0) {
      completeJoin(shard, group);
      return;
    }
    group.newMemberAdded = false;
    const nextDelayMs = Math.min(shard.options.initialRebalanceDelayMs, remainingMs);
    armInitialDelay(shard, group, nextDelayMs, Math.max(remainingMs - delayMs, 0));
  });
}

/** Starts the next generation with those who have joined, or waits on when nobody has. */
export function completeJoin(shard: GroupShard, group: ClassicGroup): void {
  group.timers.cancel(JOIN_TIMER);
  dropAbsentDynamicMembers(shard, group);
  if (!group.electJoinedLeader() && group.members.size > 0) {
    armJoinTimer(shard, group);
    return;
  }
  const from = group.state;
  group.startGeneration(shard.nowMs());
  shard.emitState(group, from, 'the join phase has ended');
  if (group.state === 'Empty') storeEmptiness(shard, group);
  else answerJoins(shard, group);
}

/** Static members stay although they have not joined again (KAFKA-8220). */
function dropAbsentDynamicMembers(shard: GroupShard, group: ClassicGroup): void {
  for (const member of [...group.members.values()]) {
    if (member.parkedJoin !== undefined || member.groupInstanceId !== null) continue;
    group.remove(member.memberId);
    shard.emit(group, {
      type: 'member-removed',
      memberId: member.memberId,
      reason: 'did not join within the rebalance timeout',
    });
  }
}

/** A failed write is no harm: should the broker fail too, an older generation comes back and times out. */
function storeEmptiness(shard: GroupShard, group: ClassicGroup): void {
  const record = storedGroup(group);
  shard.append({ groupId: group.groupId, kind: 'group' }, (code) => {
    if (code === GroupCode.none && shard.group(group.groupId) === group) shard.store(record);
  });
}

function answerJoins(shard: GroupShard, group: ClassicGroup): void {
  shard.emit(group, {
    type: 'generation-started',
    generationId: group.generationId,
    leaderId: group.leaderId ?? '',
    protocolName: group.protocolName ?? '',
    memberIds: [...group.members.keys()],
  });
  for (const member of group.members.values()) {
    const members = group.isLeader(member.memberId) ? group.membersForLeader() : [];
    answerJoin(member, joinSuccess(group, member.memberId, { members }));
    restartSession(shard, group, member);
    member.isNew = false;
    group.pendingSync.add(member.memberId);
  }
  group.timers.arm(SYNC_TIMER, group.rebalanceTimeoutMs, () => expirePendingSync(shard, group));
}

/**
 * Members that joined but never sync would hold the others' partitions back (KAFKA-12890). The timer is cancelled by every
 * rebalance and by the last SyncGroup, so that it is always about the present generation and somebody in it.
 */
function expirePendingSync(shard: GroupShard, group: ClassicGroup): void {
  const late = [...group.pendingSync];
  for (const memberId of late) {
    const known = group.members.has(memberId);
    group.remove(memberId);
    if (known)
      shard.emit(group, {
        type: 'member-removed',
        memberId,
        reason: 'did not sync within the rebalance timeout',
      });
  }
  prepareRebalance(shard, group, `removing ${late.join(', ')} on pending sync request expiration`);
}
