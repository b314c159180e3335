/** Where consumption begins, and what an answer or an error means for it. */
import { expect, test } from 'vitest';
import type { PartitionOffset } from '../../src/contracts/topic-partition.ts';
import { ErrorCode } from '../../src/errors/error-codes.ts';
import { KohortError } from '../../src/errors/kohort-error.ts';
import { Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);
const p1 = tp('t', 1);

function seenBy(rig: Rig, partitions = 1) {
  rig.cluster.addTopic('t', partitions);
  for (let p = 0; p < partitions; p++) rig.cluster.append('t', p, range(0, 9));
  const seen: string[] = [];
  return {
    seen,
    eachRecord: (r: { partition: number; offset: bigint }) => void seen.push(`${r.partition}:${r.offset}`),
  };
}

test('it begins at the committed offset, and nothing is looked up or committed for that', async () => {
  const rig = new Rig();
  const { seen, eachRecord } = seenBy(rig);
  rig.group.committed.set('0 t', { ...p0, offset: 6n, leaderEpoch: 0 });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.settle();
  expect(seen[0]).toBe('0:6');
  expect(rig.cluster.listed).toEqual([]);
  expect(rig.of('offsets.reset')).toEqual([]);
  expect(rig.cluster.fetches[0]?.request.partitions[0]).toMatchObject({
    fetchOffset: 6n,
    lastFetchedEpoch: 0,
  });
  await rig.stop();
});

test('a position of the reset policy is committed before the first record is dispatched', async () => {
  const rig = new Rig();
  const { seen, eachRecord } = seenBy(rig);
  let release: () => void = () => undefined;
  rig.group.onCommit = () =>
    new Promise<void>((resolve) => {
      release = resolve;
    });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(50);
  expect(rig.group.commits[0]).toMatchObject([{ topic: 't', partition: 0, offset: 0n }]);
  expect(seen).toEqual([]);
  rig.group.onCommit = () => undefined;
  release();
  await rig.clock.settle();
  expect(seen.length).toBe(10);
  expect(rig.of('offsets.reset')).toMatchObject([
    { partition: 0, from: 'none', to: '0', policy: 'earliest', reason: 'no-committed-offset' },
  ]);
  await rig.stop();
});

test('latest is committed although nothing is ever read, so that the next owner does not skip what comes meanwhile', async () => {
  const rig = new Rig({ autoOffsetReset: 'latest' });
  const { seen, eachRecord } = seenBy(rig);
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(50);
  expect(rig.group.committedOffset('t', 0)).toBe(10n);
  expect(seen).toEqual([]);
  await rig.stop();
});

test.each([
  ['a date', new Date(1004), 4n],
  ['a date after the end, which is the end', new Date(99_000), 10n],
])('the reset policy may be %s', async (_name, autoOffsetReset, expected) => {
  const rig = new Rig({ autoOffsetReset });
  const { eachRecord } = seenBy(rig);
  rig.group.onCommit = () => undefined;
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.settle();
  expect(rig.of('offsets.reset')[0]?.to).toBe(expected.toString());
  await rig.stop();
});

test('ago counts back from now', async () => {
  const rig = new Rig({ autoOffsetReset: { ago: 5000 } });
  const { eachRecord } = seenBy(rig);
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.settle();
  expect(rig.cluster.listed[0]?.partitions[0]?.timestamp).toBe(BigInt(rig.clock.wall() - 5000));
  await rig.stop();
});

test('none ends the group with KOHORT_OFFSETS', async () => {
  const rig = new Rig({ autoOffsetReset: 'none' });
  const { seen, eachRecord } = seenBy(rig);
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.settle();
  expect(rig.group.failed[0]).toMatchObject({
    code: ErrorCode.offsets,
    terminalClass: 'offsets',
    topicPartition: p0,
  });
  expect(seen).toEqual([]);
  await rig.stop();
});

test('a partition without a commit begins at the earliest record if another one of its topic has a commit', async () => {
  const rig = new Rig({ autoOffsetReset: 'latest' });
  const { seen, eachRecord } = seenBy(rig, 3);
  rig.group.committed.set('2 t', { ...tp('t', 2), offset: 3n }); // not even owned here
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.settle();
  expect(seen[0]).toBe('0:0');
  await rig.stop();
});

test('with newPartitions policy it begins where the policy says', async () => {
  const rig = new Rig({ autoOffsetReset: 'latest', newPartitions: 'policy' });
  const { seen, eachRecord } = seenBy(rig, 2);
  rig.group.committed.set('1 t', { ...p1, offset: 3n });
  await rig.start({ eachRecord }, [p0, p1]);
  await rig.clock.settle();
  expect(seen.filter((one) => one.startsWith('0'))).toEqual([]);
  await rig.stop();
});

test('an error while reading committed offsets is asked again, never a reset', async () => {
  const rig = new Rig();
  const { seen, eachRecord } = seenBy(rig);
  rig.group.committed.set('0 t', { ...p0, offset: 8n });
  let failures = 3;
  rig.group.onFetch = () => {
    failures -= 1;
    if (failures >= 0) throw new KohortError(ErrorCode.broker, 'not now', { kafkaCode: 14 });
  };
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(2000);
  expect(seen).toEqual(['0:8', '0:9']);
  expect(rig.of('offsets.reset')).toEqual([]);
  expect(rig.of('retry.scheduled').filter(({ operation }) => operation === 'OffsetFetch').length).toBe(3);
  await rig.stop();
});

