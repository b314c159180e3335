/** When offsets, and groups without any, are removed (KIP-211). */
import { describe, expect, it } from 'vitest';
import { protocol, subscription } from './support/bodies.ts';
import { Harness } from './support/harness.ts';

const HOUR = 3_600_000;
const ROUND = 600_000;

/** A coordinator with an hour of retention. */
const harness = () => new Harness({ offsetsRetentionMs: HOUR });

const offsets = (h: Harness): number => h.coordinator.snapshot('g')?.offsets.length ?? -1;

/** Lets time pass while the member keeps its session. */
async function alive(h: Harness, memberId: string, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 300_000) {
    await h.advance(300_000);
    await h.heartbeat(memberId);
  }
}

describe('expiry of offsets', () => {
  it('simple group: retention after the commit, and the group goes with its last offset', async () => {
    const h = harness();
    await h.commit();
    await h.advance(HOUR / 2);
    await h.commit({}, { index: 1 });
    await h.advance(HOUR / 2);
    expect(offsets(h)).toBe(1);
    await h.advance(HOUR / 2);
    expect(h.state).toBe('missing');
    expect(h.events.filter(({ type }) => type === 'offset-removed')).toHaveLength(2);
  });

  it('group with a type: all offsets at once, retention after it became empty', async () => {
    const h = harness();
    const [member] = (await h.stable(1, { sessionTimeoutMs: 1_800_000 })) as [string];
    await h.commit({ memberId: member, generationIdOrMemberEpoch: 1 });
    await alive(h, member, 2 * HOUR);
    await h.leave(member);
    await h.advance(HOUR - ROUND);
    expect(offsets(h)).toBe(1);
    await h.advance(2 * ROUND);
    expect(h.state).toBe('missing');
  });

  it('stable consumer group: only offsets of topics that nobody subscribes to', async () => {
    const h = harness();
    const given = { sessionTimeoutMs: 1_800_000, protocols: [protocol('range', subscription('u'))] };
    const [member] = (await h.stable(1, given)) as [string];
    await h.commit({ memberId: member, generationIdOrMemberEpoch: 1 });
    const partition = {
      partitionIndex: 0,
      committedOffset: 1n,
      committedLeaderEpoch: -1,
      committedMetadata: null,
    };
    await h.commit({
      memberId: member,
      generationIdOrMemberEpoch: 1,
      topics: [{ name: 'u', partitions: [partition] }],
    });
    await alive(h, member, HOUR + ROUND);
    expect(h.snapshot().offsets.map(({ topic }) => topic)).toEqual(['u']);
    expect(h.state).toBe('Stable');
  });

  it('never while the group is rebalancing (KAFKA-13636)', async () => {
    const h = new Harness({ offsetsRetentionMs: HOUR });
    const given = { sessionTimeoutMs: 1_800_000, protocols: [protocol('range', subscription('u'))] };
    const rebalanceTimeoutMs = 10 * HOUR;
    const [leader, follower] = (await h.stable(2, { ...given, rebalanceTimeoutMs })) as [string, string];
    await h.commit({ memberId: leader, generationIdOrMemberEpoch: 1 });
    await h.join({ memberId: leader, ...given, rebalanceTimeoutMs });
    await alive(h, follower, 2 * HOUR);
    expect(h.snapshot()).toMatchObject({ state: 'PreparingRebalance' });
    expect(offsets(h)).toBe(1);
  });

  it('never for a stable group of another type, or with metadata that does not parse', async () => {
    for (const given of [
      { protocolType: 'connect' },
      { protocols: [protocol('range', new Uint8Array(1))] },
    ]) {
      const h = harness();
      const [member] = (await h.stable(1, { sessionTimeoutMs: 1_800_000, ...given })) as [string];
      await h.commit({ memberId: member, generationIdOrMemberEpoch: 1 });
      await alive(h, member, 2 * HOUR);
      expect(offsets(h)).toBe(1);
    }
  });

  it('a retention time of its own (v2 to v4) counts instead', async () => {
    const h = harness();
    await h.commit({ retentionTimeMs: BigInt(3 * HOUR) });
    await h.advance(2 * HOUR);
    expect(offsets(h)).toBe(1);
    await h.advance(HOUR);
    expect(h.state).toBe('missing');
  });

  it('is looked at each ten minutes only', async () => {
    const h = new Harness({ offsetsRetentionMs: 1 });
    await h.advance(100_000);
    await h.commit();
    await h.advance(499_999);
    expect(offsets(h)).toBe(1);
    await h.advance(1);
    expect(h.state).toBe('missing');
  });

  it('looks as often as the option says', async () => {
    const h = new Harness({ offsetsRetentionMs: 1, offsetsRetentionCheckIntervalMs: 50 });
    await h.commit();
    await h.advance(50);
    expect(h.state).toBe('missing');
  });
});

describe('removal of groups', () => {
  it('an empty group without offsets goes in the next round, its pending ids and timers too', async () => {
    const h = harness();
    await h.join({ sessionTimeoutMs: 1_800_000 });
    expect(h.state).toBe('Empty');
    await h.advance(ROUND);
    expect(h.state).toBe('missing');
    expect(h.clock.pending).toBe(0);
  });

  it('a group with members stays', async () => {
    const h = harness();
    const [member] = (await h.stable(1, { sessionTimeoutMs: 1_800_000 })) as [string];
    await alive(h, member, 2 * HOUR);
    expect(h.state).toBe('Stable');
  });

  it('a member of a group that is gone meets 25', async () => {
    const h = harness();
    const [member] = (await h.stable(1)) as [string];
    await h.advance(ROUND + 10_000);
    expect(h.state).toBe('missing');
    expect(await h.heartbeat(member)).toBe(25);
    expect((await h.join({ memberId: member })).now.errorCode).toBe(25);
  });

  it('leaves no timer when there is no group left', async () => {
    const h = harness();
    await h.commit();
    await h.advance(2 * HOUR);
    expect(h.clock.pending).toBe(0);
  });
});
