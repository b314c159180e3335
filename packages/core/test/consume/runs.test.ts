/** Runs that end by themselves, batches as an iterator, and what is left after the end. */
import { expect, test } from 'vitest';
import { Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);
const p1 = tp('t', 1);

function setUp(settings: ConstructorParameters<typeof Rig>[0] = {}) {
  const rig = new Rig(settings);
  rig.cluster.addTopic('t', 2);
  rig.cluster.append('t', 0, range(0, 9));
  return rig;
}

test('until end: it closes when what was there has settled, and takes nothing that came later', async () => {
  const rig = setUp();
  const seen: string[] = [];
  const late: (() => void)[] = [];
  await rig.start(
    {
      until: 'end',
      eachRecord: ({ partition, offset }) => {
        seen.push(`${partition}:${offset}`);
        if (offset !== 9n) return;
        rig.cluster.append('t', 0, range(10, 12));
        return new Promise<void>((resolve) => late.push(resolve));
      },
    },
    [p0, p1],
  );
  await rig.clock.advance(5000);
  expect(rig.closeRequests).toEqual([]);
  late[0]?.();
  await rig.clock.advance(5000);
  expect(rig.closeRequests.length).toBe(1);
  expect(seen.length).toBe(10);
  await rig.stop();
});

test('until end: with nothing to read it closes at once', async () => {
  const rig = setUp();
  await rig.start({ until: 'end', eachRecord: () => undefined }, [p1]);
  await rig.clock.settle();
  expect(rig.closeRequests.length).toBe(1);
  await rig.stop();
});

test('a handler may close the group', async () => {
  const rig = setUp();
  await rig.start({ eachRecord: (_record, context) => context.close() }, [p0]);
  await rig.clock.settle();
  expect(rig.closeRequests.length).toBeGreaterThan(0);
  await rig.stop();
});

test('the iterator hands out one batch at a time; advancing settles it, leaving closes without settling', async () => {
  const rig = setUp({ maxBatchRecords: 4 });
  await rig.metadata.refresh();
  const batches = rig.consumer.batches();
  await rig.assign([p0]);
  const first = await batches.next();
  expect(first.value?.records.length).toBe(4);
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(0n);
  const second = await batches.next();
  expect(second.value?.firstOffset).toBe(4n);
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(4n);
  await batches.return();
  expect(rig.closeRequests.length).toBe(1);
  const at = rig.clock.monotonic();
  await rig.revoke([p0], { reason: 'close' });
  expect(rig.clock.monotonic()).toBe(at); // nothing is waited for
  expect(rig.group.committedOffset('t', 0)).toBe(4n);
  expect(await batches.next()).toEqual({ done: true, value: undefined });
  await rig.stop();
});

test('calls of next that overlap get one batch each', async () => {
  const rig = setUp({ maxBatchRecords: 4 });
  await rig.metadata.refresh();
  const batches = rig.consumer.batches();
  const both = Promise.all([batches.next(), batches.next()]);
  await rig.assign([p0]);
  await rig.clock.advance(10);
  expect((await both).map(({ value }) => value?.firstOffset)).toEqual([0n, 4n]);
  await rig.stop();
});

test('the iterator ends with the group, or throws what ended it', async () => {
  for (const error of [undefined, new Error('fenced')]) {
    const rig = setUp();
    const batches = rig.consumer.batches();
    const next = batches.next().catch((thrown: unknown) => thrown);
    batches.end(error);
    expect(await next).toEqual(error ?? { done: true, value: undefined });
    await rig.stop();
  }
});

test('a group is run once', async () => {
  const rig = setUp();
  await rig.start({ eachRecord: () => undefined }, []);
  expect(() => rig.consumer.run({ eachRecord: () => undefined })).toThrow(
    expect.objectContaining({ code: 'KOHORT_STATE' }),
  );
  await rig.stop();
});

test('settled records are reported: handler calls that take a millisecond one by one, shorter ones together', async () => {
  const rig = setUp();
  const takes = (ms: number) => new Promise<void>((resolve) => rig.clock.setTimer(() => resolve(), ms));
  await rig.start({ eachRecord: ({ offset }) => (offset < 5n ? undefined : takes(offset === 7n ? 5 : 0)) }, [
    p0,
  ]);
  await rig.clock.advance(50);
  const common = { ...p0, bytes: expect.any(Number) };
  expect(rig.of('records.settled')).toEqual([
    { ...common, count: 7, calls: 7, firstOffset: '0', lastOffset: '6', durationMs: 0 },
    { ...common, count: 1, calls: 1, firstOffset: '7', lastOffset: '7', durationMs: 5 },
  ]);
  expect(rig.of('records.settled')[0]?.bytes).toBe(700);
  await rig.clock.advance(100);
  expect(rig.of('records.settled').slice(2)).toMatchObject([
    { count: 2, calls: 2, firstOffset: '8', lastOffset: '9' },
  ]);
  await rig.stop();
});

test.each([
  ['its partition is given back', (rig: Rig) => rig.revoke([p0])],
  ['its partition is lost', (rig: Rig) => rig.lose([p0], 'unknown-member')],
  ['the group ends', (rig: Rig) => rig.stop()],
])('what has settled is told before %s', async (_, end) => {
  const rig = setUp();
  await rig.start({ eachRecord: () => undefined }, [p0]);
  expect(rig.of('records.settled')).toEqual([]);
  await end(rig);
  expect(rig.of('records.settled')).toMatchObject([{ ...p0, count: 10, lastOffset: '9' }]);
  await rig.stop();
  expect(rig.clock.pending).toBe(0);
});

test('after stop nothing is left: no timer, no handler call, no request, whatever was under way', async () => {
  const rig = setUp({ onHandlerError: () => ({ retryAfter: 5000 }) });
  let calls = 0;
  await rig.start(
    {
      eachRecord: () => {
        calls += 1;
        if (calls === 3) throw new Error('boom');
      },
    },
    [p0, p1],
  );
  await rig.clock.advance(1);
  await rig.stop();
  expect(rig.clock.pending).toBe(0);
  const fetches = rig.cluster.fetches.length;
  rig.cluster.append('t', 1, range(0, 3));
  await rig.clock.advance(20_000);
  expect(calls).toBe(3);
  expect(rig.cluster.fetches.length).toBe(fetches);
  expect(rig.clock.pending).toBe(0);
});
