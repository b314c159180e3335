/** What follows when a handler throws. */
import { expect, test } from 'vitest';
import type { HandlerErrorPolicy } from '../../src/contracts/consumer.ts';
import { ErrorCode } from '../../src/errors/error-codes.ts';
import { Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);
const p1 = tp('t', 1);

/** Two partitions of five records; offset 2 of partition 0 fails as often as told. */
function failing(times: number, settings: ConstructorParameters<typeof Rig>[0] = {}) {
  const rig = new Rig(settings);
  rig.cluster.addTopic('t', 2);
  rig.cluster.append('t', 0, range(0, 4));
  rig.cluster.append('t', 1, range(0, 4));
  const seen: string[] = [];
  let left = times;
  const eachRecord = (
    { partition, offset }: { partition: number; offset: bigint },
    { attempt }: { attempt: number },
  ) => {
    seen.push(`${partition}:${offset}#${attempt}`);
    if (partition === 0 && offset === 2n && left-- > 0) throw new Error('boom');
  };
  return { rig, seen, eachRecord };
}

const rest0 = ['0:3#1', '0:4#1'];
const all1 = ['1:0#1', '1:1#1', '1:2#1', '1:3#1', '1:4#1'];

test.each(['synchronous', 'asynchronous'])(
  'by default a %s failure is retried with backoff; the partition waits, others go on',
  async (kind) => {
    const { rig, seen, eachRecord } = failing(3);
    await rig.start(
      kind === 'synchronous'
        ? { eachRecord }
        : { eachRecord: async (record, context) => eachRecord(record, context) },
      [p0, p1],
    );
    await rig.clock.advance(50);
    expect(seen.filter((one) => one.startsWith('1'))).toEqual(all1);
    expect(seen.filter((one) => one.startsWith('0'))).toEqual(['0:0#1', '0:1#1', '0:2#1']);
    await rig.clock.advance(1000);
    expect(seen.filter((one) => one.startsWith('0'))).toEqual([
      '0:0#1',
      '0:1#1',
      '0:2#1',
      '0:2#2',
      '0:2#3',
      '0:2#4',
      ...rest0,
    ]);
    expect(
      rig
        .of('handler.error')
        .map(({ offset, attempt, action, delayMs }) => [offset, attempt, action, delayMs]),
    ).toEqual([
      ['2', 1, 'retry', 100],
      ['2', 2, 'retry', 200],
      ['2', 3, 'retry', 400],
    ]);
    await rig.clock.advance(200);
    expect(rig.group.committedOffset('t', 0)).toBe(5n);
    await rig.stop();
    expect(rig.clock.pending).toBe(0);
  },
);

test('retryAfter waits as long as asked, and the time is capped by nobody', async () => {
  const { rig, seen, eachRecord } = failing(1, { onHandlerError: () => ({ retryAfter: 7000 }) });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(6900);
  expect(seen.at(-1)).toBe('0:2#1');
  await rig.clock.advance(200);
  expect(seen.slice(-3)).toEqual(['0:2#2', ...rest0]);
  await rig.stop();
});

test('skip settles the record, after the policy has had its time', async () => {
  let release: () => void = () => undefined;
  const policy: HandlerErrorPolicy = (error, record, { attempt }) => {
    expect([String(error), record.offset, attempt]).toEqual(['Error: boom', 2n, 1]);
    return new Promise((resolve) => {
      release = () => resolve('skip');
    });
  };
  const { rig, seen, eachRecord } = failing(1, { onHandlerError: policy });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(500);
  expect(seen.at(-1)).toBe('0:2#1');
  release();
  await rig.clock.advance(500);
  expect(seen.slice(-2)).toEqual(rest0);
  expect(rig.group.committedOffset('t', 0)).toBe(5n);
  await rig.stop();
});

test('pause waits for the user, and tries the record again then', async () => {
  const { rig, seen, eachRecord } = failing(1, { onHandlerError: () => 'pause' });
  await rig.start({ eachRecord }, [p0, p1]);
  await rig.clock.advance(20_000);
  expect(seen.at(-1)).not.toBe('0:2#2');
  expect(seen.filter((one) => one.startsWith('1'))).toEqual(all1);
  expect(rig.of('flow.paused')).toEqual([{ ...p0, reason: 'handler' }]);
  await rig.consumer.controls.resume([p0]);
  await rig.clock.settle();
  expect(seen.slice(-3)).toEqual(['0:2#2', ...rest0]);
  await rig.stop();
});

test('stop ends the group with KOHORT_HANDLER and the cause, and what settled before is still committed', async () => {
  const { rig, eachRecord } = failing(1, { onHandlerError: () => 'stop' });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.settle();
  expect(rig.group.failed[0]).toMatchObject({
    code: ErrorCode.handler,
    terminalClass: 'handler',
    cause: new Error('boom'),
  });
  await rig.revoke([p0], { reason: 'close' });
  expect(rig.group.committedOffset('t', 0)).toBe(2n);
  await rig.stop();
});

