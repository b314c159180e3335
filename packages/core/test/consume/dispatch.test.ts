/** Which records handlers get, when, and how many at once. */
import { expect, test } from 'vitest';
import { Calls, Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);

test('by partition, a record waits for the one before', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 2));
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle();
  expect(calls.begun).toEqual(['0:0']);
  await calls.settle(0);
  expect(calls.begun).toEqual(['0:0', '0:1']);
  await rig.stop();
});

test('without order, as many as are allowed run at once', async () => {
  const rig = new Rig({ concurrency: { total: 64, perPartition: 3, ordering: 'none', window: 1000 } });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 9));
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle();
  expect(calls.begun).toEqual(['0:0', '0:1', '0:2']);
  await calls.settle(1);
  expect(calls.begun.at(-1)).toBe('0:3');
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0) ?? 0n).toBe(0n);
  await rig.stop();
});

test('total bounds the handlers of all partitions together, and each partition has its turn', async () => {
  const rig = new Rig({ concurrency: { total: 2, perPartition: 1, ordering: 'partition', window: 1000 } });
  rig.cluster.addTopic('t', 4);
  for (let p = 0; p < 4; p++) rig.cluster.append('t', p, range(0, 9));
  const calls = new Calls();
  await rig.start(
    { eachRecord: calls.handler },
    [0, 1, 2, 3].map((p) => tp('t', p)),
  );
  await rig.clock.settle();
  expect(calls.open.length).toBe(2);
  for (let i = 0; i < 6; i++) {
    calls.open.shift()?.resolve();
    await rig.clock.settle();
    expect(calls.open.length).toBe(2);
  }
  expect(new Set(calls.begun.map((one) => one.split(':')[0])).size).toBe(4);
  await rig.stop();
});

test('with all slots taken and more at hand, nothing turns in circles', async () => {
  const rig = new Rig({ concurrency: { total: 1, perPartition: 1, ordering: 'partition', window: 1000 } });
  rig.cluster.addTopic('t', 2);
  rig.cluster.append('t', 0, range(0, 4));
  rig.cluster.append('t', 1, range(0, 4));
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0, tp('t', 1)]);
  await rig.clock.advance(600);
  expect(calls.open.length).toBe(1);
  expect(rig.clock.pendingTimers().filter(({ inMs }) => inMs === 0)).toEqual([]);
  await rig.stop();
});

test('by key, one key waits for itself and for nobody else; records without a key wait for nothing', async () => {
  const keys = ['a', 'b', 'a', null, null, 'b', 'c'];
  const rig = new Rig({ concurrency: { total: 64, perPartition: 10, ordering: 'key', window: 1000 } });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append(
    't',
    0,
    range(0, 6, (offset) => keys[offset] ?? null),
  );
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle();
  expect(calls.begun).toEqual(['0:0', '0:1', '0:3', '0:4', '0:6']);
  await calls.settle(1);
  expect(calls.begun.at(-1)).toBe('0:5');
  await calls.settle(0);
  expect(calls.begun.at(-1)).toBe('0:2');
  await rig.stop();
});

test('by key, a batch ends before a key that another batch works on', async () => {
  const keys = ['a', 'b', 'c', 'a', 'd'];
  const rig = new Rig({
    maxBatchRecords: 2,
    concurrency: { total: 64, perPartition: 10, ordering: 'key', window: 1000 },
  });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append(
    't',
    0,
    range(0, 4, (offset) => keys[offset] ?? null),
  );
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const eachBatch = (batch: { readonly records: readonly { readonly offset: bigint }[] }) => {
    begun.push(batch.records.map(({ offset }) => offset).join());
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  await rig.start({ eachBatch }, [p0]);
  await rig.clock.settle();
  expect(begun).toEqual(['0,1', '2']);
  ends[0]?.();
  await rig.clock.settle();
  expect(begun).toEqual(['0,1', '2', '3,4']);
  await rig.stop();
});

test('the window bounds how far dispatch runs ahead of the lowest unsettled offset', async () => {
  const rig = new Rig({ concurrency: { total: 64, perPartition: 60, ordering: 'none', window: 4 } });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 19));
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle();
  expect(calls.begun.length).toBe(4);
  await calls.settle(3);
  expect(calls.begun.length).toBe(4);
  await calls.settle(0);
  expect(calls.begun.length).toBe(5);
  await rig.stop();
});

