/** What is asked of brokers, when, and what never is. */
import { expect, test } from 'vitest';
import { TransportError } from '../../src/errors/transport-error.ts';
import { Calls, Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);
const p1 = tp('t', 1);
const ignore = { eachRecord: () => undefined };

function rigWith(partitions: number, settings: ConstructorParameters<typeof Rig>[0] = {}): Rig {
  const rig = new Rig(settings);
  rig.cluster.addTopic('t', partitions);
  for (let partition = 0; partition < partitions; partition++) {
    rig.group.committed.set(`${partition} t`, { ...tp('t', partition), offset: 0n });
  }
  return rig;
}

test('one request at a time goes to each broker, with all of its partitions', async () => {
  const rig = rigWith(4);
  for (let p = 0; p < 4; p++) rig.cluster.log('t', p).leader = 1 + (p % 2);
  await rig.start(
    ignore,
    [0, 1, 2, 3].map((p) => tp('t', p)),
  );
  for (let i = 0; i < 20; i++) {
    rig.cluster.append('t', i % 4, range(Math.floor(i / 4), Math.floor(i / 4)));
    await rig.clock.advance(20);
  }
  expect(rig.cluster.mostUnderWay).toBe(1);
  expect(rig.cluster.fetches[0]?.request.partitions.length).toBe(2);
  await rig.stop();
});

test('the next request goes out while handlers are at work', async () => {
  const rig = rigWith(1);
  rig.cluster.append('t', 0, range(0, 3));
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle();
  expect(calls.open.length).toBe(1);
  expect(rig.cluster.fetches.map(({ request }) => request.partitions[0]?.fetchOffset)).toEqual([0n, 4n]);
  await rig.stop();
});

test('a partition that is full is left out, and memory stays within its bounds', async () => {
  const rig = rigWith(2, { maxBytesPerPartition: 1000, maxBufferedBytes: 4000 });
  for (let i = 0; i < 30; i++) {
    rig.cluster.append('t', 0, [{ offset: i }], { size: 500 });
    rig.cluster.append('t', 1, [{ offset: i }], { size: 500 });
  }
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0, p1]);
  let most = 0;
  for (let i = 0; i < 20; i++) {
    await rig.clock.advance(100);
    most = Math.max(most, rig.consumer.bufferedBytes);
    if (i > 10) calls.open.shift()?.resolve();
  }
  expect(most).toBeGreaterThan(1000);
  expect(most).toBeLessThanOrEqual(4000);
  await rig.stop();
});

test('no request is sent while nothing can be fetched, and fetching goes on when there is room', async () => {
  const rig = rigWith(1, { maxBytesPerPartition: 1000 });
  for (let i = 0; i < 9; i++) rig.cluster.append('t', 0, [{ offset: i }], { size: 1000 });
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.advance(30_000);
  const before = rig.cluster.fetches.length;
  expect(before).toBeLessThanOrEqual(3);
  await calls.settle(0);
  await calls.settle(1);
  await rig.clock.advance(1);
  expect(rig.cluster.fetches.length).toBeGreaterThan(before);
  await rig.stop();
});

test('a paused partition is not fetched, also when it is paused in onAssigned (S57)', async () => {
  const rig: Rig = rigWith(2, {
    callbacks: { onAssigned: () => rig.consumer.controls.pause([p0]) },
  });
  rig.cluster.append('t', 0, range(0, 3));
  rig.cluster.append('t', 1, range(0, 3));
  const seen: number[] = [];
  await rig.start({ eachRecord: ({ partition }) => void seen.push(partition) }, [p0, p1]);
  await rig.clock.advance(5000);
  const asked = rig.cluster.fetches.flatMap(({ request }) =>
    request.partitions.map(({ partition }) => partition),
  );
  expect(asked).not.toContain(0);
  expect(seen).toEqual([1, 1, 1, 1]);
  await rig.consumer.controls.resume([p0]);
  await rig.clock.advance(600);
  expect(seen.filter((p) => p === 0).length).toBe(4);
  await rig.stop();
});

