/** A static member comes back without its id: the new process takes over the old one's place (KIP-345). */
import { answerJoin, answerSync, joinError, joinSuccess, syncError } from './answers.ts';
import type { ClassicGroup } from './classic-group.ts';
import { answerToAppendError, GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import type { Join } from './join-attempt.ts';
import { type Member, newMember } from './member.ts';
import { maybeCompleteJoin, prepareRebalance } from './rebalance.ts';
import { restartSession } from './session.ts';
import { storedGroup } from './stored-state.ts';

/** Who takes over from whom. */
interface Replacement {
  readonly instanceId: string;
  readonly oldId: string;
  readonly newId: string;
}

/** First version that can tell a restarted leader not to assign anything (KIP-814). */
const SKIP_ASSIGNMENT_SINCE = 9;

export function replaceStaticMember(
  shard: GroupShard,
  group: ClassicGroup,
  join: Join,
  replacement: Replacement,
): void {
  const leaderBefore = group.leaderId;
  const old = group.member(replacement.oldId);
  const successor = takeOver(shard, group, old, replacement);
  const { protocols, sessionTimeoutMs, rebalanceTimeoutMs } = join.request;
  // The first session of the new process still has the old timeout, as in Kafka; its new timeouts count from the next
  // sign of life on (KAFKA-14009).
  restartSession(shard, group, successor);
  group.update(successor, { protocols, sessionTimeoutMs, rebalanceTimeoutMs, parkedJoin: join.answer });

  switch (group.state) {
    case 'Stable':
      if (group.selectProtocol() === group.protocolName) {
        keepAssignment(shard, group, join, { ...replacement, old, successor, leaderBefore });
      } else {
        prepareRebalance(
          shard,
          group,
          `${replacement.newId} changes the protocol that the group would choose`,
        );
      }
      return;
    case 'CompletingRebalance':
      // The leader is assigning to the old id: its plan would pass the new one by (KAFKA-9801).
      prepareRebalance(
        shard,
        group,
        `${replacement.newId} replaces a member that the leader is assigning to`,
      );
      return;
    case 'PreparingRebalance':
      maybeCompleteJoin(shard, group);
      return;
    case 'Empty':
    case 'Dead':
      throw new Error(
        `group ${group.groupId} has static member ${replacement.oldId} although it is ${group.state}`,
      );
  }
}

/** The old process is fenced at once where it waits; a later request of its own meets the same code by its id. */
function takeOver(shard: GroupShard, group: ClassicGroup, old: Member, replacement: Replacement): Member {
  answerJoin(old, joinError(GroupCode.fencedInstanceId, old.memberId));
  answerSync(old, syncError(GroupCode.fencedInstanceId));
  const successor = newMember({ ...old, memberId: replacement.newId });
  successor.assignment = old.assignment;
  group.replaceStatic(old.memberId, successor, replacement.instanceId);
  shard.emit(group, {
    type: 'member-replaced',
    memberId: replacement.newId,
    oldMemberId: old.memberId,
    groupInstanceId: replacement.instanceId,
  });
  return successor;
}

interface KeptAssignment extends Replacement {
  readonly old: Member;
  readonly successor: Member;
  readonly leaderBefore: string | undefined;
}

/** No rebalance: the new id is stored with the old one's assignment (KAFKA-10284), or everything is taken back. */
function keepAssignment(shard: GroupShard, group: ClassicGroup, join: Join, kept: KeptAssignment): void {
  const record = storedGroup(group);
  shard.append({ groupId: group.groupId, kind: 'group' }, (code) => {
    if (group.state === 'Dead') return;
    if (code !== GroupCode.none) {
      revert(shard, group, kept);
      if (join.answer.open) join.answer.answer(joinError(answerToAppendError(code), ''));
      return;
    }
    shard.store(record);
    // Another JoinGroup of the same instance may have taken its place while the record was being written.
    if (kept.successor.parkedJoin === join.answer)
      answerJoin(kept.successor, keptGeneration(group, join, kept));
  });
}

/**
 * Before v9 a restarted leader is told of its own former id as leader and so takes itself for a follower; from v9 on it
 * gets the members, but is told to leave the assignment alone.
 */
function keptGeneration(group: ClassicGroup, join: Join, kept: KeptAssignment) {
  if (join.context.version < SKIP_ASSIGNMENT_SINCE) {
    return joinSuccess(group, kept.newId, { leader: kept.leaderBefore ?? '' });
  }
  const leads = group.isLeader(kept.newId);
  return joinSuccess(group, kept.newId, {
    members: leads ? group.membersForLeader() : [],
    skipAssignment: leads,
  });
}

function revert(shard: GroupShard, group: ClassicGroup, kept: KeptAssignment): void {
  if (group.members.get(kept.newId) !== kept.successor) return;
  const { protocols, sessionTimeoutMs, rebalanceTimeoutMs } = kept.old;
  group.update(kept.successor, { protocols, sessionTimeoutMs, rebalanceTimeoutMs, parkedJoin: undefined });
  const restored = takeOver(shard, group, kept.successor, { ...kept, oldId: kept.newId, newId: kept.oldId });
  restartSession(shard, group, restored);
}
