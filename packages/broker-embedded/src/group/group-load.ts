/** Taking over groups from their records, as a coordinator does after an election or a restart. */
import type { ClassicGroup } from './classic-group.ts';
import type { GroupShard } from './group-shard.ts';
import { newMember } from './member.ts';
import { prepareRebalance } from './rebalance.ts';
import { restartSession } from './session.ts';
import type { GroupCoordinatorState, StoredGroup } from './stored-state.ts';
import { subscribedTopicsOf } from './subscription.ts';

/** Fills an empty shard. Every member gets a fresh session; a group that only has offsets is a simple one. */
export function loadState(shard: GroupShard, state: GroupCoordinatorState): void {
  for (const record of state.groups) loadGroup(shard, record);
  for (const offset of state.offsets) {
    if (shard.group(offset.groupId) === undefined) shard.createGroup(offset.groupId);
    shard.offsets.set(offset);
  }
}

function loadGroup(shard: GroupShard, record: StoredGroup): void {
  const group = shard.createGroup(record.groupId);
  restore(group, record);
  shard.store(record);
  for (const member of group.members.values()) restartSession(shard, group, member);
  if (group.members.size > shard.options.groupMaxSize) {
    prepareRebalance(
      shard,
      group,
      `loaded with ${group.members.size} members, which is more than the largest size`,
    );
  }
}

/** What was being rebalanced when the record was written is stable or empty again: clients meet errors and rejoin. */
function restore(group: ClassicGroup, record: StoredGroup): void {
  group.state = record.members.length === 0 ? 'Empty' : 'Stable';
  group.stateSinceMs = record.stateSinceMs ?? undefined;
  group.generationId = record.generationId;
  group.protocolType = record.protocolType ?? undefined;
  group.protocolName = record.protocolName ?? undefined;
  group.leaderId = record.leaderId ?? undefined;
  for (const stored of record.members) {
    const member = newMember({
      memberId: stored.memberId,
      groupInstanceId: stored.groupInstanceId,
      clientId: stored.clientId,
      clientHost: stored.clientHost,
      protocolType: record.protocolType ?? '',
      sessionTimeoutMs: stored.sessionTimeoutMs,
      rebalanceTimeoutMs: stored.rebalanceTimeoutMs,
      protocols: [{ name: record.protocolName ?? '', metadata: stored.subscription }],
    });
    member.assignment = stored.assignment;
    group.add(member);
  }
  group.subscribedTopics = subscribedTopicsOf(group);
}
