/** The delay before the first generation of an empty group (KIP-134), with Kafka's quirks. */
import { describe, expect, it } from 'vitest';
import { Harness } from './support/harness.ts';

/** When, in ms, the group leaves PreparingRebalance. */
async function endOfDelay(h: Harness, stepMs = 500): Promise<number> {
  for (let i = 0; i < 1_000 && h.state === 'PreparingRebalance'; i++) await h.advance(stepMs);
  return h.clock.monotonic();
}

describe('initial rebalance delay', () => {
  it('ends after the delay when nobody else comes', async () => {
    const h = new Harness();
    const { join } = await h.joinNew();
    await h.advance(2_999);
    expect(join.parked).toBe(true);
    await h.advance(1);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 1 });
  });

  it('never ends early, although all known members are in', async () => {
    const h = new Harness();
    const first = await h.joinNew();
    const second = await h.joinNew();
    await h.advance(2_999);
    expect(first.join.parked && second.join.parked).toBe(true);
  });

  it('is extended by each round in which a member came', async () => {
    const h = new Harness();
    await h.joinNew();
    await h.advance(2_900);
    await h.joinNew();
    await h.advance(100);
    expect(h.state).toBe('PreparingRebalance');
    await h.advance(2_999);
    expect(h.state).toBe('PreparingRebalance');
    await h.advance(1);
    expect(h.state).toBe('CompletingRebalance');
    expect(h.snapshot().members).toHaveLength(2);
  });

  it('is bounded by the rebalance timeout however many come', async () => {
    const h = new Harness();
    // 10 s: rounds of 3, 3, 3 s, and remaining 7, 4, 1 and then 0.
    await h.joinNew({ rebalanceTimeoutMs: 10_000 });
    for (let i = 0; i < 30 && h.state === 'PreparingRebalance'; i++) {
      await h.advance(1_000);
      if (h.state === 'PreparingRebalance') await h.joinNew({ rebalanceTimeoutMs: 10_000 });
    }
    expect(h.clock.monotonic()).toBe(10_000);
    expect(h.state).toBe('CompletingRebalance');
  });

  it('takes the bound from the first member: the timeouts of those who come later do not count', async () => {
    const h = new Harness();
    await h.joinNew({ rebalanceTimeoutMs: 6_000 });
    for (let i = 0; i < 30 && h.state === 'PreparingRebalance'; i++) {
      await h.joinNew({ rebalanceTimeoutMs: 600_000 });
      await h.advance(1_000);
    }
    expect(h.clock.monotonic()).toBe(6_000);
  });

  it('is not extended at all when the rebalance timeout is no longer than the delay', async () => {
    const h = new Harness();
    await h.joinNew({ rebalanceTimeoutMs: 3_000 });
    await h.joinNew({ rebalanceTimeoutMs: 3_000 });
    expect(await endOfDelay(h)).toBe(3_000);
  });

  it('of 0 ends in the same millisecond', async () => {
    const h = new Harness({ initialRebalanceDelayMs: 0 });
    const { join } = await h.joinNew();
    await h.advance(0);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 1 });
  });

  it('a pending id does not hold the first generation back', async () => {
    const h = new Harness();
    await h.joinNew();
    const { memberId } = (await h.join()).now;
    expect(await endOfDelay(h)).toBe(3_000);
    expect(h.snapshot()).toMatchObject({ state: 'CompletingRebalance', pendingJoin: [memberId] });
  });

  it('leaving does not end it, and an emptied group goes back to Empty with a new generation', async () => {
    const h = new Harness();
    const { id, join } = await h.joinNew();
    expect(await h.leave(id)).toBe(0);
    expect(join.now).toMatchObject({ errorCode: 25, memberId: '' });
    expect(h.state).toBe('PreparingRebalance');
    await h.advance(3_000);
    expect(h.snapshot()).toMatchObject({
      state: 'Empty',
      generationId: 1,
      protocolName: undefined,
      timers: [],
    });
  });

  it("an expiring pending id ends it early when all members are in (quirk of Kafka's expiry paths)", async () => {
    const h = new Harness({ initialRebalanceDelayMs: 20_000 });
    await h.join({ sessionTimeoutMs: 6_000 });
    await h.joinNew();
    expect(await endOfDelay(h)).toBe(6_000);
    expect(h.state).toBe('CompletingRebalance');
  });

  it('an expiring new member ends it early when all others are in (same quirk)', async () => {
    const h = new Harness({ initialRebalanceDelayMs: 200_000, newMemberJoinTimeoutMs: 100_000 });
    await h.joinNew({ rebalanceTimeoutMs: 900_000 });
    await h.advance(50_000);
    await h.joinNew({ rebalanceTimeoutMs: 900_000 });
    expect(await endOfDelay(h, 10_000)).toBe(100_000);
    expect(h.snapshot().members).toHaveLength(1);
  });

  it('comes back when a group that was empty is joined again', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    await h.leave(member);
    const startMs = h.clock.monotonic();
    await h.joinNew();
    expect((await endOfDelay(h)) - startMs).toBe(3_000);
  });

  it('is not extended because of a member that came in an ordinary rebalance', async () => {
    const h = new Harness();
    const [first] = (await h.stable(1)) as [string];
    const second = await h.joinNew();
    const third = await h.joinNew();
    await h.join({ memberId: first });
    for (const memberId of [second.id, third.id, first]) await h.leave(memberId);
    expect(h.state).toBe('Empty');
    const startMs = h.clock.monotonic();
    await h.joinNew();
    expect((await endOfDelay(h)) - startMs).toBe(3_000);
  });

  it('is extended once because of a member that came in a delay that could not be extended (quirk of Kafka)', async () => {
    const h = new Harness();
    const given = { rebalanceTimeoutMs: 3_000 };
    const first = await h.joinNew(given);
    const second = await h.joinNew(given);
    await h.advance(3_000);
    await h.leave(first.id);
    await h.leave(second.id);
    expect(h.state).toBe('Empty');
    const startMs = h.clock.monotonic();
    await h.joinNew();
    expect((await endOfDelay(h)) - startMs).toBe(6_000);
  });
});
