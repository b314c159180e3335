/** The session timers of members. They are restarted, never extended, and their end is the shard's `expireSession` reaction. */
import type { ClassicGroup } from './classic-group.ts';
import type { GroupShard } from './group-shard.ts';
import { sessionTimer } from './group-timers.ts';
import type { Member } from './member.ts';

export function armSession(shard: GroupShard, group: ClassicGroup, memberId: string, delayMs: number): void {
  group.timers.arm(sessionTimer(memberId), delayMs, () =>
    shard.reactions.expireSession(shard, group, memberId),
  );
}

/** A sign of life: the member has its whole session timeout again. */
export function restartSession(shard: GroupShard, group: ClassicGroup, member: Member): void {
  armSession(shard, group, member.memberId, member.sessionTimeoutMs);
}
