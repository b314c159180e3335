/** The join phase of a group that has members. */
import { describe, expect, it } from 'vitest';
import { bytes, protocol, subscription } from './support/bodies.ts';
import { Harness } from './support/harness.ts';

describe('join phase', () => {
  it('ends as soon as all members have joined, with a higher generation', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stable(2)) as [string, string];
    const first = await h.join({ memberId: leader });
    expect(first.parked).toBe(true);
    const second = await h.join({ memberId: follower });
    expect(first.now).toMatchObject({ errorCode: 0, generationId: 2, leader });
    expect(second.now).toMatchObject({ errorCode: 0, generationId: 2, leader });
    expect(h.state).toBe('CompletingRebalance');
  });

  it('drops dynamic members that have not joined within the longest rebalance timeout', async () => {
    const h = new Harness();
    await h.joinNew({ rebalanceTimeoutMs: 20_000 });
    await h.joinNew({ rebalanceTimeoutMs: 30_000, sessionTimeoutMs: 60_000 });
    await h.advance(6_000);
    const [leader, follower] = h.snapshot().members.map(({ memberId }) => memberId) as [string, string];
    await h.syncAll([leader, follower]);
    const join = await h.join({ memberId: leader, rebalanceTimeoutMs: 20_000 });
    await h.advance(29_999);
    expect(join.parked).toBe(true);
    await h.advance(1);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 2 });
    expect(h.snapshot().members.map(({ memberId }) => memberId)).toEqual([leader]);
    expect(h.snapshot().timers).not.toContain(`session:${follower}`);
    expect(await h.heartbeat(follower)).toBe(25);
  });

  it('elects the first member that has joined when the leader has not', async () => {
    const h = new Harness();
    const [leader, second, third] = (await h.stable(3, { sessionTimeoutMs: 300_000 })) as [
      string,
      string,
      string,
    ];
    const newProtocols = {
      protocols: [protocol('range', subscription('t', 'u'))],
      sessionTimeoutMs: 300_000,
    };
    const joinThird = await h.join({ memberId: third, ...newProtocols });
    const joinSecond = await h.join({ memberId: second, ...newProtocols });
    await h.advance(60_000);
    expect(joinSecond.now.leader).toBe(second);
    expect(joinSecond.now.members.map(({ memberId }) => memberId)).toEqual([second, third]);
    expect(joinThird.now).toMatchObject({ leader: second, members: [] });
    expect(await h.heartbeat(leader)).toBe(25);
  });

  it('waits for the holder of a pending id, but no longer than its session timeout (KAFKA-7909)', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(1)) as [string];
    await h.join({ sessionTimeoutMs: 8_000 });
    const join = await h.join({ memberId: leader });
    await h.advance(7_999);
    expect(join.parked).toBe(true);
    await h.advance(1);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 2 });
  });

  it('ends with the join of the holder of a pending id (KAFKA-7909)', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(1)) as [string];
    const { memberId } = (await h.join()).now;
    const first = await h.join({ memberId: leader });
    const second = await h.join({ memberId });
    expect(first.now.members).toHaveLength(2);
    expect(second.now.generationId).toBe(2);
  });

  it('a new member in Stable starts one, and old members learn by their heartbeats', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(1)) as [string];
    const { join } = await h.joinNew();
    expect(await h.heartbeat(leader)).toBe(27);
    await h.join({ memberId: leader });
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 2, leader });
  });

  it('from CompletingRebalance answers parked SyncGroups 27, clears assignments and restarts sessions', async () => {
    const h = new Harness();
    const [, follower] = (await h.completing(2)) as [string, string];
    await h.advance(9_000);
    const sync = await h.sync(follower);
    await h.joinNew();
    expect(sync.now).toMatchObject({ errorCode: 27, assignment: bytes(), protocolName: null });
    await h.advance(9_999);
    expect(h.snapshot().members.map(({ memberId }) => memberId)).toContain(follower);
  });

  it('chooses the protocol by vote', async () => {
    const h = new Harness();
    const first = await h.joinNew({ protocols: [protocol('range'), protocol('sticky')] });
    await h.joinNew({ protocols: [protocol('sticky'), protocol('range')] });
    await h.joinNew({ protocols: [protocol('sticky'), protocol('range')] });
    await h.advance(6_000);
    expect(first.join.now.protocolName).toBe('sticky');
    expect(h.snapshot().protocolName).toBe('sticky');
  });

  it('knows the topics of a consumer group, and not those of another type or of odd bytes', async () => {
    const topics = async (
      given: Parameters<Harness['joinNew']>[0],
    ): Promise<readonly string[] | undefined> => {
      const h = new Harness();
      await h.completing(1, given);
      return h.snapshot().subscribedTopics;
    };
    expect(await topics({ protocols: [protocol('range', subscription('b', 'a'))] })).toEqual(['b', 'a']);
    expect(await topics({ protocols: [protocol('range', bytes(0))] })).toBeUndefined();
    expect(await topics({ protocols: [protocol('range', bytes(0, 0, 0x7f, 0, 0, 0))] })).toBeUndefined();
    expect(
      await topics({ protocolType: 'connect', protocols: [protocol('range', subscription('a'))] }),
    ).toBeUndefined();
  });

  it('the generation grows by one each time, also when the group becomes empty', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    expect(h.snapshot().generationId).toBe(1);
    await h.leave(member);
    expect(h.snapshot()).toMatchObject({ state: 'Empty', generationId: 2, leaderId: undefined });
    await h.stable(1);
    expect(h.snapshot().generationId).toBe(3);
  });

  it('tells an observer every move', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(1)) as [string];
    await h.leave(leader);
    const moves = h.events
      .filter(({ type }) => type === 'state')
      .map((e) => ('from' in e ? `${e.from}>${e.to}` : ''));
    expect(moves).toEqual([
      'Empty>PreparingRebalance',
      'PreparingRebalance>CompletingRebalance',
      'CompletingRebalance>Stable',
      'Stable>PreparingRebalance',
      'PreparingRebalance>Empty',
    ]);
    expect(h.events.map(({ type }) => type)).toEqual([
      'group-created',
      'member-pending',
      'member-added',
      'state',
      'state',
      'generation-started',
      'member-synced',
      'state',
      'assignment-stored',
      'member-removed',
      'state',
      'state',
    ]);
  });
});

