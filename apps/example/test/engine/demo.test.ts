/** Whole runs on clusters that do not keep their word: the audit, and nothing else, finds out. */
import { describe, expect } from 'vitest';
import { exitCodeOf, violationsOf } from '../../src/audit/audit.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { embeddedCluster } from '../../src/cluster/embedded.ts';
import { Demo } from '../../src/engine/demo.ts';
import type { Outcome } from '../../src/engine/stage.ts';

/** Plays the first moments on a cluster that is changed in one way. */
async function playOn(change: (cluster: Cluster) => Partial<Cluster>): Promise<Outcome> {
  const honest = embeddedCluster({ seed: 1, sessionTimeout: 3000 });
  const cluster = { ...honest, ...change(honest) };
  const demo = new Demo({ cluster, seed: 1, durationMs: 60_000, rate: 200 });
  try {
    return await demo.run(AbortSignal.timeout(700));
  } finally {
    await honest.close();
  }
}

describe.concurrent('a run', (it) => {
  it('is good where the cluster is', async () => {
    const { audit, failures } = await playOn(() => ({}));
    expect(audit.processed).toBeGreaterThan(20);
    expect(violationsOf(audit)).toEqual([]);
    expect(exitCodeOf(audit, failures)).toBe(0);
  });

  it('finds a record that was changed on its way', async () => {
    let isSpoilt = false;
    const { audit, failures } = await playOn((cluster) => ({
      produce(orders) {
        const [first, ...others] = orders;
        if (isSpoilt || first === undefined) return cluster.produce(orders);
        isSpoilt = true;
        return cluster.produce([{ ...first, value: first.value.replace('{', '{ ') }, ...others]);
      },
    }));
    expect(audit).toMatchObject({ corrupt: 1, lost: 1 });
    expect(exitCodeOf(audit, failures)).toBe(1);
  });

  it('finds records that were acknowledged and thrown away', async () => {
    let dropped = 0;
    const { audit, failures } = await playOn((cluster) => ({
      produce(orders) {
        const kept = orders.filter(({ partition }) => partition !== 3);
        dropped += orders.length - kept.length;
        return cluster.produce(kept);
      },
    }));
    expect(dropped).toBeGreaterThan(0);
    expect(audit.unreached).toBe(dropped);
    expect(violationsOf({ ...audit, complete: true })).toEqual([`${dropped} not processed when time was up`]);
    expect(failures).toEqual([]);
  });

  it('finds commits that the brokers do not have', async () => {
    const { audit, failures } = await playOn(() => ({ committed: async () => new Map() }));
    expect(audit.uncommitted).toBe(audit.processed);
    expect(exitCodeOf(audit, failures)).toBe(1);
  });

  it('ends early and badly when production fails', async () => {
    const { audit, failures } = await playOn(() => ({
      produce: () => Promise.reject(new Error('the disk is full')),
    }));
    expect(failures).toEqual(['production: the disk is full']);
    expect(exitCodeOf(audit, failures)).toBe(1);
  });

  it('ends early and badly when options are refused', async () => {
    const { audit, failures } = await playOn(() => ({ sessionTimeout: Number.NaN }));
    expect(failures).toEqual([expect.stringMatching(/^ada: Option "/)]);
    expect(exitCodeOf(audit, failures)).toBe(1);
  });

  it('ends early and badly when the group refuses a member for good', async () => {
    const { audit, failures } = await playOn(() => ({ sessionTimeout: 1_900_000 }));
    expect(failures).toEqual([expect.stringMatching(/^ada: .*INVALID_SESSION_TIMEOUT/)]);
    expect(exitCodeOf(audit, failures)).toBe(1);
  });
});