test('a leader that moves is followed, with an event and without a reset', async () => {
  const rig = rigWith(1);
  rig.cluster.append('t', 0, range(0, 3));
  const seen: bigint[] = [];
  await rig.start({ eachRecord: ({ offset }) => void seen.push(offset) }, [p0]);
  await rig.clock.settle();
  const log = rig.cluster.log('t', 0);
  log.leader = 2;
  log.leaderEpoch = 1;
  rig.cluster.append('t', 0, range(4, 6));
  await rig.clock.advance(3000);
  expect(seen.length).toBe(7);
  expect(rig.cluster.fetches.at(-1)?.node).toBe(2);
  expect(rig.cluster.fetches.at(-1)?.request.partitions[0]?.currentLeaderEpoch).toBe(1);
  expect(rig.of('partition.error')[0]?.error).toBe('NOT_LEADER_OR_FOLLOWER');
  expect(rig.of('offsets.reset')).toEqual([]);
  await rig.stop();
});

test.each([2, 3, 5, 6, 9, 29, 56, 74, 75, 76, 78, 100, -1])(
  'a persistent error %i costs at most a few requests a second, and ends with the error',
  async (errorCode) => {
    const rig = rigWith(2);
    rig.cluster.append('t', 0, range(0, 3));
    rig.cluster.append('t', 1, range(0, 3));
    let broken = true;
    rig.cluster.script = ({ partition }) => (broken && partition === 0 ? { errorCode } : undefined);
    const seen: number[] = [];
    await rig.start({ eachRecord: ({ partition }) => void seen.push(partition) }, [p0, p1]);
    await rig.clock.advance(20_000);
    expect(seen).toEqual([1, 1, 1, 1]);
    const asked = rig.cluster.fetches.filter(({ request }) =>
      request.partitions.some(({ partition }) => partition === 0),
    );
    expect(asked.length).toBeGreaterThan(10);
    expect(rig.cluster.fetches.length).toBeLessThan(120);
    expect(rig.cluster.metadataCalls).toBeLessThan(60);
    expect(rig.of('partition.error').length).toBeGreaterThan(5);
    broken = false;
    await rig.clock.advance(2000);
    expect(seen.filter((p) => p === 0).length).toBe(4);
    await rig.stop();
  },
);

test('a broker that cannot be reached is asked at the pace of the backoff; the others go on', async () => {
  const rig = rigWith(2);
  rig.cluster.log('t', 1).leader = 2;
  rig.cluster.append('t', 1, range(0, 3));
  rig.cluster.fetchError = (node) =>
    node === 1 ? new TransportError('connection refused', { kind: 'connect', sent: 'no' }) : undefined;
  const seen: number[] = [];
  await rig.start({ eachRecord: ({ partition }) => void seen.push(partition) }, [p0, p1]);
  await rig.clock.advance(20_000);
  expect(seen.length).toBe(4);
  const refused = rig.cluster.fetches.filter(({ node }) => node === 1).length;
  expect(refused).toBeGreaterThan(10);
  expect(refused).toBeLessThan(40);
  expect(rig.of('fetch.end').some(({ nodeId, error }) => nodeId === 1 && error === 'connect')).toBe(true);
  await rig.stop();
});

test('a broker that answers at once with nothing does not make a hot loop', async () => {
  const rig = rigWith(1);
  rig.cluster.impatient = true;
  await rig.start(ignore, [p0]);
  await rig.clock.advance(10_000);
  expect(rig.cluster.fetches.length).toBeLessThanOrEqual(101);
  await rig.stop();
});

test('a corrupt batch is never skipped: an event, a pause, and the same offset again', async () => {
  const rig = rigWith(1);
  rig.cluster.append('t', 0, range(0, 3));
  rig.cluster.append('t', 0, range(4, 6), { corrupt: true });
  rig.cluster.append('t', 0, range(7, 9));
  const seen: number[] = [];
  await rig.start({ eachRecord: ({ offset }) => void seen.push(Number(offset)) }, [p0]);
  await rig.clock.advance(10_000);
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(rig.group.committedOffset('t', 0)).toBe(4n);
  expect(rig.of('partition.error').length).toBeGreaterThan(5);
  expect(rig.cluster.fetches.length).toBeLessThan(30);
  rig.cluster.log('t', 0).batches.splice(1, 1);
  rig.cluster.append('t', 0, range(10, 10));
  await rig.clock.advance(2000);
  expect(seen.slice(4)).toEqual([7, 8, 9, 10]); // the log itself has lost 4 to 6
  await rig.stop();
});

