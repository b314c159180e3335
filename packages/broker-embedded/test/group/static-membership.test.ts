/** Static members (protocol reference section 5, KIP-345). */
import { describe, expect, it } from 'vitest';
import { bytes, protocol, subscription } from './support/bodies.ts';
import { Harness, type JoinGiven } from './support/harness.ts';

const restart = (h: Harness, groupInstanceId: string, given: JoinGiven = {}) =>
  h.join({ groupInstanceId, ...given });

describe('static member: first JoinGroup', () => {
  it('gets an id made of its instance id and a UUID, in one step', async () => {
    const h = new Harness();
    const join = await restart(h, 'one', { version: 9 });
    await h.advance(3_000);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 1 });
    expect(join.now.memberId).toMatch(/^one-[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(h.snapshot().pendingJoin).toEqual([]);
    expect([...h.snapshot().staticMembers]).toEqual([['one', join.now.memberId]]);
  });

  it('shows its instance id to the leader', async () => {
    const h = new Harness();
    const join = await restart(h, 'one');
    await h.advance(3_000);
    expect(join.now.members).toMatchObject([{ groupInstanceId: 'one' }]);
  });
});

describe('static member: restart in Stable with the same protocol', () => {
  it('takes over without a rebalance, keeps its assignment, and the old id is fenced', async () => {
    const h = new Harness();
    const [leader, old] = (await h.stableStatic(['one', 'two'])) as [string, string];
    const join = await restart(h, 'two');
    expect(join.now).toMatchObject({
      errorCode: 0,
      generationId: 1,
      leader,
      skipAssignment: false,
      members: [],
    });
    const { memberId } = join.now;
    expect(memberId).not.toBe(old);
    expect(h.state).toBe('Stable');
    expect((await h.sync(memberId, { groupInstanceId: 'two' })).now.assignment).toEqual(bytes(1));
    expect(await h.heartbeat(memberId, { groupInstanceId: 'two' })).toBe(0);
    expect(await h.heartbeat(old, { groupInstanceId: 'two' })).toBe(82);
    expect((await h.sync(old, { groupInstanceId: 'two' })).now.errorCode).toBe(82);
    expect((await h.join({ memberId: old, groupInstanceId: 'two' })).now.errorCode).toBe(82);
    expect(await h.commit({ memberId: old, groupInstanceId: 'two', generationIdOrMemberEpoch: 1 })).toBe(82);
    expect(await h.leave(old, 'two')).toBe(82);
  });

  it('an old id without its instance id is merely unknown: fencing is off', async () => {
    const h = new Harness();
    const [, old] = (await h.stableStatic(['one', 'two'])) as [string, string];
    await restart(h, 'two');
    expect(await h.heartbeat(old)).toBe(25);
  });

  it('keeps its place among the members, and the timer of the old id is gone (KAFKA-7196)', async () => {
    const h = new Harness();
    const [first, second, third] = (await h.stableStatic(['one', 'two', 'three'])) as [
      string,
      string,
      string,
    ];
    const { memberId } = (await restart(h, 'two')).now;
    expect(h.snapshot().members.map((member) => member.memberId)).toEqual([first, memberId, third]);
    expect(h.snapshot().timers).toContain(`session:${memberId}`);
    expect(h.snapshot().timers).not.toContain(`session:${second}`);
  });

  it('before v9 a restarted leader is told of its old id as leader, without members: it takes itself for a follower', async () => {
    const h = new Harness();
    const [old] = (await h.stableStatic(['one', 'two'])) as [string, string];
    const { now } = await restart(h, 'one', { version: 8 });
    expect(now).toMatchObject({ errorCode: 0, leader: old, members: [], skipAssignment: false });
    expect(h.snapshot().leaderId).toBe(now.memberId);
  });

  it('from v9 on a restarted leader leads, with members, and skips the assignment (KIP-814)', async () => {
    const h = new Harness();
    const [, second] = (await h.stableStatic(['one', 'two'])) as [string, string];
    const { now } = await restart(h, 'one', { version: 9 });
    expect(now).toMatchObject({ errorCode: 0, leader: now.memberId, skipAssignment: true });
    expect(now.members.map(({ memberId }) => memberId)).toEqual([now.memberId, second]);
    // It syncs with no assignments and gets what it had.
    expect((await h.sync(now.memberId, { groupInstanceId: 'one' })).now.assignment).toEqual(bytes(0));
    expect(h.state).toBe('Stable');
  });

  it('from v9 on a restarted follower does not skip', async () => {
    const h = new Harness();
    await h.stableStatic(['one', 'two']);
    expect((await restart(h, 'two', { version: 9 })).now).toMatchObject({
      skipAssignment: false,
      members: [],
    });
  });

  it('changed metadata with the same protocol is stored without a rebalance', async () => {
    const h = new Harness();
    await h.stableStatic(['one', 'two']);
    const metadata = subscription('t', 'u');
    const { memberId } = (await restart(h, 'two', { protocols: [protocol('range', metadata)] })).now;
    expect(h.state).toBe('Stable');
    // Its next join with that metadata is no change.
    const again = await h.join({
      memberId,
      groupInstanceId: 'two',
      protocols: [protocol('range', metadata)],
    });
    expect(again.now).toMatchObject({ errorCode: 0, generationId: 1 });
  });

  it('has its timeouts updated (KAFKA-14009); its first session still has the old one', async () => {
    const h = new Harness();
    await h.stableStatic(['one', 'two'], { sessionTimeoutMs: 20_000 });
    const { memberId } = (await restart(h, 'two', { sessionTimeoutMs: 8_000, rebalanceTimeoutMs: 99_000 }))
      .now;
    expect(h.snapshot().members[1]).toMatchObject({ sessionTimeoutMs: 8_000, rebalanceTimeoutMs: 99_000 });
    await h.advance(19_999);
    expect(h.snapshot().members.map((member) => member.memberId)).toContain(memberId);
    expect(await h.heartbeat(memberId)).toBe(0);
    await h.advance(7_999);
    expect(h.snapshot().members.map((member) => member.memberId)).toContain(memberId);
    await h.advance(1);
    expect(h.snapshot().members.map((member) => member.memberId)).not.toContain(memberId);
  });

  it('each restart fences the one before', async () => {
    const h = new Harness();
    await h.stableStatic(['one']);
    const first = (await restart(h, 'one')).now.memberId;
    const second = (await restart(h, 'one')).now.memberId;
    expect(second).not.toBe(first);
    expect(await h.heartbeat(first, { groupInstanceId: 'one' })).toBe(82);
    expect(await h.heartbeat(second, { groupInstanceId: 'one' })).toBe(0);
  });

  it('of a member that had not synced: the pending-sync timer begins a rebalance for the old id (quirk of Kafka)', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stableStatic(['one', 'two'], { sessionTimeoutMs: 100_000 })) as [
      string,
      string,
    ];
    const join = await h.join({ memberId: leader, groupInstanceId: 'one', sessionTimeoutMs: 100_000 });
    await h.join({ memberId: follower, groupInstanceId: 'two', sessionTimeoutMs: 100_000 });
    expect(join.now.generationId).toBe(2);
    await h.sync(leader, { groupInstanceId: 'one' });
    const { memberId } = (await restart(h, 'two', { sessionTimeoutMs: 100_000 })).now;
    await h.sync(memberId, { groupInstanceId: 'two' });
    expect(h.snapshot()).toMatchObject({ state: 'Stable', pendingSync: [follower] });
    await h.advance(60_000);
    expect(h.state).toBe('PreparingRebalance');
    expect(h.snapshot().members.map((member) => member.memberId)).toEqual([leader, memberId]);
  });
});

