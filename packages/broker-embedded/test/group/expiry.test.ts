/** Sessions that end, in every state. */
import { describe, expect, it } from 'vitest';
import { Harness } from './support/harness.ts';

const members = (h: Harness): string[] => h.snapshot().members.map(({ memberId }) => memberId);

describe('session expiry', () => {
  it('in Stable removes the member and begins a rebalance', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stable(2)) as [string, string];
    await h.advance(9_000);
    await h.heartbeat(leader);
    await h.advance(1_000);
    expect(h.state).toBe('PreparingRebalance');
    expect(members(h)).toEqual([leader]);
    expect(await h.heartbeat(follower)).toBe(25);
  });

  it('in CompletingRebalance removes the member and begins a rebalance; parked SyncGroups are answered 27', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.completing(2)) as [string, string];
    const sync = await h.sync(follower);
    await h.advance(10_000);
    expect(members(h)).toEqual([follower]);
    expect(sync.now.errorCode).toBe(27);
    expect(h.snapshot()).toMatchObject({ state: 'PreparingRebalance', leaderId: follower });
    expect(await h.heartbeat(leader)).toBe(25);
  });

  it('in PreparingRebalance removes the member and ends the join phase when the others are in', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stable(2)) as [string, string];
    const join = await h.join({ memberId: leader });
    await h.advance(10_000);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 2 });
    expect(members(h)).toEqual([leader]);
    expect(h.snapshot().timers).not.toContain(`session:${follower}`);
  });

  it('of the last member empties the group at once', async () => {
    const h = new Harness();
    await h.stable(1);
    await h.advance(10_000);
    expect(h.snapshot()).toMatchObject({ state: 'Empty', members: [], generationId: 2, timers: [] });
  });

  it('does not touch a member whose JoinGroup is parked', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stable(2)) as [string, string];
    const join = await h.join({ memberId: leader });
    for (let i = 0; i < 5; i++) {
      await h.advance(9_000);
      expect(await h.heartbeat(follower)).toBe(27);
    }
    expect(join.parked).toBe(true);
    expect(members(h)).toEqual([leader, follower]);
  });

  it('does not touch a member whose SyncGroup is parked, and its session starts anew with the answer', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.completing(2)) as [string, string];
    const sync = await h.sync(follower);
    for (let i = 0; i < 3; i++) {
      await h.advance(9_000);
      expect(await h.heartbeat(leader)).toBe(0);
    }
    expect(sync.parked).toBe(true);
    await h.sync(leader);
    expect(sync.now.errorCode).toBe(0);
    await h.advance(9_999);
    expect(members(h)).toContain(follower);
    await h.advance(1);
    expect(h.snapshot().members).toEqual([]);
  });

  it('is restarted, not extended: a heartbeat gives the whole session timeout and no more', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    await h.advance(1_000);
    await h.heartbeat(member);
    await h.heartbeat(member);
    await h.advance(10_000);
    expect(h.state).toBe('Empty');
  });

  it('each member has its own timeout', async () => {
    const h = new Harness();
    await h.joinNew({ sessionTimeoutMs: 30_000 });
    await h.joinNew({ sessionTimeoutMs: 8_000 });
    await h.advance(6_000);
    const [slow, quick] = members(h) as [string, string];
    await h.syncAll([slow, quick]);
    await h.advance(8_000);
    expect(members(h)).toEqual([slow]);
  });

  it('the timeout of a new JoinGroup counts from then on', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(1)) as [string];
    await h.join({ memberId: leader, sessionTimeoutMs: 20_000 });
    await h.sync(leader);
    await h.advance(19_999);
    expect(members(h)).toEqual([leader]);
    await h.advance(1);
    expect(h.state).toBe('Empty');
  });
});

describe('new members (KAFKA-7610, KAFKA-9232, KAFKA-9752)', () => {
  /** A group whose old member keeps its session but never joins again, so that joins stay parked. */
  async function stuckGroup(): Promise<{ h: Harness; keepAlive: (ms: number) => Promise<void> }> {
    const h = new Harness();
    const [old] = (await h.stable(1, { rebalanceTimeoutMs: 900_000 })) as [string];
    const keepAlive = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 5_000) {
        await h.advance(5_000);
        await h.heartbeat(old);
      }
    };
    return { h, keepAlive };
  }

  it.each([0, 3, 5])('a parked first JoinGroup of v%i is answered 25 after five minutes', async (version) => {
    const { h, keepAlive } = await stuckGroup();
    const given = {
      version,
      rebalanceTimeoutMs: 900_000,
      sessionTimeoutMs: version === 0 ? 900_000 : 10_000,
    };
    const join = version < 4 ? await h.join(given) : (await h.joinNew(given)).join;
    await keepAlive(295_000);
    expect(join.parked).toBe(true);
    await keepAlive(5_000);
    expect(join.now).toMatchObject({ errorCode: 25, memberId: '' });
    expect(h.snapshot().members).toHaveLength(1);
  });

  it('are not removed by their short session timeout while they wait', async () => {
    const { h, keepAlive } = await stuckGroup();
    const { join } = await h.joinNew({ sessionTimeoutMs: 6_000 });
    await keepAlive(60_000);
    expect(join.parked).toBe(true);
    expect(h.snapshot().members).toHaveLength(2);
  });

  it('that retry without their id do not pile up for ever', async () => {
    const { h, keepAlive } = await stuckGroup();
    for (let i = 0; i < 5; i++) await h.join({ version: 3, rebalanceTimeoutMs: 900_000 });
    expect(h.snapshot().members).toHaveLength(6);
    await keepAlive(300_000);
    expect(h.snapshot().members).toHaveLength(1);
  });

  it('whose wait is over complete the join for the others', async () => {
    const h = new Harness();
    const [old] = (await h.stable(1, { rebalanceTimeoutMs: 900_000 })) as [string];
    const gone = await h.joinNew({ rebalanceTimeoutMs: 900_000 });
    // Both wait; only a pending id holds the phase up, and it is given again and again.
    await h.join({ sessionTimeoutMs: 300_000 });
    const join = await h.join({ memberId: old });
    expect(join.parked).toBe(true);
    await h.advance(300_000);
    expect(gone.join.now.errorCode).toBe(25);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 2 });
  });

  it('are ordinary members once they have been in a generation', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    expect(h.snapshot().members[0]?.isNew).toBe(false);
    await h.advance(10_000);
    expect(h.events).toContainEqual(expect.objectContaining({ type: 'session-expired', memberId: member }));
  });
});
