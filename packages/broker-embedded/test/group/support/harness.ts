/** A coordinator with a clock of its own, and members that talk to it. */
import { expect } from 'vitest';
import { GroupCoordinator, type GroupCoordinatorOptions } from '../../../src/group/group-coordinator.ts';
import type { JoinGroupRequest, JoinGroupResponse, SyncGroupResponse } from '../../../src/group/messages.ts';
import type { GroupSnapshot } from '../../../src/group/snapshot.ts';
import type { GroupTransition } from '../../../src/group/transition.ts';
import { bytes, commitBody, context, GROUP, heartbeatBody, joinBody, syncBody } from './bodies.ts';
import { FakeClock } from './fake-clock.ts';

/** A request and, once it has come, its answer. */
export class Call<T> {
  answer: T | undefined;
  failure: unknown;

  constructor(promise: Promise<T>) {
    promise.then(
      (answer) => {
        this.answer = answer;
      },
      (failure) => {
        this.failure = failure;
      },
    );
  }

  /** The answer; fails the test when there is none. */
  get now(): T {
    if (this.failure !== undefined) throw this.failure;
    if (this.answer === undefined) throw new Error('the request is still parked');
    return this.answer;
  }

  get parked(): boolean {
    return this.answer === undefined && this.failure === undefined;
  }
}

/** mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets promises run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await null;
}

export type JoinGiven = Partial<JoinGroupRequest> & { version?: number; clientId?: string };

export class Harness {
  readonly clock = new FakeClock();
  readonly events: GroupTransition[] = [];
  readonly coordinator: GroupCoordinator;

  constructor(options: Partial<GroupCoordinatorOptions> = {}) {
    this.coordinator = new GroupCoordinator({
      clock: this.clock,
      random: seededRandom(1),
      initialRebalanceDelayMs: 3_000,
      minSessionTimeoutMs: 6_000,
      maxSessionTimeoutMs: 1_800_000,
      groupMaxSize: 2 ** 31 - 1,
      newMemberJoinTimeoutMs: 300_000,
      offsetsRetentionMs: 604_800_000,
      offsetMetadataMaxBytes: 4_096,
      topicExists: (topic, partition) => topic !== 'missing' && partition < 10,
      onTransition: (event) => this.events.push(event),
      ...options,
    });
  }

  async join(given: JoinGiven = {}): Promise<Call<JoinGroupResponse>> {
    const { version = 5, clientId = 'client', ...body } = given;
    const call = new Call(this.coordinator.joinGroup(joinBody(body), context(version, clientId)));
    await settle();
    return call;
  }

  /** Both steps of a dynamic member's first join (KIP-394). */
  async joinNew(given: JoinGiven = {}): Promise<{ id: string; join: Call<JoinGroupResponse> }> {
    const first = await this.join(given);
    expect(first.now.errorCode).toBe(79);
    const id = first.now.memberId;
    return { id, join: await this.join({ ...given, memberId: id }) };
  }

  async sync(
    memberId: string,
    given: Partial<Parameters<typeof syncBody>[0]> = {},
    version = 3,
  ): Promise<Call<SyncGroupResponse>> {
    const body = syncBody({ generationId: this.snapshot().generationId, ...given, memberId });
    const call = new Call(this.coordinator.syncGroup(body, context(version)));
    await settle();
    return call;
  }

  async heartbeat(memberId: string, given: Parameters<typeof heartbeatBody>[1] = {}): Promise<number> {
    const generationId = this.coordinator.snapshot(GROUP)?.generationId ?? 1;
    return (await this.coordinator.heartbeat(heartbeatBody(memberId, { generationId, ...given }))).errorCode;
  }

  /** Code of a one-partition commit. */
  async commit(
    given: Parameters<typeof commitBody>[0] = {},
    partition: Parameters<typeof commitBody>[1] = {},
    version = 7,
  ): Promise<number> {
    const response = await this.coordinator.commitOffsets(commitBody(given, partition), context(version));
    return response.topics[0]?.partitions[0]?.errorCode ?? Number.NaN;
  }

  /** Code for one member that leaves by v3. */
  async leave(memberId: string, groupInstanceId: string | null = null): Promise<number> {
    const body = { groupId: GROUP, memberId: '', members: [{ memberId, groupInstanceId, reason: null }] };
    const response = await this.coordinator.leaveGroup(body, context(3));
    await settle();
    return response.members[0]?.errorCode ?? response.errorCode;
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settle();
  }

  snapshot(groupId = GROUP): GroupSnapshot {
    const snapshot = this.coordinator.snapshot(groupId);
    if (snapshot === undefined) throw new Error(`there is no group ${groupId}`);
    return snapshot;
  }

  get state(): string {
    return this.coordinator.snapshot(GROUP)?.state ?? 'missing';
  }

  /** Joins that many dynamic members and ends the initial delay: CompletingRebalance. Ids in order, the leader first. */
  async completing(count: number, given: JoinGiven = {}): Promise<string[]> {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) ids.push((await this.joinNew(given)).id);
    // Each newcomer may have extended the delay once.
    for (let i = 0; i < 25 && this.state === 'PreparingRebalance'; i++) await this.advance(3_000);
    expect(this.state).toBe('CompletingRebalance');
    return ids;
  }

  /** As `completing`, and the leader assigns `[i]` to the i-th member: Stable. */
  async stable(count: number, given: JoinGiven = {}): Promise<string[]> {
    const ids = await this.completing(count, given);
    await this.syncAll(ids);
    expect(this.state).toBe('Stable');
    return ids;
  }

  /** The leader assigns by position, then all take their share. */
  async syncAll(ids: readonly string[]): Promise<void> {
    const { leaderId } = this.snapshot();
    const assignments = ids.map((memberId, index) => ({ memberId, assignment: bytes(index) }));
    for (const id of ids) {
      const instance =
        this.snapshot().members.find(({ memberId }) => memberId === id)?.groupInstanceId ?? null;
      await this.sync(id, { groupInstanceId: instance, assignments: id === leaderId ? assignments : [] });
    }
  }

  /** Joins static members by instance id; returns their member ids. */
  async stableStatic(instances: readonly string[], given: JoinGiven = {}): Promise<string[]> {
    for (const groupInstanceId of instances) await this.join({ ...given, groupInstanceId });
    for (let i = 0; i < 25 && this.state === 'PreparingRebalance'; i++) await this.advance(3_000);
    const ids = this.snapshot().members.map(({ memberId }) => memberId);
    await this.syncAll(ids);
    expect(this.state).toBe('Stable');
    return ids;
  }
}

/** The element, or a failed test. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`no element ${index} in a list of ${list.length}`);
  return found;
}

/** An offsets topic whose writes are complete at once, or, once `delay` is set, when the test says so. */
export class DelayedTopic {
  delay = false;
  readonly #waiting: ((code: number) => void)[] = [];

  readonly append = (): number | Promise<number> =>
    this.delay ? new Promise<number>((resolve) => this.#waiting.push(resolve)) : 0;

  /** Completes the n-th of the delayed writes. */
  async complete(index: number, code = 0): Promise<void> {
    at(this.#waiting, index)(code);
    await settle();
  }
}
