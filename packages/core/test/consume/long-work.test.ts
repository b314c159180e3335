/** Handlers that take too long, and partitions that do not move. */
import { expect, test } from 'vitest';
import type { HandlerContext, RecordBatchView } from '../../src/contracts/consumer.ts';
import { Calls, Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);
const p1 = tp('t', 1);

function setUp(settings: ConstructorParameters<typeof Rig>[0] = {}) {
  const rig = new Rig({ maxProcessingTime: 10_000, ...settings });
  rig.cluster.addTopic('t', 2);
  rig.cluster.append('t', 0, range(0, 9));
  rig.cluster.append('t', 1, range(0, 9));
  return rig;
}

test('a handler that exceeds its time: its partition is fenced, the member steps out until it settles, the event repeats', async () => {
  const rig = setUp();
  const calls = new Calls();
  let signal: AbortSignal | undefined;
  await rig.start(
    {
      eachRecord: (record, context) => {
        if (record.partition === 1) return;
        signal = context.signal;
        return calls.handler(record);
      },
    },
    [p0, p1],
  );
  await rig.clock.advance(9900);
  expect(rig.group.steppedOut).toEqual([]);
  await rig.clock.advance(200);
  expect(rig.group.steppedOut.map(({ stuck }) => stuck)).toEqual([[p0]]);
  expect(signal?.aborted).toBe(true);
  expect(rig.of('processing.deadline')).toMatchObject([{ ...p0, offset: '0' }]);
  await rig.lose([p0], 'processing-deadline');
  await rig.revoke([p1], { reason: 'leave' });
  expect(rig.group.committedOffset('t', 1)).toBe(10n);
  let free = false;
  void rig.group.steppedOut[0]?.until.then(() => {
    free = true;
  });
  await rig.clock.advance(20_000);
  expect(rig.of('processing.deadline').length).toBe(3);
  expect(rig.group.steppedOut.length).toBe(1);
  expect(free).toBe(false);
  rig.consumer.closing(1000);
  expect(rig.consumer.drained).toEqual({ drained: false, abandoned: [p0] });
  await calls.settle(0);
  await rig.clock.advance(20_000);
  expect(free).toBe(true);
  expect(rig.of('processing.deadline').length).toBe(3);
  await rig.stop();
  expect(rig.clock.pending).toBe(0);
});

test('a record that is settled by hand after its deadline does not count', async () => {
  const rig = setUp();
  await rig.start(
    {
      settle: 'manual',
      eachRecord: async (record, context) => {
        await new Promise<void>((resolve) => rig.clock.setTimer(resolve, 15_000));
        context.settle(record);
      },
    },
    [p0],
  );
  await rig.clock.advance(20_000);
  expect(rig.of('processing.deadline').length).toBe(1);
  expect(rig.of('records.settled')).toEqual([]);
  await rig.stop();
});

test('with several stuck handlers the member stays out until the last one has returned', async () => {
  const rig = setUp();
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0, p1]);
  await rig.clock.advance(10_100);
  expect(rig.group.steppedOut.length).toBe(2);
  let free = 0;
  for (const { until } of rig.group.steppedOut) {
    void until.then(() => {
      free += 1;
    });
  }
  calls.open[0]?.resolve();
  await rig.clock.settle();
  expect(free).toBe(0);
  calls.open[1]?.resolve();
  await rig.clock.settle();
  expect(free).toBe(2);
  await rig.stop();
});

test('a partition that was fenced for a stuck handler is never committed again, although it is still owned', async () => {
  const rig = setUp({ commitInterval: 12_000 });
  const settle: (() => void)[] = [];
  await rig.start(
    {
      eachBatch: (batch, context) => {
        for (const record of batch) settle.push(() => context.settle(record));
        return new Promise<void>(() => undefined);
      },
    },
    [p0],
  );
  await rig.clock.advance(9000);
  settle[0]?.(); // to be committed at 21 s
  await rig.clock.advance(10_100);
  expect(rig.group.steppedOut.length).toBe(1);
  settle[1]?.();
  await rig.clock.advance(30_000);
  expect(rig.group.committedOffset('t', 0)).toBe(0n);
  await expect(rig.consumer.controls.commit([{ ...p0, offset: 1n }])).rejects.toMatchObject({
    code: 'KOHORT_NOT_OWNED',
  });
  await rig.stop();
});

test('each attempt has its own time; waiting for a retry does not count', async () => {
  const rig = setUp({ onHandlerError: () => ({ retryAfter: 30_000 }) });
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.advance(8000);
  await calls.settle(0, new Error('boom'));
  await rig.clock.advance(38_000);
  expect(calls.begun).toEqual(['0:0', '0:0']);
  expect(rig.of('processing.deadline')).toEqual([]);
  await rig.clock.advance(2100);
  expect(rig.of('processing.deadline').length).toBe(1);
  await rig.stop();
});