describe('members that join but never sync (KAFKA-12890)', () => {
  it('are removed when the rebalance timeout is over, and the others rebalance', async () => {
    const h = new Harness();
    const given = { sessionTimeoutMs: 100_000, rebalanceTimeoutMs: 20_000 };
    const [leader, follower] = (await h.completing(2, given)) as [string, string];
    const sync = await h.sync(leader, { assignments: [] });
    expect(sync.now.errorCode).toBe(0);
    await h.advance(19_999);
    expect(h.state).toBe('Stable');
    await h.advance(1);
    expect(h.snapshot()).toMatchObject({ state: 'PreparingRebalance', pendingSync: [] });
    expect(h.snapshot().members.map(({ memberId }) => memberId)).toEqual([leader]);
    expect(h.snapshot().timers).not.toContain(`session:${follower}`);
  });

  it('includes a leader that never assigns: those who wait are answered 27', async () => {
    const h = new Harness();
    const given = { sessionTimeoutMs: 100_000, rebalanceTimeoutMs: 20_000 };
    const [leader, follower] = (await h.completing(2, given)) as [string, string];
    const sync = await h.sync(follower);
    await h.advance(20_000);
    expect(sync.now.errorCode).toBe(27);
    expect(h.snapshot()).toMatchObject({ state: 'PreparingRebalance', leaderId: follower });
    expect(await h.heartbeat(leader)).toBe(25);
  });

  it('the timer is gone once all have synced', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.completing(2)) as [string, string];
    await h.sync(leader);
    expect(h.snapshot()).toMatchObject({ state: 'Stable', pendingSync: [follower] });
    expect(h.snapshot().timers).toContain('sync');
    await h.sync(follower);
    expect(h.snapshot().timers).not.toContain('sync');
  });

  it('the timer is gone when the next rebalance begins', async () => {
    const h = new Harness();
    const [leader] = (await h.completing(2)) as [string, string];
    await h.sync(leader);
    await h.join({ memberId: leader });
    expect(h.snapshot().timers).not.toContain('sync');
  });
});