test('a gap wider than the window does not hold dispatch up', async () => {
  const rig = new Rig({ concurrency: { total: 64, perPartition: 1, ordering: 'partition', window: 4 } });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, [{ offset: 0 }, { offset: 500 }, { offset: 9000 }]);
  const seen: bigint[] = [];
  await rig.start({ eachRecord: (record) => void seen.push(record.offset) }, [p0]);
  await rig.clock.settle();
  expect(seen).toEqual([0n, 500n, 9000n]);
  await rig.stop();
});

test('records below the position are skipped, control batches only move it, gaps are passed (S39)', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 9));
  rig.cluster.append('t', 0, [{ offset: 10 }], { delivers: false });
  rig.cluster.append('t', 0, [{ offset: 15 }], { base: 11, last: 20 });
  rig.cluster.append('t', 0, [{ offset: 21 }], { delivers: false });
  rig.group.committed.set('0 t', { ...p0, offset: 7n });
  const seen: bigint[] = [];
  await rig.start({ eachRecord: (record) => void seen.push(record.offset) }, [p0]);
  await rig.clock.advance(300);
  expect(seen).toEqual([7n, 8n, 9n, 15n]);
  expect(rig.group.committedOffset('t', 0)).toBe(22n);
  expect(rig.consumer.controls.lag()[0]?.lag).toBe(0n);
  await rig.stop();
});

test('batches that take their time to decode stay in order', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 4), { async: true });
  rig.cluster.append('t', 0, range(5, 9));
  const seen: bigint[] = [];
  await rig.start({ eachRecord: (record) => void seen.push(record.offset) }, [p0]);
  await rig.clock.advance(10);
  expect(seen.map(Number)).toEqual(range(0, 9).map(({ offset }) => offset));
  await rig.stop();
});

test('nothing begins once the lease has ended, to the record, and it goes on when a late heartbeat renews it (P2)', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 9));
  const seen: number[] = [];
  const eachRecord = (record: { readonly offset: bigint }) => {
    seen.push(Number(record.offset));
    if (seen.length === 4) rig.group.leaseRuns = false;
  };
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(6000);
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(rig.group.committedOffset('t', 0)).toBe(0n); // the anchor, and nothing in doubt
  rig.group.leaseRuns = true;
  await rig.clock.advance(200);
  expect(seen.length).toBe(10);
  await rig.stop();
});

test('synchronous handlers that take long yield to the event loop', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 99));
  let timerAt = -1;
  let count = 0;
  const eachRecord = () => {
    if (count === 0) {
      rig.clock.setTimer(() => {
        timerAt = count;
      }, 1);
    }
    count += 1;
    rig.clock.blockEventLoop(1);
  };
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(200);
  expect(count).toBe(100);
  expect(timerAt).toBeGreaterThan(0);
  expect(timerAt).toBeLessThanOrEqual(16); // two slices: the turn that was asked for may come before the timer
  await rig.stop();
});

test('asynchronous handlers that never leave the microtask queue yield to the event loop', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 99));
  let timerAt = -1;
  let count = 0;
  const eachRecord = async () => {
    if (count === 0) {
      rig.clock.setTimer(() => {
        timerAt = count;
      }, 1);
    }
    count += 1;
    await null;
    rig.clock.blockEventLoop(3);
  };
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(500);
  expect(count).toBe(100);
  expect(timerAt).toBeGreaterThan(0);
  expect(timerAt).toBeLessThanOrEqual(8);
  await rig.stop();
});

test('partitions take turns, batch by batch', async () => {
  const rig = new Rig({ maxBatchRecords: 100 });
  rig.cluster.addTopic('t', 2);
  for (let p = 0; p < 2; p++) {
    rig.cluster.append('t', p, range(0, 299));
    rig.group.committed.set(`${p} t`, { ...tp('t', p), offset: 0n });
  }
  const order: number[] = [];
  await rig.start({ eachBatch: ({ partition }) => void order.push(partition) }, [p0, tp('t', 1)]);
  await rig.clock.advance(100);
  expect(order.join('')).toMatch(/^(01){3}$|^(10){3}$/);
  await rig.stop();
});
