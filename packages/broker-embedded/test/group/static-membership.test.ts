/** Static members (KIP-345). */
import { describe, expect, it } from 'vitest';
import { bytes, protocol, subscription } from './support/bodies.ts';
import { DelayedTopic, Harness, type JoinGiven } from './support/harness.ts';

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

  it('in a full group is refused by 81: without its id it counts as one more (as in Kafka)', async () => {
    const h = new Harness({ groupMaxSize: 2 });
    const [, second] = (await h.stableStatic(['one', 'two'])) as [string, string];
    expect((await restart(h, 'two')).now).toMatchObject({ errorCode: 81, memberId: '' });
    expect(await h.heartbeat(second, { groupInstanceId: 'two' })).toBe(0);
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
    const topic = new DelayedTopic();
    const h = new Harness({ append: topic.append });
    await h.stableStatic(['one']);
    topic.delay = true;
    const first = await restart(h, 'one');
    const second = await restart(h, 'one');
    expect(first.now.errorCode).toBe(82);
    await topic.complete(0);
    expect(second.parked).toBe(true);
    await topic.complete(1);
    expect(second.now).toMatchObject({ errorCode: 0, generationId: 1 });
  });

  it('a restart that cannot be stored, but that a second one has followed, is not taken back', async () => {
    const topic = new DelayedTopic();
    const h = new Harness({ append: topic.append });
    await h.stableStatic(['one']);
    topic.delay = true;
    await restart(h, 'one');
    const second = await restart(h, 'one');
    await topic.complete(0, 7);
    await topic.complete(1);
    expect(second.now).toMatchObject({ errorCode: 0, generationId: 1 });
    expect([...h.snapshot().staticMembers]).toEqual([['one', second.now.memberId]]);
  });
});

describe('static member: a rebalance begins while the new id is being stored', () => {
  it('the join is answered by the rebalance, and the end of the write answers nothing else', async () => {
    const topic = new DelayedTopic();
    const h = new Harness({ append: topic.append });
    await h.stableStatic(['one']);
    topic.delay = true;
    const restarted = await restart(h, 'one');
    expect(restarted.parked).toBe(true);
    await h.joinNew();
    const { memberId, generationId } = restarted.now;
    expect(generationId).toBe(2);
    const changed = { protocols: [protocol('range', subscription('t', 'u'))] };
    const again = await h.join({ memberId, groupInstanceId: 'one', ...changed });
    await topic.complete(0);
    expect(again.parked).toBe(true);
  });
});
