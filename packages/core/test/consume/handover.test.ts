/** Partitions are given back and lost: drain, commit, callbacks, and who may work on them afterwards. */
import { expect, test } from 'vitest';
import type { ConsumerSettings } from '../../src/consume/settings.ts';
import type { ConsumerRecord, HandlerContext, RecordBatchView } from '../../src/contracts/consumer.ts';
import { Calls, Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';
import { Told } from '../support/told.ts';

const p0 = tp('t', 0);
const p1 = tp('t', 1);

function setUp(settings: Partial<ConsumerSettings> = {}) {
  const told = new Told();
  const rig = new Rig({ callbacks: told.callbacks, ...settings });
  rig.cluster.addTopic('t', 2);
  rig.cluster.append('t', 0, range(0, 9));
  rig.cluster.append('t', 1, range(0, 9));
  const calls = new Calls();
  return { rig, told, calls };
}

test('a revoke waits for what is in flight, drops the rest, commits, and then tells the user (S08, S11)', async () => {
  const { rig, told, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await calls.settle(0);
  const revoked = rig.revoke([p0]);
  await rig.clock.advance(1000);
  expect(told.log).toEqual(['assigned 0']);
  await calls.settle(1);
  await revoked;
  expect(calls.begun).toEqual(['0:0', '0:1']);
  expect(rig.group.committedOffset('t', 0)).toBe(2n);
  expect(told.log).toEqual(['assigned 0', 'revoked 0']);
  expect(rig.consumer.bufferedBytes).toBe(0);
  await rig.stop();
});

test('only the revoked partitions stop; the others go on meanwhile', async () => {
  const { rig, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0, p1]);
  const revoked = rig.revoke([p0]);
  await rig.clock.settle();
  const other = calls.open.find(({ partition }) => partition === 1);
  other?.resolve();
  await rig.clock.settle();
  expect(calls.begun).toContain('1:1');
  calls.open.find(({ partition }) => partition === 0)?.resolve();
  await revoked;
  expect(calls.begun).not.toContain('0:1');
  await rig.stop();
});

test('what does not settle within the budget is aborted, lost and never committed (S12)', async () => {
  const { rig, told } = setUp();
  let signal: AbortSignal | undefined;
  let finish: () => void = () => undefined;
  await rig.start(
    {
      eachRecord: ({ partition, offset }, context) => {
        if (partition !== 0 || offset !== 3n) return;
        signal = context.signal;
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
    },
    [p0, p1],
  );
  await rig.clock.settle();
  const revoked = rig.revoke([p0, p1], { deadlineMs: 40_000 });
  await rig.clock.advance(19_900);
  expect(signal?.aborted).toBe(false);
  await rig.clock.advance(200);
  await revoked;
  expect(signal?.aborted).toBe(true);
  expect(told.log).toEqual(['assigned 0,1', 'revoked 1', 'lost 0 drain']);
  expect(rig.of('partitions.lost')).toMatchObject([{ partitions: [p0], reason: 'drain' }]);
  finish();
  await rig.clock.advance(10_000);
  expect(rig.group.committedOffset('t', 0)).toBe(3n);
  expect(rig.group.committedOffset('t', 1)).toBe(10n);
  await rig.stop();
});

test('drain.end says what was cut off, and what the next owner gets again', async () => {
  const { rig, calls } = setUp({
    concurrency: { total: 64, perPartition: 3, ordering: 'none', window: 1000 },
  });
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await calls.settle(0);
  await calls.settle(2);
  await calls.settle(3);
  expect(calls.begun).toEqual(['0:0', '0:1', '0:2', '0:3', '0:4', '0:5']);
  const revoked = rig.revoke([p0], { deadlineMs: 10_000 });
  await calls.settle(5);
  await rig.clock.advance(5_000);
  await revoked;
  // 1 and 4 are in flight; 2, 3 and 5 settled above 1.
  expect(rig.of('drain.end')).toEqual([{ durationMs: 5_000, drained: false, cutOff: [p0], redelivered: 5 }]);
  expect(rig.group.committedOffset('t', 0)).toBe(1n);
  await rig.stop();
});

test('drain.end of a drain that finished: nothing is delivered again', async () => {
  const { rig, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0, p1]);
  const revoked = rig.revoke([p0, p1]);
  await rig.clock.advance(300);
  await calls.settle(0);
  await calls.settle(0);
  await revoked;
  expect(rig.of('drain.end')).toEqual([{ durationMs: 300, drained: true, cutOff: [], redelivered: 0 }]);
  await rig.stop();
});

test.each([
  ['rebalance', 60_000, 30_000],
  ['rebalance', 10_000, 5000],
  ['close', 18_000, 16_000],
  ['close', 750, 500],
] as const)('the budget of a %s with %i ms is %i ms', async (reason, deadlineMs, budget) => {
  const { rig, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  let over = false;
  void rig.revoke([p0], { reason, deadlineMs }).then(() => {
    over = true;
  });
  await rig.clock.advance(budget - 1);
  expect(over).toBe(false);
  await rig.clock.advance(2);
  expect(over).toBe(true);
  await rig.stop();
});

test('a commit that hangs does not keep the user from being told in time', async () => {
  const { rig, told } = setUp();
  await rig.start({ eachRecord: () => undefined }, [p0]);
  await rig.clock.settle();
  rig.group.onCommit = () =>
    new Promise<void>(
      (_resolve, reject) => void rig.clock.setTimer(() => reject(new Error('timeout')), 7000),
    );
  await Promise.all([rig.revoke([p0], { deadlineMs: 10_000 }), rig.clock.advance(9000)]);
  expect(told.log).toEqual(['assigned 0', 'revoked 0']);
  await rig.stop();
});

test('a record that waits for a retry does not hold up the drain', async () => {
  const { rig } = setUp({ onHandlerError: () => ({ retryAfter: 50_000 }) });
  await rig.start(
    {
      eachRecord: ({ offset }) => {
        if (offset === 2n) throw new Error('boom');
      },
    },
    [p0],
  );
  await rig.clock.settle();
  const at = rig.clock.monotonic();
  await rig.revoke([p0]);
  expect(rig.clock.monotonic()).toBe(at);
  expect(rig.group.committedOffset('t', 0)).toBe(2n);
  await rig.stop();
  expect(rig.clock.pending).toBe(0);
});

test('a partition that comes back waits for the handler that still runs on it (S15)', async () => {
  const { rig, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle();
  await rig.lose([p0], 'unknown-member');
  await rig.assign([p0]);
  await rig.clock.advance(5000);
  expect(calls.begun).toEqual(['0:0']);
  await calls.settle(0);
  await rig.clock.settle();
  expect(calls.begun).toEqual(['0:0', '0:0']);
  expect(rig.group.committedOffset('t', 0)).toBe(0n); // what settled under the lost ownership does not count
  await rig.stop();
});

test('a loss aborts, drops and never commits; the user is told once', async () => {
  const { rig, told, calls } = setUp();
  let signal: AbortSignal | undefined;
  const eachRecord = (record: { partition: number; offset: bigint }, context: { signal: AbortSignal }) => {
    signal = context.signal;
    return calls.handler(record);
  };
  await rig.start({ eachRecord }, [p0]);
  await calls.settle(0);
  const commits = rig.group.commits.length;
  rig.group.lose([p0]);
  expect(signal?.aborted).toBe(true); // before anybody is told
  await calls.settle(1);
  await rig.consumer.onLost({ partitions: [p0], reason: 'illegal-generation' });
  await rig.clock.advance(20_000);
  expect(calls.begun).toEqual(['0:0', '0:1']);
  expect(rig.group.commits.length).toBe(commits);
  expect(told.log).toEqual(['assigned 0', 'lost 0 illegal-generation']);
  await rig.stop();
});

test('watermarks are kept over a lease that is confirmed, and committed (Lease)', async () => {
  const { rig } = setUp();
  const seen: number[] = [];
  await rig.start({ eachRecord: ({ offset }) => void seen.push(Number(offset)) }, [p0]);
  await rig.clock.settle();
  await rig.lose([p0], 'lease');
  expect(rig.group.committedOffset('t', 0)).toBe(0n);
  rig.cluster.append('t', 0, range(10, 11));
  const fetched = rig.group.fetchCalls;
  const session = rig.group.again([p0]);
  await rig.consumer.onAssigned({ partitions: [p0], session, signal: new AbortController().signal });
  await rig.clock.advance(6000);
  expect(seen).toEqual(range(0, 11).map(({ offset }) => offset)); // nothing again
  expect(rig.group.committedOffset('t', 0)).toBe(12n);
  expect(rig.group.fetchCalls).toBe(fetched);
  await rig.stop();
});

test('I8: a batch handler that returns because the lease is over has not settled the rest (Lease)', async () => {
  const { rig } = setUp();
  const seen: string[] = [];
  let goOn: () => void = () => undefined;
  const eachBatch = async (batch: RecordBatchView, context: HandlerContext) => {
    for (const record of batch) {
      if (!context.owned) return;
      seen.push(`${record.offset}`);
      context.settle(record);
      if (record.offset === 3n)
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
    }
  };
  await rig.start({ eachBatch }, [p0]);
  await rig.clock.settle();
  rig.group.leaseRuns = false;
  goOn();
  await rig.clock.settle();
  expect(seen).toEqual(['0', '1', '2', '3']);
  await rig.lose([p0], 'lease');
  rig.group.leaseRuns = true;
  const session = rig.group.again([p0]);
  await rig.consumer.onAssigned({ partitions: [p0], session, signal: new AbortController().signal });
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(10n);
  expect(seen).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  await rig.stop();
});

test('what a handler finishes while ownership is in doubt counts when it is confirmed (Lease)', async () => {
  const { rig, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await calls.settle(0);
  await rig.lose([p0], 'lease');
  const told = rig.of('records.settled').length;
  await calls.settle(1);
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(0n); // not yet: it may be another's
  expect(rig.of('records.settled').length).toBe(told);
  const session = rig.group.again([p0]);
  await rig.consumer.onAssigned({ partitions: [p0], session, signal: new AbortController().signal });
  await rig.clock.advance(6000);
  expect(calls.begun).toEqual(['0:0', '0:1', '0:2']); // nothing again
  expect(rig.group.committedOffset('t', 0)).toBe(2n);
  await rig.stop();
});

test("what a handler finishes while ownership is in doubt is another one's when it is not confirmed", async () => {
  const { rig, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await calls.settle(0);
  await rig.lose([p0], 'lease');
  await calls.settle(1);
  await rig.assign([p0]);
  await rig.clock.advance(6000);
  expect(calls.begun).toEqual(['0:0', '0:1', '0:0']); // from the commit again
  expect(rig.group.committedOffset('t', 0)).toBe(0n);
  await rig.stop();
});

test('I8: of a handler that has looked at the signal nobody knows why it returned in doubt (Lease)', async () => {
  const { rig, calls } = setUp();
  const eachRecord = (record: ConsumerRecord, context: HandlerContext) =>
    context.signal.aborted ? undefined : calls.handler(record);
  await rig.start({ eachRecord }, [p0]);
  await calls.settle(0);
  await rig.lose([p0], 'lease');
  await calls.settle(1);
  const session = rig.group.again([p0]);
  await rig.consumer.onAssigned({ partitions: [p0], session, signal: new AbortController().signal });
  await rig.clock.advance(6000);
  expect(calls.begun).toEqual(['0:0', '0:1', '0:1']);
  await rig.stop();
});

test('I8: nor does a synchronous one settle what it left when it saw that ownership is gone (Lease)', async () => {
  const { rig } = setUp();
  const seen: string[] = [];
  const eachBatch = (batch: RecordBatchView, context: HandlerContext) => {
    for (const record of batch) {
      if (!context.owned) return;
      seen.push(`${record.offset}`);
      context.settle(record);
      if (seen.length === 4) rig.group.leaseRuns = false; // the loop has taken longer than the session
    }
  };
  await rig.start({ eachBatch }, [p0]);
  await rig.clock.settle();
  await rig.lose([p0], 'lease');
  rig.group.leaseRuns = true;
  const session = rig.group.again([p0]);
  await rig.consumer.onAssigned({ partitions: [p0], session, signal: new AbortController().signal });
  await rig.clock.advance(6000);
  expect(seen.slice(0, 4)).toEqual(['0', '1', '2', '3']);
  expect(seen.slice(4)).toEqual(['4', '5', '6', '7', '8', '9']);
  await rig.stop();
});

test('what was kept is discarded under another generation', async () => {
  const { rig } = setUp();
  const seen: number[] = [];
  await rig.start({ eachRecord: ({ offset }) => void seen.push(Number(offset)) }, [p0]);
  await rig.clock.settle();
  await rig.lose([p0], 'lease');
  await rig.assign([p0]);
  await rig.clock.advance(600); // the request of before is still parked
  expect(seen.length).toBe(20); // from the commit again
  await rig.stop();
});

test('a loss for another reason keeps nothing', async () => {
  const { rig } = setUp();
  const seen: number[] = [];
  await rig.start({ eachRecord: ({ offset }) => void seen.push(Number(offset)) }, [p0]);
  await rig.clock.settle();
  await rig.lose([p0], 'rebalance-timeout');
  const session = rig.group.again([p0]);
  await rig.consumer.onAssigned({ partitions: [p0], session, signal: new AbortController().signal });
  await rig.clock.advance(600);
  expect(seen.length).toBe(20);
  await rig.stop();
});

test('a partition that is lost while it drains is told as lost by the manager alone', async () => {
  const { rig, told, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  const controller = new AbortController();
  const revoked = rig.revoke([p0], { signal: controller.signal });
  await rig.clock.advance(100);
  rig.group.lose([p0]);
  controller.abort();
  await rig.consumer.onLost({ partitions: [p0], reason: 'rebalance-timeout' });
  await revoked;
  expect(told.log).toEqual(['assigned 0', 'lost 0 rebalance-timeout']);
  await rig.stop();
});

test('nobody is told twice when the manager gives up on a revoke that has told the user already', async () => {
  const told = new Told();
  let finish: () => void = () => undefined;
  const rig = new Rig({
    callbacks: {
      ...told.callbacks,
      onRevoked: (context) => {
        told.callbacks.onRevoked(context);
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
    },
  });
  rig.cluster.addTopic('t', 1);
  await rig.start({ eachRecord: () => undefined }, [p0]);
  const revoked = rig.revoke([p0]);
  await rig.clock.settle();
  await rig.lose([p0], 'rebalance-timeout');
  finish();
  await revoked;
  expect(told.log).toEqual(['assigned 0', 'revoked 0']);
  await rig.stop();
});

test('the user may commit in onRevoked', async () => {
  const rig: Rig = new Rig({
    callbacks: { onRevoked: () => rig.consumer.controls.commit([{ ...p0, offset: 5n, metadata: 'mine' }]) },
  });
  rig.cluster.addTopic('t', 1);
  await rig.start({ eachRecord: () => undefined }, [p0]);
  await rig.revoke([p0]);
  expect(rig.group.committed.get('0 t')).toMatchObject({ offset: 5n, metadata: 'mine' });
  await rig.stop();
});