test('a batch that settles something now and then is not stuck', async () => {
  const rig = setUp();
  const given: { readonly batch: RecordBatchView; readonly context: HandlerContext }[] = [];
  await rig.start(
    {
      eachBatch: (batch, context) => {
        given.push({ batch, context });
        return new Promise<void>(() => undefined);
      },
    },
    [p0],
  );
  for (let i = 0; i < 5; i++) {
    await rig.clock.advance(8000);
    const record = given[0]?.batch.records[i];
    if (record) given[0]?.context.settle(record);
  }
  expect(rig.of('processing.deadline')).toEqual([]);
  await rig.clock.advance(5100);
  expect(rig.group.committedOffset('t', 0)).toBe(5n); // by the interval, while the batch goes on
  await rig.clock.advance(5000);
  expect(rig.of('processing.deadline')).toMatchObject([{ sinceMs: expect.any(Number) }]);
  await rig.stop();
});

test('a handler of a paused partition has time', async () => {
  const rig = setUp();
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.advance(1000);
  await rig.consumer.controls.pause([p0]);
  await rig.clock.advance(60_000);
  expect(rig.of('processing.deadline')).toEqual([]);
  await rig.consumer.controls.resume([p0]);
  await rig.clock.advance(9000);
  expect(rig.of('processing.deadline')).toEqual([]);
  await rig.clock.advance(1100);
  expect(rig.of('processing.deadline').length).toBe(1);
  await rig.stop();
});

test('a partition that comes back while its old handler is stuck is fenced again when the deadline passes (S15)', async () => {
  const rig = setUp();
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.advance(1000);
  await rig.lose([p0], 'unknown-member');
  await rig.assign([p0]);
  await rig.clock.advance(9100);
  expect(calls.begun).toEqual(['0:0']);
  expect(rig.group.steppedOut.map(({ stuck }) => stuck)).toEqual([[p0]]);
  await rig.stop();
});

test.each([
  ['handler', () => new Promise<void>(() => undefined), {}],
  ['backoff', () => Promise.reject(new Error('boom')), { onHandlerError: () => ({ retryAfter: 600_000 }) }],
] as const)('a partition that does not move is named once: %s', async (phase, work, settings) => {
  const rig = setUp({ ...settings, maxProcessingTime: 10_000_000 });
  await rig.start({ eachRecord: work }, [p0]);
  await rig.clock.advance(59_000);
  expect(rig.of('partition.stalled')).toEqual([]);
  await rig.clock.advance(200_000);
  expect(rig.of('partition.stalled')).toMatchObject([{ ...p0, phase, offset: '0' }]);
  await rig.stop();
});

test('a partition without a leader stalls by name, and is told when it moves again', async () => {
  const rig = setUp();
  rig.group.committed.set('0 t', { ...p0, offset: 0n });
  rig.cluster.log('t', 0).leader = -1;
  const seen: bigint[] = [];
  await rig.start({ eachRecord: ({ offset }) => void seen.push(offset) }, [p0]);
  await rig.clock.advance(100_000);
  expect(rig.of('partition.stalled')).toMatchObject([{ phase: 'no-leader' }]);
  expect(rig.cluster.fetches).toEqual([]);
  expect(rig.cluster.metadataCalls).toBeLessThan(200);
  rig.cluster.log('t', 0).leader = 2;
  await rig.clock.advance(30_000);
  expect(seen.length).toBe(10);
  expect(rig.of('partition.resumed').length).toBe(1);
  await rig.stop();
});

test('a partition whose leader sends what cannot be read stalls in the phase fetch', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 9), { corrupt: true });
  await rig.start({ eachRecord: () => undefined }, [p0]);
  await rig.clock.advance(100_000);
  expect(rig.of('partition.stalled')).toMatchObject([{ ...p0, phase: 'fetch', offset: '0' }]);
  await rig.stop();
});

test('positions that cannot be committed stall in the phase commit', async () => {
  const rig = setUp();
  rig.group.onCommit = () => {
    throw new Error('no');
  };
  await rig.start({ eachRecord: () => undefined }, [p0]);
  await rig.clock.advance(100_000);
  expect(rig.of('partition.stalled')).toMatchObject([{ phase: 'commit' }]);
  expect(rig.group.commits.length).toBeLessThan(150);
  await rig.stop();
});

test('an idle partition never stalls', async () => {
  const rig = setUp();
  await rig.start({ eachRecord: () => undefined }, [p0]);
  await rig.clock.advance(600_000);
  expect(rig.of('partition.stalled')).toEqual([]);
  await rig.stop();
});

test('a deadline that passes during a drain ends the drain: what else is given back does not wait for the stuck handler', async () => {
  const rig = setUp({ drainTimeout: 60_000 });
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.advance(9000);
  let revoked = false;
  void rig.revoke([p0], { deadlineMs: 100_000 }).then(() => {
    revoked = true;
  });
  await rig.clock.advance(900);
  expect(revoked).toBe(false);
  await rig.clock.advance(200);
  expect(rig.group.steppedOut.map(({ stuck }) => stuck)).toEqual([[p0]]);
  expect(revoked).toBe(true);
  await rig.stop();
});
