/** What is told of the owned partitions at intervals, for those who want it. */
import { expect, test } from 'vitest';
import type { HandlerContext, RecordBatchView } from '../../src/contracts/consumer.ts';
import { Calls, Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);
const p1 = tp('t', 1);

/** Ten records of 1,000 bytes in each partition; the timestamp of a record is its offset and 1,000. */
function setUp(settings: ConstructorParameters<typeof Rig>[0] = {}) {
  const rig = new Rig(settings);
  rig.cluster.addTopic('t', 2);
  rig.cluster.append('t', 0, range(0, 9));
  rig.cluster.append('t', 1, range(0, 9));
  return rig;
}

/** Of partition 0, in the first sample. */
const sampled = (rig: Rig, partition = 0) =>
  rig.of('lag.sample')[0]?.partitions.find((one) => one.partition === partition);

test('a partition that has been read to its end', async () => {
  const rig = setUp();
  await rig.start({ eachRecord: () => undefined }, [p0]);
  await rig.clock.advance(25_000);
  expect(rig.of('lag.sample')).toHaveLength(2);
  expect(rig.of('lag.sample')[0]?.partitions).toEqual([
    {
      ...p0,
      position: '10',
      committed: '10',
      endOffset: '10',
      logStartOffset: '0',
      lag: '0',
      timestamp: null,
      inFlight: 0,
      bufferedBytes: 0,
    },
  ]);
  await rig.stop();
});

test('nothing is computed where nobody wants it', async () => {
  const rig = setUp();
  rig.unwanted.add('lag.sample');
  await rig.start({ eachRecord: () => undefined }, [p0]);
  await rig.clock.advance(25_000);
  expect(rig.of('lag.sample')).toEqual([]);
  await rig.stop();
});

test('of several records in flight, the lowest gives the time', async () => {
  const rig = setUp({ concurrency: { total: 4, perPartition: 4, ordering: 'none', window: 1000 } });
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await calls.settle(0);
  await calls.settle(2);
  await rig.clock.advance(11_000);
  expect(sampled(rig)).toMatchObject({
    position: '6',
    lag: '9',
    timestamp: 1001,
    inFlight: 4,
    bufferedBytes: 1000,
  });
  await rig.stop();
});

test('of a batch that is settled in parts, the first one that has not', async () => {
  const rig = setUp();
  await rig.start(
    {
      eachBatch: (batch: RecordBatchView, context: HandlerContext) => {
        for (const record of batch.records.slice(0, 3)) context.settle(record);
        return new Promise<void>(() => undefined);
      },
    },
    [p0],
  );
  await rig.clock.advance(11_000);
  expect(sampled(rig)).toMatchObject({ lag: '7', timestamp: 1003, inFlight: 7, bufferedBytes: 0 });
  await rig.stop();
});

test('a record that waits for a retry gives the time, and is not in flight', async () => {
  const rig = setUp({ onHandlerError: () => ({ retryAfter: 60_000 }) });
  await rig.start(
    { eachRecord: ({ offset }) => (offset === 4n ? Promise.reject(new Error('no')) : undefined) },
    [p0],
  );
  await rig.clock.advance(11_000);
  expect(sampled(rig)).toMatchObject({ position: '5', lag: '6', timestamp: 1004, inFlight: 0 });
  await rig.stop();
});

test('a record that its handler has returned without settling gives way to the next one to take', async () => {
  const rig = setUp({ concurrency: { total: 1, perPartition: 1, ordering: 'partition', window: 3 } });
  await rig.start({ eachRecord: () => undefined, settle: 'manual' }, [p0]);
  await rig.clock.advance(11_000);
  expect(sampled(rig)).toMatchObject({ position: '3', lag: '10', timestamp: 1003, inFlight: 3 });
  await rig.stop();
});

test('a partition that has to wait for others gives the time of its batch, which nobody has decoded', async () => {
  const rig = setUp({ concurrency: { total: 1, perPartition: 1, ordering: 'partition', window: 1000 } });
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0, p1]);
  await rig.clock.advance(11_000);
  const waits = calls.begun[0] === '0:0' ? 1 : 0;
  expect(calls.begun).toHaveLength(1);
  expect(sampled(rig, waits)).toMatchObject({ lag: '10', timestamp: 1000, inFlight: 0, bufferedBytes: 1000 });
  await rig.stop();
});

test('records without a timestamp have none', async () => {
  const rig = setUp();
  rig.cluster.addTopic('old', 1);
  rig.cluster.append('old', 0, [{ offset: 0, timestamp: -1 }]);
  await rig.start({ eachRecord: new Calls().handler }, [tp('old', 0)]);
  await rig.clock.advance(11_000);
  expect(sampled(rig)).toMatchObject({ lag: '1', timestamp: null });
  await rig.stop();
});

test('the idle ratio is the share of the time since the last sample without a handler call', async () => {
  const rig = setUp();
  const takes = (ms: number) => new Promise<void>((resolve) => rig.clock.setTimer(() => resolve(), ms));
  await rig.start(
    {
      eachRecord: ({ partition, offset }) => {
        if (offset === 10n) return takes(1_000_000);
        if (offset === 5n) return takes(partition === 0 ? 4000 : 2500); // at once, after five that take no time
        return undefined;
      },
    },
    [p0, p1],
  );
  await rig.clock.advance(10_500);
  rig.cluster.append('t', 0, range(10, 10));
  await rig.clock.advance(20_000);
  const ratios = rig.of('lag.sample').map(({ idleRatio }) => idleRatio);
  expect(ratios).toEqual([expect.closeTo(0.6, 5), expect.closeTo(0.05, 1), 0]);
  await rig.stop();
});

test('a handler that has failed is not at work, also where its partition is paused for it', async () => {
  const rig = setUp({ onHandlerError: () => 'pause' });
  await rig.start({ eachRecord: () => Promise.reject(new Error('no')) }, [p0]);
  await rig.clock.advance(11_000);
  expect(rig.of('flow.paused')).toHaveLength(1);
  expect(rig.of('lag.sample')[0]?.idleRatio).toBeCloseTo(1, 5);
  await rig.stop();
});

test('the idle ratio is not known where handler calls are not timed', async () => {
  const rig = setUp();
  rig.unwanted.add('records.settled');
  await rig.start({ eachRecord: new Calls().handler }, [p0]);
  await rig.clock.advance(11_000);
  expect(rig.of('lag.sample')).toMatchObject([{ idleRatio: null }]);
  await rig.stop();
});