describe('static member: the new id is stored (KAFKA-10284)', () => {
  it('survives a move of the coordinator', async () => {
    const h = new Harness();
    const [, old] = (await h.stableStatic(['one', 'two'])) as [string, string];
    const { memberId } = (await restart(h, 'two')).now;
    h.coordinator.load(h.coordinator.unload());
    expect(await h.heartbeat(memberId, { groupInstanceId: 'two' })).toBe(0);
    expect(await h.heartbeat(old, { groupInstanceId: 'two' })).toBe(82);
  });

  it('is taken back when it cannot be stored', async () => {
    let outcome = 0;
    const h = new Harness({ append: () => outcome });
    const [first, second] = (await h.stableStatic(['one', 'two'])) as [string, string];
    outcome = 7;
    const join = await restart(h, 'one', {
      rebalanceTimeoutMs: 1_000,
      protocols: [protocol('range', bytes(0, 9))],
    });
    expect(join.now).toMatchObject({ errorCode: 15, memberId: '' });
    expect(h.snapshot()).toMatchObject({ state: 'Stable', leaderId: first });
    expect(h.snapshot().members.map(({ memberId }) => memberId)).toEqual([first, second]);
    expect(h.snapshot().members[0]).toMatchObject({
      rebalanceTimeoutMs: 60_000,
      assignment: bytes(0),
      joinParked: false,
    });
    expect(await h.heartbeat(first, { groupInstanceId: 'one' })).toBe(0);
    expect([...h.snapshot().support]).toEqual([['range', 2]]);
  });

  it('a second restart while the first is being stored fences the first', async () => {
    const writes: ((code: number) => void)[] = [];
    let delay = false;
    const append = (): number | Promise<number> =>
      delay ? new Promise<number>((resolve) => writes.push(resolve)) : 0;
    const h = new Harness({ append });
    await h.stableStatic(['one']);
    delay = true;
    const first = await restart(h, 'one');
    const second = await restart(h, 'one');
    expect(first.now.errorCode).toBe(82);
    writes[0]?.(0);
    await h.advance(0);
    expect(second.parked).toBe(true);
    writes[1]?.(0);
    await h.advance(0);
    expect(second.now).toMatchObject({ errorCode: 0, generationId: 1 });
  });
});

