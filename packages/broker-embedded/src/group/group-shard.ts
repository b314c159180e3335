/** The groups of one coordinator while it is in charge, and what every request handler needs to reach. */
import type { Timer } from '@kohort/core/spi';
import { ClassicGroup } from './classic-group.ts';
import { GroupCode } from './group-codes.ts';
import type { GroupState } from './group-state.ts';
import { GroupTimers } from './group-timers.ts';
import { randomMemberId } from './member-id.ts';
import { OffsetStore } from './offset-store.ts';
import type { GroupCoordinatorOptions, OffsetsTopicAppend } from './options.ts';
import type { GroupCoordinatorState, StoredGroup } from './stored-state.ts';
import type { GroupTransition, TransitionDetails } from './transition.ts';

/** What the shard's timers set off; given to it from outside, since it needs the shard itself. */
interface ShardReactions {
  /** The session of a member, or the time to use an id given with MEMBER_ID_REQUIRED, is over. */
  expireSession(shard: GroupShard, group: ClassicGroup, memberId: string): void;
  /** It is time to look for offsets that have expired. */
  expireOffsets(shard: GroupShard): void;
}

const CLEANUP_INTERVAL_MS = 600_000;

interface PendingAppend {
  readonly done: (code: number) => void;
  /** Known, but behind another write that is not complete. */
  code: number | undefined;
}

export class GroupShard {
  readonly options: GroupCoordinatorOptions;
  readonly reactions: ShardReactions;
  readonly groups = new Map<string, ClassicGroup>();
  readonly offsets = new OffsetStore();
  readonly #storedGroups = new Map<string, StoredGroup>();
  readonly #appending: PendingAppend[] = [];
  readonly #startedMs: number;
  #cleanup: Timer | undefined;

  constructor(options: GroupCoordinatorOptions, reactions: ShardReactions) {
    this.options = options;
    this.reactions = reactions;
    this.#startedMs = options.clock.monotonic();
  }

  nowMs(): number {
    return this.options.clock.wall();
  }

  group(groupId: string): ClassicGroup | undefined {
    return this.groups.get(groupId);
  }

  createGroup(groupId: string): ClassicGroup {
    const group = new ClassicGroup(groupId, new GroupTimers(this.options.clock), this.nowMs());
    this.groups.set(groupId, group);
    this.emit(group, { type: 'group-created' });
    this.#armCleanup();
    return group;
  }

  /** Rounds fall on multiples of the interval from the start on; none is due while there is no group. */
  #armCleanup(): void {
    if (this.#cleanup !== undefined) return;
    const { clock, offsetsRetentionCheckIntervalMs: intervalMs = CLEANUP_INTERVAL_MS } = this.options;
    const delayMs = intervalMs - ((clock.monotonic() - this.#startedMs) % intervalMs);
    this.#cleanup = clock.setTimer(() => {
      this.#cleanup = undefined;
      this.reactions.expireOffsets(this);
      if (this.groups.size > 0) this.#armCleanup();
    }, delayMs);
  }

  /** Forgets a group, its record and its timers. Its offsets are the caller's business. */
  removeGroup(group: ClassicGroup, reason: string): void {
    this.transition(group, 'Dead', reason);
    group.timers.cancelAll();
    this.groups.delete(group.groupId);
    this.#storedGroups.delete(group.groupId);
    this.emit(group, { type: 'group-removed', reason });
  }

  transition(group: ClassicGroup, to: GroupState, reason: string): void {
    const from = group.state;
    group.transitionTo(to, this.nowMs());
    this.emitState(group, from, reason);
  }

  emitState(group: ClassicGroup, from: GroupState, reason: string): void {
    this.emit(group, { type: 'state', from, to: group.state, generationId: group.generationId, reason });
  }

  emit(group: { readonly groupId: string }, details: TransitionDetails): void {
    const stamped: GroupTransition = {
      ...details,
      atMs: this.options.clock.monotonic(),
      groupId: group.groupId,
    };
    this.options.onTransition?.(stamped);
  }

  newMemberId(clientId: string, groupInstanceId: string | null): string {
    return randomMemberId(groupInstanceId ?? clientId, this.options.random);
  }

  /**
   * Writes to the offsets topic, then tells how it went: at once unless the `append` option delays it. A log completes
   * its writes in order, so one that is delayed holds back those after it.
   */
  append(write: OffsetsTopicAppend, done: (code: number) => void): void {
    const outcome = this.options.append?.(write) ?? GroupCode.none;
    if (typeof outcome === 'number' && this.#appending.length === 0) {
      done(outcome);
      return;
    }
    const pending: PendingAppend = { done, code: undefined };
    this.#appending.push(pending);
    const settle = (code: number): void => {
      pending.code = code;
      this.#completeAppends();
    };
    if (typeof outcome === 'number') settle(outcome);
    else void outcome.then(settle, () => settle(GroupCode.unknownServerError));
  }

  #completeAppends(): void {
    for (let first = this.#appending[0]; first?.code !== undefined; first = this.#appending[0]) {
      this.#appending.shift();
      first.done(first.code);
    }
  }

  /** Puts a group's record where the next coordinator will find it. */
  store(record: StoredGroup): void {
    this.#storedGroups.set(record.groupId, record);
  }

  stored(): GroupCoordinatorState {
    return { groups: [...this.#storedGroups.values()], offsets: this.offsets.list() };
  }

  /** Ends the shard: groups are dead, no timer is left, every request that is owed an answer gets NOT_COORDINATOR. */
  close(answerParked: (group: ClassicGroup, code: number) => void): void {
    this.#cleanup?.cancel();
    for (const group of this.groups.values()) {
      this.transition(group, 'Dead', 'the coordinator was unloaded');
      group.timers.cancelAll();
      answerParked(group, GroupCode.notCoordinator);
    }
    this.groups.clear();
    for (const { done } of this.#appending.splice(0)) done(GroupCode.notLeaderOrFollower);
  }
}