test('ListOffsets is asked again for ever, at the pace of the backoff, and one partition does not hold up another', async () => {
  const rig = new Rig();
  const { seen, eachRecord } = seenBy(rig, 2);
  rig.cluster.listScript = ({ partition }) => (partition === 0 ? 6 : 0);
  await rig.start({ eachRecord }, [p0, p1]);
  await rig.clock.advance(20_000);
  expect(seen.filter((one) => one.startsWith('1')).length).toBe(10);
  expect(seen.filter((one) => one.startsWith('0'))).toEqual([]);
  expect(rig.cluster.listed.length).toBeGreaterThan(10);
  expect(rig.cluster.listed.length).toBeLessThan(40);
  expect(rig.of('partition.error')[0]).toMatchObject({ partition: 0, error: 'NOT_LEADER_OR_FOLLOWER' });
  rig.cluster.listScript = () => 0;
  await rig.clock.advance(2000);
  expect(seen.filter((one) => one.startsWith('0')).length).toBe(10);
  await rig.stop();
});

test('no fetch goes out before the committed offset is known (S34)', async () => {
  const rig = new Rig();
  const { eachRecord } = seenBy(rig);
  rig.group.committed.set('0 t', { ...p0, offset: 5n });
  rig.group.onFetch = () => new Promise<void>((resolve) => void rig.clock.setTimer(resolve, 2000));
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1900);
  expect(rig.cluster.fetches).toEqual([]);
  await rig.clock.advance(200);
  expect(rig.cluster.fetches[0]?.request.partitions[0]?.fetchOffset).toBe(5n);
  await rig.stop();
});

test('positions that a rebalance overtakes are asked for again under the new generation (S81)', async () => {
  const rig = new Rig();
  const { seen, eachRecord } = seenBy(rig, 2);
  let hold = true;
  rig.group.onFetch = () => (hold ? new Promise<void>(() => undefined) : undefined);
  await rig.start({ eachRecord }, [p0]);
  hold = false;
  rig.group.committed.set('0 t', { ...p0, offset: 9n });
  await rig.assign([p1]);
  await rig.clock.settle();
  expect(seen).toContain('0:9');
  expect(seen).not.toContain('0:0');
  await rig.stop();
});

test('out of range resets by the policy, with an event and a commit, when what was read has settled', async () => {
  const rig = new Rig();
  const { seen, eachRecord } = seenBy(rig);
  rig.group.committed.set('0 t', { ...p0, offset: 2n });
  const log = rig.cluster.log('t', 0);
  log.start = 5;
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000);
  expect(seen[0]).toBe('0:5');
  expect(rig.of('offsets.reset')).toMatchObject([{ from: '2', to: '5', reason: 'out-of-range' }]);
  expect(rig.group.commits[0]).toMatchObject([{ offset: 5n }]);
  await rig.stop();
});

test('offsets of the user own store: absent means the policy, a rejection is tried again', async () => {
  const stored: PartitionOffset[] = [];
  let loads = 0;
  const rig = new Rig({
    offsets: {
      load: async (partitions) => {
        loads += 1;
        if (loads === 1) throw new Error('database is down');
        return partitions
          .filter(({ partition }) => partition === 0)
          .map((place) => ({ ...place, offset: 7n }));
      },
      store: async (offsets) => void stored.push(...offsets),
    },
  });
  const { seen, eachRecord } = seenBy(rig, 2);
  await rig.start({ eachRecord }, [p0, p1]);
  await rig.clock.advance(1000);
  expect(seen.filter((one) => one.startsWith('0'))).toEqual(['0:7', '0:8', '0:9']);
  expect(seen.filter((one) => one.startsWith('1')).length).toBe(10);
  expect(stored).toContainEqual({ ...p0, offset: 10n, leaderEpoch: 0 });
  expect(rig.group.commits).toEqual([]);
  expect(rig.group.fetchCalls).toBe(0);
  await rig.stop();
});

test('which partitions a topic has is asked before a new one is told from a new group', async () => {
  const rig = new Rig({ autoOffsetReset: 'latest' });
  const { seen, eachRecord } = seenBy(rig, 2);
  rig.group.committed.set('1 t', { ...p1, offset: 3n });
  rig.consumer.run({ eachRecord });
  await rig.assign([p0]); // the metadata is not there yet
  await rig.clock.settle();
  expect(seen[0]).toBe('0:0');
  await rig.stop();
});

test('where the handler keeps offsets itself, nothing is committed and nothing waits for a commit', async () => {
  const rig = new Rig({ offsets: { load: async () => [] } });
  const { seen, eachRecord } = seenBy(rig);
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(10_000);
  expect(seen.length).toBe(10);
  expect(rig.group.commits).toEqual([]);
  expect(rig.of('commit.end')).toEqual([]);
  await rig.stop();
});

test('out of range resets nothing while a record that was read waits for its retry', async () => {
  const rig = new Rig({ onHandlerError: () => ({ retryAfter: 5000 }) });
  const { seen, eachRecord } = seenBy(rig);
  rig.group.committed.set('0 t', { ...p0, offset: 0n });
  let fails = true;
  await rig.start(
    {
      eachRecord: (record) => {
        if (record.offset === 9n && fails) {
          fails = false;
          throw new Error('boom');
        }
        eachRecord(record);
      },
    },
    [p0],
  );
  const log = rig.cluster.log('t', 0);
  log.batches = [];
  log.start = 50;
  log.end = 50;
  rig.cluster.wake();
  await rig.clock.advance(4000);
  expect(rig.of('offsets.reset')).toEqual([]);
  await rig.clock.advance(4000);
  expect(seen.at(-1)).toBe('0:9');
  expect(rig.of('offsets.reset')).toMatchObject([{ from: '10', to: '50', reason: 'out-of-range' }]);
  await rig.stop();
});
