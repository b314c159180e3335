/** Removal of offsets that nobody needs any more, and of the groups that have none left (KIP-211). */
import type { ClassicGroup } from './classic-group.ts';
import type { GroupShard } from './group-shard.ts';
import type { StoredOffset } from './stored-state.ts';

/** One round of cleaning over all groups. */
export function expireOffsets(shard: GroupShard): void {
  for (const group of [...shard.groups.values()]) {
    const allGone = expireOffsetsOf(shard, group);
    if (allGone && group.state === 'Empty') shard.removeGroup(group, 'empty and without offsets');
  }
}

/** @returns whether nothing is left of the group's offsets, an undecided transaction's included */
function expireOffsetsOf(shard: GroupShard, group: ClassicGroup): boolean {
  const offsets = shard.offsets.ofGroup(group.groupId);
  if (offsets.length === 0) return !shard.offsets.hasPending(group.groupId);
  const retentionStart = retentionStartOf(group);
  if (retentionStart === undefined) return false;
  const nowMs = shard.nowMs();
  const expired = offsets.filter((offset) => {
    if (group.isSubscribedTo(offset.topic)) return false;
    if (shard.offsets.hasPending(group.groupId, offset.topic, offset.partition)) return false;
    const expiresMs = offset.expireTimestampMs ?? retentionStart(offset) + shard.options.offsetsRetentionMs;
    return nowMs >= expiresMs;
  });
  for (const offset of expired) removeOffset(shard, offset, 'expired');
  return expired.length === offsets.length && !shard.offsets.hasPending(group.groupId);
}

/** A topic is gone, and with it what was committed of it (`GroupCoordinator.onPartitionsDeleted`). */
export function removeOffsetsOfTopic(shard: GroupShard, topic: string): void {
  for (const { groupId } of [...shard.groups.values()]) {
    for (const offset of shard.offsets.ofGroup(groupId)) {
      if (offset.topic === topic) removeOffset(shard, offset, 'its topic was deleted');
    }
    shard.offsets.dropPending(groupId, topic);
  }
}

export function removeOffset(shard: GroupShard, offset: StoredOffset, reason: string): void {
  shard.offsets.delete(offset);
  shard.emit(offset, { type: 'offset-removed', topic: offset.topic, partition: offset.partition, reason });
}

/** From when on an offset's retention counts; undefined while the group's offsets do not expire (KAFKA-13636). */
function retentionStartOf(group: ClassicGroup): ((offset: StoredOffset) => number) | undefined {
  if (group.protocolType === undefined) return (offset) => offset.commitTimestampMs;
  if (group.state === 'Empty') return (offset) => group.stateSinceMs ?? offset.commitTimestampMs;
  const topicsKnown = group.usesConsumerProtocol && group.subscribedTopics !== undefined;
  return topicsKnown && group.state === 'Stable' ? (offset) => offset.commitTimestampMs : undefined;
}
