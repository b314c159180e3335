/** A topic is deleted and created again under its name, while a group consumes it. */
import { afterEach, describe, expect, it } from 'vitest';
import { RecoveryRig, type RigOptions } from '../support/recovery-rig.ts';

let rig: RecoveryRig;
afterEach(() => rig.close());

function open(options: RigOptions = {}): RecoveryRig {
  rig = new RecoveryRig(options);
  return rig;
}

async function recreate(partitions: number): Promise<void> {
  await rig.broker.deleteTopic('orders');
  await rig.broker.createTopic('orders', { partitions });
}

function values(prefix: string, count: number, partition = 0): string[] {
  return Array.from({ length: count }, (_, n) => `${partition}:${prefix}${n}`);
}

// Topic ids in Fetch came with 3.1.
describe.each(['kafka-3.9', 'kafka-4'] as const)('on %s', (versions) => {
  it.each([
    ['fewer records than before', 4],
    ['more records than before', 16],
  ])('%s: every record of the new topic is handled', async (_name, count) => {
    open({ broker: { versions } });
    await rig.produce('old', 10);
    const m1 = rig.member('m1', { autoOffsetReset: 'latest', newPartitions: 'earliest' });
    await rig.until(() => rig.committed(0) === 10n && rig.committed(1) === 0n);
    await recreate(2);
    await rig.produce('new', count);
    await rig.until(() => rig.committed(0) === BigInt(count) && rig.committed(1) === 0n);
    expect(m1.seen).toEqual(values('new', count));
    expect(m1.of('offsets.reset').filter(({ reason }) => reason !== 'no-committed-offset')).toMatchObject([
      { partition: 0, from: '10', to: '0', policy: 'earliest', reason: 'recreated' },
      { partition: 1, from: '0', to: '0', policy: 'earliest', reason: 'recreated' },
    ]);
  });

  it('with more partitions: the new ones are found, all of them are read from their beginning', async () => {
    open({ broker: { versions } });
    await rig.produce('old', 10);
    const m1 = rig.member();
    await rig.until(() => rig.committed(0) === 10n);
    await recreate(4);
    for (const partition of [0, 1, 2, 3]) await rig.produce('new', 12, partition);
    await rig.until(() => [0, 1, 2, 3].every((partition) => rig.committed(partition) === 12n));
    const fresh = m1.seen.filter((value) => value.includes('new'));
    expect(fresh.toSorted()).toEqual([0, 1, 2, 3].flatMap((p) => values('new', 12, p)).toSorted());
  });

  it('with fewer partitions: what is gone is given back, what is left is read from its beginning', async () => {
    open({ broker: { versions, topics: { orders: { partitions: 4 } } } });
    for (const partition of [0, 1, 2, 3]) await rig.produce('old', 3, partition);
    const m1 = rig.member();
    const m2 = rig.member('m2');
    await rig.until(() => [0, 1, 2, 3].every((partition) => rig.committed(partition) === 3n));
    await recreate(2);
    for (const partition of [0, 1]) await rig.produce('new', 5, partition);
    await rig.until(() => [0, 1].every((partition) => rig.committed(partition) === 5n));
    const fresh = [...m1.seen, ...m2.seen].filter((value) => value.includes('new'));
    expect(fresh.toSorted()).toEqual([...values('new', 5, 0), ...values('new', 5, 1)]);
    const owned = () => [m1, m2].flatMap(({ group }) => group.describe().assignments.map((a) => a.partition));
    await rig.until(() => JSON.stringify(owned().toSorted()) === '[0,1]');
  });

  it('what was in flight is not committed to the new topic, and its handler is waited for', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    open({ broker: { versions }, handle: ({ value }) => (value?.toString() === 'old5' ? held : undefined) });
    await rig.produce('old', 10);
    const m1 = rig.member();
    await rig.until(() => m1.seen.length === 5);
    await recreate(2);
    await rig.produce('new', 3);
    await rig.until(() => m1.of('offsets.reset').some(({ reason }) => reason === 'recreated'));
    await rig.clock.advance(10_000);
    expect(m1.seen.length).toBe(5);
    expect(rig.committed(0)).toBe(0n);
    release();
    await rig.until(() => rig.committed(0) === 3n);
    expect(m1.seen.slice(5)).toEqual(['0:old5', ...values('new', 3)]);
  });

  it('deleted for a while: few requests meanwhile, and all of it is read when the topic is back', async () => {
    open({ broker: { versions } });
    const m1 = rig.member('m1', { autoOffsetReset: 'latest' });
    await rig.until(() => rig.committed(0) === 0n && rig.committed(1) === 0n);
    await rig.produce('old', 10);
    await rig.until(() => rig.committed(0) === 10n);
    await rig.broker.deleteTopic('orders');
    const before = rig.broker.requests.length;
    await rig.clock.advance(60_000);
    expect(rig.broker.requests.length - before).toBeLessThan(60 * 10);
    expect(m1.end).toBeUndefined();
    await rig.broker.createTopic('orders', { partitions: 2 });
    await rig.produce('new', 12);
    await rig.until(() => rig.committed(0) === 12n);
    expect(m1.seen.slice(10)).toEqual(values('new', 12));
    // Meanwhile the group had no partition: the rebalance that gave it back does not take this for a new group.
    expect(m1.of('offsets.reset').slice(2)).toMatchObject([
      { from: 'none', to: '0', policy: 'earliest', reason: 'recreated' },
      { from: 'none', to: '0', policy: 'earliest', reason: 'recreated' },
    ]);
  });
});

it('other topics of the group are read and committed on meanwhile', async () => {
  open({ broker: { topics: { orders: { partitions: 2 }, other: { partitions: 1 } } } });
  const m1 = rig.member('m1', { topics: ['orders', 'other'] });
  await rig.produce('old', 10);
  await rig.until(() => rig.committed(0) === 10n && rig.committed(0, 'other') === 0n);
  await rig.produce('last', 1); // settled and not committed when the topic goes
  await rig.until(() => m1.seen.length === 11);
  await rig.broker.deleteTopic('orders');
  await rig.produce('x', 5, 0, 'other');
  const start = rig.clock.monotonic();
  await rig.until(() => rig.committed(0, 'other') === 5n);
  // A coordinator may not have heard of a topic yet: the commit of the one that is gone is tried for a request timeout.
  expect(rig.clock.monotonic() - start).toBeLessThan(40_000);
});
