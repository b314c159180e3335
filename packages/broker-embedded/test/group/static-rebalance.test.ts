/** Static members and rebalances: restarts that cost one, and absence from one (KIP-345). */
import { describe, expect, it } from 'vitest';
import { bytes, protocol, subscription } from './support/bodies.ts';
import { Harness, type JoinGiven } from './support/harness.ts';

const restart = (h: Harness, groupInstanceId: string, given: JoinGiven = {}) =>
  h.join({ groupInstanceId, ...given });

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
