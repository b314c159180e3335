import { describe, expect, test } from 'vitest';
import { openClient } from './support/client.ts';
import { fetchOne } from './support/fetching.ts';
import { beat, commit, join, soleMember } from './support/members.ts';
import { rig } from './support/rig.ts';

/** Everything that an observer could compare. */
function trace(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part), 1);
}

/** Three members that join, lose answers, are cut off, and a coordinator that crashes. */
async function scenario(seed: number): Promise<string> {
  const { broker, clock } = rig({ seed, nodes: 3, latency: { min: 1, max: 40 } });
  const transitions: unknown[] = [];
  broker.onTransition((transition) => transitions.push(transition));
  broker.faults.onRequest({ api: ['Heartbeat', 'OffsetCommit'], probability: 0.3, drop: 'answer' });
  broker.faults.onRequest({ api: 'Fetch', probability: 0.4, delay: { min: 5, max: 90 } });
  broker.faults.onRequest({ api: 'JoinGroup', probability: 0.2, error: 15 });
  const work = async (name: string) => {
    for (let round = 0; round < 6; round++) {
      try {
        const client = await openClient(broker, clock, broker.coordinatorOf('g'), name);
        const member = await soleMember(client, 'g', { sessionTimeoutMs: 6_000 });
        await beat(client, member);
        await commit(client, member, 'orders', round % 3, BigInt(round));
        await fetchOne(client, 'orders', 0, 0n, { maxWaitMs: 50 });
        await join(client, 'g', { memberId: member.memberId });
      } catch {
        // A lost answer ends this round: the next one begins anew.
      }
    }
  };
  clock.setTimer(() => void broker.faults.crashCoordinator('g', { downFor: 700 }), 2_000);
  await clock.runUntil(Promise.all(['a', 'b', 'c'].map(work)), { limitMs: 3_600_000 });
  return trace({ requests: broker.requests, transitions, committed: [...broker.committed('g')] });
}

describe('the same seed', () => {
  test('gives the identical request log and transitions', async () => {
    const first = await scenario(42);
    const second = await scenario(42);
    expect(first.length).toBeGreaterThan(10_000);
    expect(second).toBe(first);
  });

  test('and another seed gives another run', async () => {
    expect(await scenario(43)).not.toBe(await scenario(42));
  });

  test('ids of cluster and topics follow from it', async () => {
    const id = (seed: number) => rig({ seed }).broker.topic('orders')?.id;
    expect(id(1)).toBe(id(1));
    expect(id(1)).not.toBe(id(2));
    expect(id(1)).toMatch(/^[\w-]{22}$/);
  });
});