describe('static member: a rebalance begins while the new id is being stored', () => {
  it('the join is answered by the rebalance, and the end of the write answers nothing else', async () => {
    const writes: ((code: number) => void)[] = [];
    let delay = false;
    const append = (): number | Promise<number> =>
      delay ? new Promise<number>((resolve) => writes.push(resolve)) : 0;
    const h = new Harness({ append });
    await h.stableStatic(['one']);
    delay = true;
    const restarted = await restart(h, 'one');
    expect(restarted.parked).toBe(true);
    await h.joinNew();
    const { memberId, generationId } = restarted.now;
    expect(generationId).toBe(2);
    const changed = { protocols: [protocol('range', subscription('t', 'u'))] };
    const again = await h.join({ memberId, groupInstanceId: 'one', ...changed });
    writes[0]?.(0);
    await h.advance(0);
    expect(again.parked).toBe(true);
  });
});

describe('static member: restart that costs a rebalance', () => {
  it('in Stable when the group would choose another protocol', async () => {
    const h = new Harness();
    await h.stableStatic(['one'], { protocols: [protocol('a'), protocol('b')] });
    const join = await restart(h, 'one', { protocols: [protocol('b')] });
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 2, protocolName: 'b' });
    expect(h.state).toBe('CompletingRebalance');
  });

  it("in CompletingRebalance at once; the old one's parked SyncGroup is fenced, the others' answered 27 (KAFKA-9801)", async () => {
    const h = new Harness();
    await restart(h, 'one');
    await restart(h, 'two');
    await restart(h, 'three');
    await h.advance(6_000);
    const [, two, three] = h.snapshot().members.map(({ memberId }) => memberId) as [string, string, string];
    const fenced = await h.sync(two, { groupInstanceId: 'two' });
    const other = await h.sync(three, { groupInstanceId: 'three' });
    const join = await restart(h, 'two');
    expect(h.state).toBe('PreparingRebalance');
    expect(fenced.now.errorCode).toBe(82);
    expect(other.now.errorCode).toBe(27);
    expect(join.parked).toBe(true);
  });

  it('in PreparingRebalance replaces, fences the parked JoinGroup, and may complete the join', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stableStatic(['one', 'two'])) as [string, string];
    const fenced = await h.join({ memberId: leader, groupInstanceId: 'one' });
    const restarted = await restart(h, 'one');
    expect(fenced.now).toMatchObject({ errorCode: 82, memberId: leader });
    expect(restarted.parked).toBe(true);
    await h.join({ memberId: follower, groupInstanceId: 'two' });
    expect(restarted.now).toMatchObject({ errorCode: 0, generationId: 2, leader: restarted.now.memberId });
  });

  it('in PreparingRebalance of an absent member: its JoinGroup is the last one missing', async () => {
    const h = new Harness();
    const [leader] = (await h.stableStatic(['one', 'two'])) as [string];
    const join = await h.join({ memberId: leader, groupInstanceId: 'one' });
    const restarted = await restart(h, 'two');
    expect(join.now.members.map(({ memberId }) => memberId)).toEqual([leader, restarted.now.memberId]);
  });

  it('during the initial delay replaces without ending it', async () => {
    const h = new Harness();
    const fenced = await restart(h, 'one');
    const join = await restart(h, 'one');
    expect(fenced.now.errorCode).toBe(82);
    expect(join.parked).toBe(true);
    await h.advance(3_000);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 1, leader: join.now.memberId });
  });
});