test.each([
  [
    'throws',
    () => {
      throw new Error('policy is broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('policy is broken'))],
])('a policy that %s is told, and the default applies', async (_how, onHandlerError) => {
  const { rig, seen, eachRecord } = failing(1, { onHandlerError });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(500);
  expect(rig.of('callback.error')).toEqual([{ callback: 'onHandlerError', message: 'policy is broken' }]);
  expect(seen.slice(-3)).toEqual(['0:2#2', ...rest0]);
  await rig.stop();
});

test('a batch that throws keeps what was settled, and is tried again with the rest', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 5));
  const seen: string[] = [];
  await rig.start(
    {
      eachBatch: (batch, context) => {
        seen.push(`${batch.records.map(({ offset }) => offset).join()}#${context.attempt}`);
        if (context.attempt > 1) return;
        const [, second, third] = batch.records;
        if (second) context.settleThrough(second);
        const last = batch.records.at(-1);
        if (last) context.settle(last);
        expect(third?.offset).toBe(2n);
        throw new Error('boom');
      },
    },
    [p0],
  );
  await rig.clock.advance(50);
  expect(rig.consumer.controls.lag()[0]?.lag).toBe(4n);
  await rig.clock.advance(500);
  expect(seen).toEqual(['0,1,2,3,4,5#1', '2,3,4#2']);
  expect(rig.group.committedOffset('t', 0)).toBe(6n);
  await rig.stop();
});

test('skip in a batch settles the first unsettled record only; the rest is handed over anew', async () => {
  const policies: unknown[] = [];
  const rig = new Rig({
    onHandlerError: (_error, record, { attempt, batch }) => {
      policies.push([record.offset, attempt, batch?.records.length]);
      return 'skip';
    },
  });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 2));
  const seen: string[] = [];
  await rig.start(
    {
      eachBatch: (batch, { attempt }) => {
        seen.push(`${batch.records.map(({ offset }) => offset).join()}#${attempt}`);
        if (batch.firstOffset < 2n) throw new Error('boom');
      },
    },
    [p0],
  );
  await rig.clock.advance(200);
  expect(seen).toEqual(['0,1,2#1', '1,2#1', '2#1']);
  expect(policies).toEqual([
    [0n, 1, 3],
    [1n, 1, 2],
  ]);
  expect(rig.group.committedOffset('t', 0)).toBe(3n);
  await rig.stop();
});

test('by key, a key whose record waits for a retry waits, the others go on', async () => {
  const rig = new Rig({ concurrency: { total: 64, perPartition: 4, ordering: 'key', window: 100 } });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append(
    't',
    0,
    range(0, 5, (offset) => (offset % 2 ? 'odd' : 'even')),
  );
  const seen: string[] = [];
  let fails = true;
  await rig.start(
    {
      eachRecord: async ({ offset }) => {
        seen.push(`${offset}`);
        if (offset === 0n && fails) {
          fails = false;
          throw new Error('boom');
        }
      },
    },
    [p0],
  );
  await rig.clock.advance(50);
  expect(seen).toEqual(['0', '1', '3', '5']);
  await rig.clock.advance(500);
  expect(seen).toEqual(['0', '1', '3', '5', '0', '2', '4']);
  expect(rig.group.committedOffset('t', 0)).toBe(6n);
  await rig.stop();
});

test('manual settlement: returning settles nothing, settling later does, from anywhere, while owned', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 3));
  const later: (() => void)[] = [];
  await rig.start(
    { settle: 'manual', eachRecord: (record, context) => void later.push(() => context.settle(record)) },
    [p0],
  );
  await rig.clock.advance(6000);
  expect(later.length).toBe(4);
  expect(rig.group.committedOffset('t', 0)).toBe(0n);
  later[1]?.();
  later[0]?.();
  await rig.clock.advance(5100);
  expect(rig.group.committedOffset('t', 0)).toBe(2n);
  rig.group.end([p0]);
  later[2]?.();
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(2n);
  await rig.stop();
});

test('a record of another partition is refused by settle', async () => {
  const rig = new Rig();
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 0));
  const errors: unknown[] = [];
  await rig.start(
    {
      eachRecord: (record, context) => {
        try {
          context.settle({ ...record, topic: 'other', partition: 0, offset: 0n, toJSON: record.toJSON });
        } catch (error) {
          errors.push(error);
        }
      },
    },
    [p0],
  );
  await rig.clock.settle();
  expect(errors).toMatchObject([{ code: ErrorCode.state }]);
  await rig.stop();
});

test('a handler that fails after its partition was lost changes nothing: no event, no policy, no pause', async () => {
  const asked: unknown[] = [];
  const rig = new Rig({
    onHandlerError: (error) => {
      asked.push(error);
      return 'pause';
    },
  });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 3));
  let fail: (error: Error) => void = () => undefined;
  const eachRecord = () =>
    new Promise<void>((_resolve, reject) => {
      fail = reject;
    });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.settle();
  await rig.lose([p0], 'unknown-member');
  fail(new Error('aborted'));
  await rig.clock.settle();
  expect(asked).toEqual([]);
  expect(rig.of('handler.error')).toEqual([]);
  expect(rig.of('flow.paused')).toEqual([]);
  await rig.stop();
});
