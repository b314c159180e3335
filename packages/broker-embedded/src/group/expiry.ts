/** What happens when a member has not been heard of for too long. */
import { answerJoin, joinError } from './answers.ts';
import type { ClassicGroup } from './classic-group.ts';
import { GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import { hasSatisfiedHeartbeat, type Member } from './member.ts';
import { completeJoin, rebalanceOrCompleteJoin } from './rebalance.ts';

/** A dead group's timers are gone, so that the group is alive here. */
export function expireSession(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  if (group.pendingJoin.has(memberId)) {
    group.remove(memberId);
    shard.emit(group, { type: 'member-removed', memberId, reason: 'never used the id it was given' });
    completeJoinWhenAllIn(shard, group);
    return;
  }
  const member = group.members.get(memberId);
  // A parked request stands for heartbeats; the timer starts anew when it is answered.
  if (member === undefined || hasSatisfiedHeartbeat(member)) return;
  shard.emit(group, { type: 'session-expired', memberId });
  removeExpired(shard, group, member);
}

/** A parked JoinGroup is answered 25, so that a client that is still there tries again. */
function removeExpired(shard: GroupShard, group: ClassicGroup, member: Member): void {
  answerJoin(member, joinError(GroupCode.unknownMemberId, ''));
  group.remove(member.memberId);
  shard.emit(group, { type: 'member-removed', memberId: member.memberId, reason: 'session expired' });
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') {
    rebalanceOrCompleteJoin(shard, group, `removing member ${member.memberId} on heartbeat expiration`);
    return;
  }
  completeJoinWhenAllIn(shard, group);
}

/** Kafka does not ask for the initial delay here, unlike everywhere else: an expiry can cut it short. */
function completeJoinWhenAllIn(shard: GroupShard, group: ClassicGroup): void {
  if (group.state === 'PreparingRebalance' && group.allJoined) completeJoin(shard, group);
}
