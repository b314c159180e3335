/** What a hand-over waits for, and for how long. */
import { expect, test } from 'vitest';
import type { ConsumerSettings } from '../../src/consume/settings.ts';
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

test('onAssigned is waited for before anything is dispatched, and may fail', async () => {
  let release: (error: Error) => void = () => undefined;
  const rig = new Rig({
    callbacks: {
      onAssigned: () =>
        new Promise<void>((_resolve, reject) => {
          release = reject;
        }),
    },
  });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 4));
  const seen: bigint[] = [];
  const started = rig
    .start({ eachRecord: ({ offset }) => void seen.push(offset) }, [p0])
    .catch((error: unknown) => error);
  await rig.clock.advance(3000);
  expect(seen).toEqual([]);
  expect(rig.group.committedOffset('t', 0)).toBe(0n); // positions are resolved meanwhile
  release(new Error('from the user'));
  expect(await started).toMatchObject({ message: 'from the user' }); // the manager tells it
  await rig.clock.settle();
  expect(seen.length).toBe(5);
  await rig.stop();
});

test('ready waits for the callback and for every position', async () => {
  const { rig } = setUp();
  rig.cluster.listScript = () => 6;
  let ready = false;
  void rig.consumer.whenReady().then(() => {
    ready = true;
  });
  await rig.start({ eachRecord: () => undefined }, [p0]);
  await rig.clock.advance(1000);
  expect(ready).toBe(false);
  rig.cluster.listScript = () => 0;
  await rig.clock.advance(2000);
  expect(ready).toBe(true);
  const controller = new AbortController();
  rig.cluster.listScript = () => 6;
  await rig.assign([p1]);
  const given = rig.consumer.whenReady(controller.signal).catch((error: unknown) => error);
  controller.abort(new Error('too late'));
  expect(await given).toMatchObject({ message: 'too late' });
  await rig.stop();
});

test('S98: partitions that go away leave nobody ready, whether their positions were known or not', async () => {
  const { rig } = setUp();
  rig.cluster.listScript = () => 6;
  let ready = false;
  await rig.start({ eachRecord: () => undefined }, [p0]);
  void rig.consumer.whenReady().then(() => {
    ready = true;
  });
  await rig.revoke([p0]);
  await rig.clock.advance(1000);
  expect(ready).toBe(false);
  rig.cluster.listScript = () => 0;
  await rig.assign([p1]);
  await rig.clock.advance(2000);
  expect(ready).toBe(true);
  await rig.lose([p1], 'unknown-member');
  const controller = new AbortController();
  const given = rig.consumer.whenReady(controller.signal).catch((error: unknown) => error);
  controller.abort(new Error('too late'));
  expect(await given).toMatchObject({ message: 'too late' });
  await rig.stop();
});

test('an empty assignment is ready', async () => {
  const { rig } = setUp();
  await rig.start({ eachRecord: () => undefined }, []);
  await rig.consumer.whenReady();
  await rig.stop();
});

test('closing tells which partitions were cut off, and a shorter close shortens the drain', async () => {
  const { rig, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  let over = false;
  void rig.revoke([p0], { reason: 'close', deadlineMs: 18_000 }).then(() => {
    over = true;
  });
  await rig.clock.advance(1000);
  rig.consumer.closing(2000);
  await rig.clock.advance(1600);
  expect(over).toBe(true);
  expect(rig.consumer.drained).toEqual({ drained: false, abandoned: [p0] });
  await rig.stop();
  expect(rig.clock.pending).toBe(0);
});

test('a close that drains abandons nothing', async () => {
  const { rig, calls } = setUp();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  rig.consumer.closing(20_000);
  const revoked = rig.revoke([p0], { reason: 'close', deadlineMs: 18_000 });
  await rig.clock.settle();
  await calls.settle(0);
  await revoked;
  expect(rig.consumer.drained).toEqual({ drained: true, abandoned: [] });
  expect(rig.group.committedOffset('t', 0)).toBe(1n);
  await rig.stop();
});

test('an onAssigned that exceeds its bound is gone on without', async () => {
  const rig = new Rig({
    maxProcessingTime: 5000,
    callbacks: { onAssigned: () => new Promise<void>(() => undefined) },
  });
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 4));
  const seen: bigint[] = [];
  void rig.start({ eachRecord: ({ offset }) => void seen.push(offset) }, [p0]);
  await rig.clock.advance(4900);
  expect(seen).toEqual([]);
  await rig.clock.advance(200);
  expect(seen.length).toBe(5);
  await rig.stop();
});

test('a commit that is under way and hangs does not hold up a revoke beyond its deadline', async () => {
  const { rig, told } = setUp();
  await rig.start({ eachRecord: () => undefined }, [p0]);
  rig.group.onCommit = () => new Promise<void>(() => undefined);
  await rig.clock.advance(200); // the commit of what has settled hangs
  await Promise.all([rig.revoke([p0], { deadlineMs: 10_000 }), rig.clock.advance(9000)]);
  expect(told.log).toEqual(['assigned 0', 'revoked 0']);
  await rig.stop();
});

test('a handler that settles because it was told to stop has come too late: lost, and not committed', async () => {
  const { rig, told } = setUp();
  await rig.start(
    {
      eachRecord: ({ offset }, { signal }) => {
        if (offset !== 3n) return;
        return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    },
    [p0],
  );
  await rig.clock.settle();
  await Promise.all([rig.revoke([p0], { deadlineMs: 10_000 }), rig.clock.advance(6000)]);
  expect(told.log).toEqual(['assigned 0', 'lost 0 drain']);
  expect(rig.group.committedOffset('t', 0)).toBe(3n);
  await rig.stop();
});
