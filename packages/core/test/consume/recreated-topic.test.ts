/** A topic is deleted and created again under its name: nothing of the old position counts in the new one (KIP-516). */
import { expect, test } from 'vitest';
import { Calls, Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);
const p1 = tp('t', 1);

function withTopic(settings: ConstructorParameters<typeof Rig>[0] = {}) {
  const rig = new Rig(settings);
  rig.cluster.addTopic('t', 1);
  rig.cluster.ids.set('t', 'first');
  rig.cluster.append('t', 0, range(0, 9));
  const seen: number[] = [];
  const eachRecord = ({ offset }: { offset: bigint }) => void seen.push(Number(offset));
  return { rig, seen, eachRecord };
}

/** As Kafka does it: committed offsets go with the topic. */
function recreate(rig: Rig, records: number, id = 'second'): void {
  rig.cluster.addTopic('t', 1);
  rig.cluster.ids.set('t', id);
  rig.group.committed.delete('0 t');
  if (records > 0) rig.cluster.append('t', 0, range(0, records - 1));
  rig.cluster.wake();
}

test.each([
  ['fewer records than were read', 4],
  ['more records than were read', 14],
])('%s: it begins with the first one, with an event', async (_name, records) => {
  const { rig, seen, eachRecord } = withTopic({ autoOffsetReset: 'latest' });
  rig.group.committed.set('0 t', { ...p0, offset: 0n });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(10n);
  recreate(rig, records);
  await rig.clock.advance(8000);
  expect(rig.of('offsets.reset')).toMatchObject([
    { ...p0, from: '10', to: '0', policy: 'earliest', reason: 'recreated' },
  ]);
  expect(seen.slice(10)).toEqual(range(0, records - 1).map(({ offset }) => offset));
  expect(rig.group.committedOffset('t', 0)).toBe(BigInt(records));
  await rig.stop();
});

test('every fetch is about the topic that the position belongs to', async () => {
  const { rig, eachRecord } = withTopic();
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000);
  recreate(rig, 20);
  await rig.clock.advance(3000);
  const asked = rig.cluster.fetches.map(({ request }) => request.partitions[0]);
  for (const one of asked) {
    if (one?.topic.id === 'first') expect(one.fetchOffset).toBeLessThanOrEqual(10n);
  }
  expect(asked.find((one) => one?.topic.id === 'second')?.fetchOffset).toBe(0n);
  await rig.stop();
});

test('with newPartitions policy it begins where the policy says', async () => {
  const { rig, seen, eachRecord } = withTopic({ autoOffsetReset: 'latest', newPartitions: 'policy' });
  rig.group.committed.set('0 t', { ...p0, offset: 0n });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000);
  recreate(rig, 4);
  await rig.clock.advance(3000);
  expect(rig.of('offsets.reset')).toMatchObject([{ to: '4', policy: 'latest', reason: 'recreated' }]);
  expect(seen.length).toBe(10);
  await rig.stop();
});

test('with policy none it ends the group', async () => {
  const { rig, eachRecord } = withTopic({ autoOffsetReset: 'none' });
  rig.group.committed.set('0 t', { ...p0, offset: 0n });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000);
  recreate(rig, 4);
  await rig.clock.advance(3000);
  expect(rig.group.failed[0]).toMatchObject({ terminalClass: 'offsets', topicPartition: p0 });
  expect(rig.group.failed[0]?.message).toContain('offset 10 (recreated)');
  await rig.stop();
});

test('what is in flight of the old topic finishes first and is not committed to the new one', async () => {
  const { rig } = withTopic();
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  for (let offset = 0; offset < 5; offset++) {
    await rig.clock.settle();
    await calls.settle(offset);
  }
  await rig.clock.settle();
  recreate(rig, 3);
  await rig.clock.advance(3000);
  expect(rig.group.committedOffset('t', 0)).toBe(0n);
  expect(calls.begun.at(-1)).toBe('0:5');
  await calls.settle(5);
  await rig.clock.advance(6000);
  expect(calls.begun.at(-1)).toBe('0:0');
  expect(rig.group.committedOffset('t', 0)).toBe(0n);
  await calls.settle(0);
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(1n);
  await rig.stop();
});

test('a commit that was under way is not the last word', async () => {
  const { rig, eachRecord } = withTopic();
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000);
  let release: () => void = () => undefined;
  rig.group.onCommit = () =>
    new Promise<void>((resolve) => {
      release = resolve;
    });
  rig.cluster.append('t', 0, range(10, 14));
  await rig.clock.advance(6000);
  expect(rig.group.commits.at(-1)).toMatchObject([{ offset: 15n }]);
  recreate(rig, 0);
  await rig.clock.advance(3000);
  rig.group.onCommit = () => undefined;
  release();
  await rig.clock.advance(3000);
  expect(rig.group.committedOffset('t', 0)).toBe(0n);
  await rig.stop();
});

