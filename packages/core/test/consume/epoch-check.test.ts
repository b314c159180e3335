/** Leaders are asked whether a position is still in their log, where a fetch does not find out by itself (KIP-320). */
import { expect, test } from 'vitest';
import { TransportError } from '../../src/errors/transport-error.ts';
import { Calls, Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

const p0 = tp('t', 0);

/** A cluster whose fetches do not notice truncation: Kafka 2.4 to 2.6. Records 0 to 9 of epoch 0. */
function oldCluster(features = { leaderEpochs: true, divergingEpochs: false }) {
  const rig = new Rig({}, features);
  rig.cluster.addTopic('t', 1);
  rig.cluster.append('t', 0, range(0, 9));
  const seen: number[] = [];
  const eachRecord = ({ offset }: { offset: bigint }) => void seen.push(Number(offset));
  return { rig, seen, eachRecord, log: rig.cluster.log('t', 0) };
}

/** An unclean election: the log is cut at 6 and goes on with other records, beyond where it was. */
function electUncleanly(rig: Rig): void {
  const log = rig.cluster.log('t', 0);
  log.batches = [];
  log.leaderEpoch = 1;
  log.leader = 2;
  rig.cluster.append('t', 0, range(6, 14));
  rig.cluster.epochScript = () => ({ leaderEpoch: 0, endOffset: 6n });
}

test('a leader that moves is asked before it is fetched from', async () => {
  const { rig, seen, eachRecord, log } = oldCluster();
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(100);
  const before = rig.cluster.epochsAsked.length;
  log.leader = 2;
  log.leaderEpoch = 1;
  rig.cluster.append('t', 0, range(10, 11));
  await rig.clock.advance(3000);
  expect(rig.cluster.epochsAsked.slice(before)).toEqual([
    { partitions: [{ ...p0, leaderEpoch: 0, currentLeaderEpoch: 1 }] },
  ]);
  expect(seen.slice(10)).toEqual([10, 11]);
  expect(rig.of('offsets.reset').map(({ reason }) => reason)).toEqual(['no-committed-offset']);
  await rig.stop();
});

test('a log that was cut off and has grown again is told, and read on from where it parts', async () => {
  const { rig, seen, eachRecord } = oldCluster();
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(6000);
  expect(rig.group.committedOffset('t', 0)).toBe(10n);
  electUncleanly(rig);
  rig.cluster.epochScript = () => ({ leaderEpoch: 0, endOffset: 6n });
  await rig.clock.advance(1000);
  rig.cluster.epochScript = () => ({});
  await rig.clock.advance(2000);
  expect(rig.of('offsets.reset').slice(1)).toMatchObject([{ from: '10', to: '6', reason: 'truncated' }]);
  expect(seen.slice(10)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14]);
  expect(rig.group.committedOffset('t', 0)).toBe(15n);
  await rig.stop();
});

test('a committed offset is checked before the first fetch', async () => {
  const { rig, seen, eachRecord } = oldCluster();
  rig.group.committed.set('0 t', { ...p0, offset: 10n, leaderEpoch: 0 });
  electUncleanly(rig);
  let answered = false;
  rig.cluster.epochScript = () => {
    const first = !answered;
    answered = true;
    return first ? { leaderEpoch: 0, endOffset: 6n } : {};
  };
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000);
  expect(rig.of('offsets.reset')).toMatchObject([{ from: '10', to: '6', reason: 'truncated' }]);
  expect(rig.cluster.fetches[0]?.request.partitions[0]?.fetchOffset).toBe(6n);
  expect(seen[0]).toBe(6);
  await rig.stop();
});

test('nothing is given up while records of before are in flight', async () => {
  const { rig } = oldCluster();
  const calls = new Calls();
  await rig.start({ eachRecord: calls.handler }, [p0]);
  await rig.clock.settle();
  electUncleanly(rig);
  await rig.clock.advance(5000);
  expect(rig.of('partition.error').at(-1)?.error).toBe('LOG_TRUNCATED');
  expect(rig.of('offsets.reset').map(({ reason }) => reason)).toEqual(['no-committed-offset']);
  await calls.settle(0);
  rig.cluster.epochScript = () => ({});
  await rig.clock.advance(5000);
  expect(calls.begun.slice(0, 2)).toEqual(['0:0', '0:6']); // of 1 to 5 the fake log holds none any more
  await rig.stop();
});

test('an epoch that the log has never had is out of range', async () => {
  const { rig, eachRecord } = oldCluster();
  rig.group.committed.set('0 t', { ...p0, offset: 10n, leaderEpoch: 7 });
  rig.cluster.epochScript = () => ({ leaderEpoch: -1, endOffset: -1n });
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(1000);
  expect(rig.of('offsets.reset')[0]).toMatchObject({ from: '10', to: '0', reason: 'out-of-range' });
  await rig.stop();
});

test.each([
  ['FENCED_LEADER_EPOCH', 74],
  ['UNKNOWN_LEADER_EPOCH', 75],
  ['TOPIC_AUTHORIZATION_FAILED', 29],
  ['connect', new TransportError('refused', { kind: 'connect', sent: 'no' })],
] as const)('%s holds the partition back, at the pace of the backoff, and ends', async (name, answer) => {
  const { rig, seen, eachRecord } = oldCluster();
  rig.group.committed.set('0 t', { ...p0, offset: 2n, leaderEpoch: 0 });
  rig.cluster.epochScript = () => (typeof answer === 'number' ? { errorCode: answer } : answer);
  await rig.start({ eachRecord }, [p0]);
  await rig.clock.advance(20_000);
  expect(seen).toEqual([]);
  expect(rig.of('partition.error').at(-1)?.error).toBe(name);
  expect(rig.cluster.epochsAsked.length).toBeGreaterThan(10);
  expect(rig.cluster.epochsAsked.length).toBeLessThan(40);
  expect(rig.cluster.metadataCalls).toBeLessThan(60);
  rig.cluster.epochScript = () => ({});
  await rig.clock.advance(2000);
  expect(seen.length).toBe(8);
  await rig.stop();
});

test('where a fetch finds out by itself, or nobody can be asked, nobody is', async () => {
  for (const features of [
    { leaderEpochs: true, divergingEpochs: true },
    { leaderEpochs: false, divergingEpochs: false },
  ]) {
    const { rig, seen, eachRecord } = oldCluster(features);
    await rig.start({ eachRecord }, [p0]);
    await rig.clock.advance(1000);
    expect(seen.length).toBe(10);
    expect(rig.cluster.epochsAsked).toEqual([]);
    await rig.stop();
  }
});