describe('static member: absent from a join phase', () => {
  it('is not dropped at the join timeout, and counts with its old metadata (KAFKA-8220)', async () => {
    const h = new Harness();
    const given = { sessionTimeoutMs: 200_000 };
    const [leader, absent] = (await h.stableStatic(['one', 'two'], given)) as [string, string];
    const join = await h.join({ memberId: leader, groupInstanceId: 'one', ...given });
    await h.advance(60_000);
    expect(join.now.members.map(({ memberId }) => memberId)).toEqual([leader, absent]);
    expect(h.snapshot().pendingSync).toEqual([leader, absent]);
    await h.sync(leader, {
      groupInstanceId: 'one',
      assignments: [{ memberId: absent, assignment: bytes(5) }],
    });
    expect(h.snapshot().members[1]?.assignment).toEqual(bytes(5));
  });

  it('that is absent in the next generation too is removed by the pending-sync timer', async () => {
    const h = new Harness();
    const given = { sessionTimeoutMs: 200_000 };
    const [leader] = (await h.stableStatic(['one', 'two'], given)) as [string];
    await h.join({ memberId: leader, groupInstanceId: 'one', ...given });
    await h.advance(60_000);
    await h.sync(leader, { groupInstanceId: 'one' });
    await h.advance(60_000);
    expect(h.snapshot().members.map(({ memberId }) => memberId)).toEqual([leader]);
    expect([...h.snapshot().staticMembers.keys()]).toEqual(['one']);
  });

  it('or by its session timer, when that fires first', async () => {
    const h = new Harness();
    const [leader] = (await h.stableStatic(['one', 'two'], { sessionTimeoutMs: 70_000 })) as [string];
    await h.join({
      memberId: leader,
      groupInstanceId: 'one',
      sessionTimeoutMs: 200_000,
      rebalanceTimeoutMs: 90_000,
    });
    await h.advance(60_000);
    expect(h.snapshot().generationId).toBe(1);
    // The group's timeout is now 90 s; the absent member's session ended at 70 s and completes the join.
    await h.advance(10_000);
    expect(h.snapshot()).toMatchObject({ generationId: 2 });
    expect([...h.snapshot().staticMembers.keys()]).toEqual(['one']);
  });

  it('a leader that is absent loses its role to the first member that has joined', async () => {
    const h = new Harness();
    const given = { sessionTimeoutMs: 200_000 };
    const [leader, second] = (await h.stableStatic(['one', 'two'], given)) as [string, string];
    const changed = { ...given, protocols: [protocol('range', subscription('t', 'u'))] };
    const join = await h.join({ memberId: second, groupInstanceId: 'two', ...changed });
    await h.advance(60_000);
    expect(join.now).toMatchObject({ errorCode: 0, leader: second });
    expect(join.now.members.map(({ memberId }) => memberId)).toEqual([leader, second]);
  });

  it('when nobody at all joins, the phase goes on for another rebalance timeout', async () => {
    const h = new Harness();
    const given = { sessionTimeoutMs: 100_000 };
    await h.stableStatic(['one', 'two'], given);
    const { memberId } = (await h.join({ sessionTimeoutMs: 6_000 })).now;
    await h.leave(memberId);
    expect(h.state).toBe('PreparingRebalance');
    await h.advance(60_000);
    expect(h.snapshot()).toMatchObject({ state: 'PreparingRebalance', generationId: 1 });
    expect(h.snapshot().timers).toContain('join');
    const join = await restart(h, 'two', given);
    await h.advance(40_000);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 2 });
  });
});

describe('static member: with its id', () => {
  it('an unknown instance id with a known member id is 25', async () => {
    const h = new Harness();
    const [member] = (await h.stableStatic(['one'])) as [string];
    expect((await h.join({ memberId: member, groupInstanceId: 'other' })).now.errorCode).toBe(25);
    expect(await h.heartbeat(member, { groupInstanceId: 'other' })).toBe(25);
    expect((await h.sync(member, { groupInstanceId: 'other' })).now.errorCode).toBe(25);
    expect(await h.commit({ memberId: member, groupInstanceId: 'other', generationIdOrMemberEpoch: 1 })).toBe(
      25,
    );
  });

  it('session expiry removes it like any other, and its instance id is free again', async () => {
    const h = new Harness();
    await h.stableStatic(['one']);
    await h.advance(10_000);
    expect(h.snapshot()).toMatchObject({ state: 'Empty', members: [] });
    expect(h.snapshot().staticMembers.size).toBe(0);
    const join = await restart(h, 'one');
    await h.advance(3_000);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 3 });
  });

  it('a leader that joins again in Stable begins a rebalance', async () => {
    const h = new Harness();
    const [leader] = (await h.stableStatic(['one', 'two'])) as [string];
    expect((await h.join({ memberId: leader, groupInstanceId: 'one' })).parked).toBe(true);
  });
});