test('a partition that is being given back commits nothing to the new topic', async () => {
  const { rig } = withTopic();
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle();
  await calls.settle(0);
  await rig.clock.settle();
  const revoked = rig.revoke([p0], { deadlineMs: 20_000 });
  await rig.clock.settle();
  recreate(rig, 3);
  await rig.metadata.refresh();
  const before = rig.group.commits.length;
  await calls.settle(1);
  await rig.clock.advance(20_000);
  await revoked;
  expect(rig.group.commits.slice(before)).toEqual([]);
  await rig.stop();
});

test('a broker that lags behind and names the former topic changes nothing', async () => {
  const { rig, seen, eachRecord } = withTopic();
  rig.group.committed.set('0 t', { ...p0, offset: 0n });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000);
  recreate(rig, 3);
  await rig.clock.advance(3000);
  rig.cluster.ids.set('t', 'first');
  await rig.metadata.refresh();
  await rig.clock.advance(1000);
  expect(rig.cluster.fetches.at(-1)?.request.partitions[0]?.topic.id).toBe('second');
  rig.cluster.ids.set('t', 'second');
  await rig.clock.advance(3000);
  await rig.metadata.refresh();
  await rig.clock.advance(3000);
  expect(seen.slice(10)).toEqual([0, 1, 2]);
  expect(rig.of('offsets.reset').length).toBe(1);
  await rig.stop();
});

test('an id that becomes known later is no other topic', async () => {
  const { rig, seen, eachRecord } = withTopic();
  rig.cluster.ids.clear();
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000);
  rig.cluster.ids.set('t', 'first');
  await rig.metadata.refresh();
  rig.cluster.append('t', 0, range(10, 10));
  await rig.clock.advance(1000);
  expect(seen.length).toBe(11);
  expect(rig.of('offsets.reset').map(({ reason }) => reason)).toEqual(['no-committed-offset']);
  recreate(rig, 1);
  await rig.clock.advance(3000);
  expect(rig.of('offsets.reset').at(-1)?.reason).toBe('recreated');
  await rig.stop();
});

test('until end does not wait for records that have gone with the topic', async () => {
  const { rig } = withTopic();
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler, until: 'end' }, [p0]);
  await rig.clock.settle();
  await calls.settle(0);
  await rig.clock.settle();
  recreate(rig, 2);
  await rig.metadata.refresh(); // nothing is fetched at the end, so that no error tells of it
  await rig.clock.advance(3000);
  await calls.settle(1);
  await rig.clock.advance(3000);
  expect(rig.closeRequests.length).toBe(1);
  await rig.stop();
});

test('a rebalance meanwhile does not bring back what was committed of the old topic', async () => {
  const { rig, seen, eachRecord } = withTopic();
  rig.cluster.addTopic('t', 2);
  rig.cluster.append('t', 0, range(0, 9));
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(6000);
  rig.cluster.listScript = () => 6; // where the new one begins cannot be told yet
  recreate(rig, 14);
  await rig.clock.advance(2000);
  rig.group.committed.set('0 t', { ...p0, offset: 10n }); // by a member that had not noticed
  await rig.assign([p1]);
  await rig.clock.advance(1000);
  rig.cluster.listScript = () => 0;
  await rig.clock.advance(8000);
  expect(seen.filter((offset) => offset === 0).length).toBe(2); // once of each log
  expect(rig.group.committedOffset('t', 0)).toBe(14n);
  await rig.stop();
});

test('it is not ready before the position in the new topic is known', async () => {
  const { rig, eachRecord } = withTopic();
  let release: () => void = () => undefined;
  rig.group.onCommit = () =>
    new Promise<void>((resolve) => {
      release = resolve;
    });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000); // the first position waits for its commit
  let ready = false;
  const whenReady = rig.consumer.whenReady().then(() => {
    ready = true;
  });
  rig.cluster.listScript = () => 6;
  recreate(rig, 3);
  await rig.metadata.refresh();
  rig.group.onCommit = () => undefined;
  release();
  await rig.clock.advance(3000);
  expect(ready).toBe(false);
  rig.cluster.listScript = () => 0;
  await rig.clock.advance(3000);
  await whenReady;
  await rig.stop();
});
