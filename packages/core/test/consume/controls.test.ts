/** Pause, resume, seek and commit, as the user asks for them. */
import { expect, test } from 'vitest';
import { ErrorCode } from '../../src/errors/error-codes.ts';
import { Calls, Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);
const p1 = tp('t', 1);

function setUp(settings: ConstructorParameters<typeof Rig>[0] = {}) {
  const rig = new Rig(settings);
  rig.cluster.addTopic('t', 2);
  rig.cluster.append('t', 0, range(0, 9));
  rig.cluster.append('t', 1, range(0, 9));
  const seen: string[] = [];
  const eachRecord = ({ partition, offset }: { partition: number; offset: bigint }) =>
    void seen.push(`${partition}:${offset}`);
  return { rig, seen, eachRecord, controls: rig.consumer.controls };
}

test('a partition that is not owned can be neither paused, resumed, sought nor committed', async () => {
  const { rig, eachRecord, controls } = setUp();
  await rig.start({ eachRecord }, [p0]);
  const expected = { code: ErrorCode.notOwned, topicPartition: p1 };
  await expect(controls.pause([p1])).rejects.toMatchObject(expected);
  await expect(controls.resume([p1])).rejects.toMatchObject(expected);
  await expect(controls.seek(p1, 0n)).rejects.toMatchObject(expected);
  await expect(controls.commit([{ ...p1, offset: 3n }])).rejects.toMatchObject(expected);
  await rig.stop();
});

test('a handler pauses its partition after the present record', async () => {
  const { rig, controls } = setUp();
  const seen: number[] = [];
  await rig.start(
    {
      eachRecord: ({ offset }, context) => {
        seen.push(Number(offset));
        if (offset === 3n) context.pause();
      },
    },
    [p0],
  );
  await rig.clock.advance(10_000);
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(rig.group.committedOffset('t', 0)).toBe(4n);
  await controls.resume([p0]);
  await rig.clock.settle();
  expect(seen.length).toBe(10);
  expect(rig.of('flow.paused')).toEqual([{ ...p0, reason: 'user' }]);
  expect(rig.of('flow.resumed')).toEqual([{ ...p0, reason: 'user' }]);
  await rig.stop();
});

test('a pause outlives a rebalance in which the partition comes back', async () => {
  const { rig, seen, eachRecord, controls } = setUp();
  await rig.start({ eachRecord }, []);
  await rig.assign([p0]);
  const at = seen.length;
  await controls.pause([p0]);
  await rig.revoke([p0]);
  await rig.assign([p0]);
  rig.cluster.append('t', 0, range(10, 12));
  await rig.clock.advance(5000);
  expect(seen.length).toBe(at);
  expect(rig.of('flow.resumed')).toEqual([]);
  await controls.resume([p0]);
  await rig.clock.advance(1000);
  expect(seen.length).toBe(at + 3);
  await rig.stop();
});

test('a pause ends, with an event, when the partition does not come back', async () => {
  const { rig, seen, eachRecord, controls } = setUp();
  await rig.start({ eachRecord }, [p0]);
  await controls.pause([p0]);
  await rig.revoke([p0]);
  await rig.assign([p1]);
  expect(rig.of('flow.resumed')).toEqual([{ ...p0, reason: 'revoked' }]);
  rig.cluster.append('t', 0, range(10, 12));
  await rig.assign([p0]);
  await rig.clock.advance(1000);
  expect(seen).toContain('0:12');
  await rig.stop();
});

test('a partition paused for longer than every timeout goes on as if nothing had been', async () => {
  const { rig, seen, eachRecord, controls } = setUp();
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.settle();
  await controls.pause([p0]);
  rig.cluster.append('t', 0, range(10, 19));
  await rig.clock.advance(3_600_000);
  expect(seen.length).toBe(10);
  expect(rig.of('partition.stalled')).toEqual([]);
  await controls.resume([p0]);
  await rig.clock.settle();
  expect(seen.length).toBe(20);
  await rig.stop();
});

test('a seek waits for what is in flight, which counts no more, and goes on where it was told', async () => {
  const { rig, controls } = setUp();
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await calls.settle(0);
  await controls.seek(p0, 7n);
  await rig.clock.advance(600);
  expect(calls.begun).toEqual(['0:0', '0:1']);
  await calls.settle(1);
  await rig.clock.settle();
  expect(calls.begun.at(-1)).toBe('0:7');
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(7n);
  await calls.settle(7);
  await Promise.all([rig.revoke([p0], { deadlineMs: 10 }), rig.clock.advance(10)]);
  expect(rig.group.committedOffset('t', 0)).toBe(8n);
  await rig.stop();
});

test('after a seek nothing begins while a handler of before still runs, whatever the order', async () => {
  const { rig, controls } = setUp({
    concurrency: { total: 64, perPartition: 2, ordering: 'key', window: 100 },
  });
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle();
  await controls.seek(p0, 5n);
  await calls.settle(0);
  await rig.clock.advance(600);
  expect(calls.begun).toEqual(['0:0', '0:1']);
  await calls.settle(1);
  await rig.clock.settle();
  expect(calls.begun).toEqual(['0:0', '0:1', '0:5', '0:6']);
  await rig.stop();
});

test.each([
  ['earliest', '0:0'],
  ['latest', undefined],
  [new Date(1006), '0:6'],
] as const)('a seek to %s', async (target, first) => {
  const { rig, seen, eachRecord, controls } = setUp();
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.settle();
  seen.length = 0;
  await controls.seek(p0, target);
  await rig.clock.advance(600);
  expect(seen[0]).toBe(first);
  await rig.stop();
});

test('a seek back is committed, so that the next owner goes on there too', async () => {
  const { rig, eachRecord, controls } = setUp();
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(10n);
  await controls.pause([p0]);
  await controls.seek(p0, 2n);
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(2n);
  await rig.stop();
});

test('a commit that is under way when a seek comes does not stand for the new position', async () => {
  const { rig, eachRecord, controls } = setUp();
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(6000);
  let release: () => void = () => undefined;
  rig.group.onCommit = () =>
    new Promise<void>((resolve) => {
      release = resolve;
    });
  rig.cluster.append('t', 0, range(10, 14));
  await rig.clock.advance(6000);
  expect(rig.group.commits.at(-1)).toMatchObject([{ offset: 15n }]);
  await controls.pause([p0]);
  await controls.seek(p0, 2n);
  rig.group.onCommit = () => undefined;
  release();
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(2n);
  await rig.stop();
});

test('committed and lag tell how far everything is', async () => {
  const { rig, eachRecord, controls } = setUp();
  await rig.start({ eachRecord }, [p0, p1]);
  await rig.clock.advance(600);
  rig.cluster.append('t', 1, range(10, 10));
  await controls.pause([p1]);
  await rig.clock.advance(600);
  expect(await controls.committed()).toMatchObject([{ partition: 0, offset: 10n }, { partition: 1 }]);
  expect(controls.lag()).toMatchObject([
    { ...p0, position: 10n, committed: 10n, endOffset: 10n, lag: 0n },
    p1,
  ]);
  await rig.stop();
});
