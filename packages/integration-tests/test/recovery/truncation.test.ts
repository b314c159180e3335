/** An unclean election cuts a log below what was read: it is told, and nothing that was written afterwards is passed over. */
import { afterEach, describe, expect, it } from 'vitest';
import { RecoveryRig, type RigOptions } from '../support/recovery-rig.ts';

let rig: RecoveryRig;
afterEach(() => rig.close());

function open(options: RigOptions = {}): RecoveryRig {
  rig = new RecoveryRig(options);
  return rig;
}

/** Cuts the log to its first six records; then it grows beyond where it was, under the new epoch. */
async function electUncleanly({ broker }: RecoveryRig): Promise<void> {
  broker.faults.truncate('orders', 0, 6n);
  await rig.produce('new', 10);
}

const NEW = Array.from({ length: 10 }, (_, n) => `0:new${n}`);

// Fetch of 2.4 carries no epoch of what was read: there the new leader is asked.
describe.each(['kafka-2.4', 'kafka-3.9', 'kafka-4'] as const)('on %s', (versions) => {
  it('a member that runs reads on from where the logs part', async () => {
    const { broker } = open({ broker: { versions } });
    await rig.produce('old', 10);
    const m1 = rig.member('m1', { autoOffsetReset: 'latest', newPartitions: 'policy' });
    await rig.until(() => m1.of('offsets.reset').length === 2);
    await rig.produce('more', 2);
    await rig.until(() => rig.committed(0) === 12n);
    await electUncleanly(rig);
    await rig.until(() => rig.committed(0) === 16n);
    expect(m1.seen).toEqual(['0:more0', '0:more1', ...NEW]);
    expect(m1.of('offsets.reset').slice(2)).toMatchObject([
      { partition: 0, from: '12', to: '6', reason: 'truncated' },
    ]);
    expect(broker.endOffsets('orders')[0]).toBe(16n);
  });

  it('a member that comes later does not begin above, at what was committed of the log of before', async () => {
    open({ broker: { versions } });
    await rig.produce('old', 10);
    const m1 = rig.member('m1');
    await rig.until(() => rig.committed(0) === 10n);
    await rig.clock.runUntil(m1.group.close());
    await electUncleanly(rig);
    const m2 = rig.member('m2');
    await rig.until(() => rig.committed(0) === 16n);
    expect(m2.seen).toEqual(NEW);
    expect(m2.of('offsets.reset')).toMatchObject([{ from: '10', to: '6', reason: 'truncated' }]);
  });

  it('with policy none the group ends, and says where', async () => {
    open({ broker: { versions } });
    await rig.produce('old', 10);
    const m1 = rig.member('m1', { autoOffsetReset: 'none', newPartitions: 'earliest' });
    await rig.until(() => m1.end !== undefined);
    expect(m1.end).toMatchObject({ terminalClass: 'offsets' }); // nothing is committed yet
    const m2 = rig.member('m2');
    await rig.until(() => rig.committed(0) === 10n && rig.committed(1) === 0n);
    await rig.clock.runUntil(m2.group.close());
    await electUncleanly(rig);
    const m3 = rig.member('m3', { autoOffsetReset: 'none' });
    await rig.until(() => m3.end !== undefined);
    expect(m3.end).toMatchObject({
      terminalClass: 'offsets',
      message: expect.stringContaining('orders-0 cannot be read on from offset 10 (truncated)'),
    });
    expect(m3.seen).toEqual([]);
  });

  it('what is in flight settles first', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    open({ broker: { versions }, handle: ({ value }) => (value?.toString() === 'old9' ? held : undefined) });
    await rig.produce('old', 10);
    const m1 = rig.member();
    await rig.until(() => m1.seen.length === 9);
    await electUncleanly(rig);
    await rig.until(() => m1.of('partition.error').some(({ error }) => error === 'LOG_TRUNCATED'));
    expect(m1.of('offsets.reset').filter(({ reason }) => reason === 'truncated')).toEqual([]);
    release();
    await rig.until(() => rig.committed(0) === 16n);
    expect(m1.seen.slice(9)).toEqual(['0:old9', ...NEW]);
  });
});

it('a leader that moves cleanly resets nothing', async () => {
  for (const versions of ['kafka-2.4', 'kafka-4'] as const) {
    open({ broker: { versions } });
    await rig.produce('old', 10);
    const m1 = rig.member();
    await rig.until(() => rig.committed(0) === 10n && rig.committed(1) === 0n);
    const before = m1.of('offsets.reset').length;
    rig.broker.faults.moveLeader('orders', 0);
    await rig.produce('new', 10);
    await rig.until(() => rig.committed(0) === 20n);
    expect(m1.seen.slice(10)).toEqual(NEW);
    expect(m1.of('offsets.reset').length).toBe(before);
    const asked = rig.broker.requests.filter(({ api }) => api === 'OffsetForLeaderEpoch').length;
    expect(asked > 0).toBe(versions === 'kafka-2.4');
    if (versions === 'kafka-2.4') await rig.close();
  }
});