test('a closer replica is read once the leader names it, and the leader again when it fails (KIP-392)', async () => {
  const rig = rigWith(1, { rack: 'r1' });
  rig.cluster.append('t', 0, range(0, 3));
  let replicaWorks = true;
  rig.cluster.script = (_partition, node, offset) => {
    if (node.nodeId === 1) return replicaWorks ? { preferredReadReplica: 3 } : undefined;
    if (!replicaWorks) return { errorCode: 1 };
    return offset < 4n ? { batches: rig.cluster.log('t', 0).batches } : {};
  };
  const seen: number[] = [];
  await rig.start({ eachRecord: ({ offset }) => void seen.push(Number(offset)) }, [p0]);
  await rig.clock.advance(600);
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(rig.cluster.fetches.map(({ node }) => node).slice(0, 2)).toEqual([1, 3]);
  expect(rig.cluster.fetches[0]?.request.rack).toBe('r1');
  replicaWorks = false;
  rig.cluster.append('t', 0, range(4, 4));
  await rig.clock.advance(3000);
  expect(seen.at(-1)).toBe(4);
  expect(rig.of('offsets.reset')).toEqual([]); // out of range at a replica says nothing about the log
  await rig.stop();
});

test('a log that was cut off is told and read on from the divergence', async () => {
  const rig = rigWith(1);
  rig.cluster.append('t', 0, range(0, 9));
  const seen: number[] = [];
  let cut = false;
  rig.cluster.script = (_partition, _node, offset) =>
    cut && offset === 10n ? { divergingEpoch: { epoch: 0, endOffset: 6n } } : undefined;
  await rig.start({ eachRecord: ({ offset }) => void seen.push(Number(offset)) }, [p0]);
  await rig.clock.advance(100);
  const log = rig.cluster.log('t', 0);
  log.batches = [];
  log.leaderEpoch = 1;
  rig.cluster.append('t', 0, range(6, 7));
  cut = true;
  rig.cluster.wake();
  await rig.clock.advance(2000);
  expect(rig.of('offsets.reset')).toMatchObject([{ from: '10', to: '6', reason: 'truncated' }]);
  expect(seen.slice(10)).toEqual([6, 7]);
  expect(rig.group.committedOffset('t', 0)).toBe(8n);
  await rig.stop();
});

test('with policy none, a log that was cut off ends the group', async () => {
  const rig = rigWith(1, { autoOffsetReset: 'none' });
  rig.cluster.append('t', 0, range(0, 9));
  rig.cluster.script = () => ({ divergingEpoch: { epoch: 0, endOffset: 0n } });
  await rig.start(ignore, [p0]);
  await rig.clock.advance(100);
  expect(rig.group.failed[0]?.terminalClass).toBe('offsets');
  await rig.stop();
});

test('an answer that comes back after a seek is dropped', async () => {
  const rig = rigWith(1);
  rig.cluster.append('t', 0, range(0, 9));
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle(); // a request for offset 10 is parked
  const seek = rig.consumer.controls.seek(p0, 3n);
  rig.cluster.append('t', 0, range(10, 11)); // answers the parked request
  await seek;
  await rig.clock.settle();
  await calls.settle(0);
  await rig.clock.settle();
  expect(calls.begun).toEqual(['0:0', '0:3']);
  await rig.stop();
});

test('the end of the log under read_committed is the last stable offset', async () => {
  const rig = rigWith(1, { isolationLevel: 'read_committed' });
  rig.cluster.append('t', 0, range(0, 3));
  rig.cluster.script = (_p, _n, offset) =>
    offset >= 4n ? { lastStableOffset: 5n, highWatermark: 9n } : undefined;
  await rig.start(ignore, [p0]);
  await rig.clock.advance(700);
  expect(rig.consumer.controls.lag()).toMatchObject([{ endOffset: 5n, lag: 1n }]);
  expect(JSON.stringify(rig.consumer.controls.lag())).toContain('"lag":"1"');
  await rig.stop();
});
