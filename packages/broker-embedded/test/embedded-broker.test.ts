import { describe, expect, test } from 'vitest';
import { embeddedBroker } from '../src/index.ts';
import { murmur2 } from '../src/produce/murmur2.ts';
import { rig } from './support/rig.ts';

describe('options', () => {
  test.each([
    [{ nodes: 0 }, /nodes/],
    [{ nodes: 1.5 }, /nodes/],
    [{ latency: -1 }, /latency/],
    [{ latency: { min: 5, max: 1 } }, /latency/],
    [{ latency: Number.NaN }, /latency/],
    [{ groupInitialRebalanceDelay: -5 }, /groupInitialRebalanceDelay/],
    [{ requestLogSize: Number.POSITIVE_INFINITY }, /requestLogSize/],
    [{ defaultPartitions: 0 }, /defaultPartitions/],
    [{ topics: { 'a b': {} } }, /topics: "a b"/],
    [{ topics: { orders: { partitions: 0 } } }, /partitions of "orders"/],
    [{ topics: { orders: { replicationFactor: 2 } } }, /replicationFactor of "orders"/],
  ])('%j is refused by name', (options, message) => {
    expect(() => embeddedBroker(options)).toThrow(message);
    expect(() => embeddedBroker(options)).toThrow(expect.objectContaining({ code: 'KOHORT_CONFIG' }));
  });

  test('topics with names out of JavaScript’s own dictionary', async () => {
    const topics = new Map([
      ['__proto__', { partitions: 2 }],
      ['constructor', { partitions: 1 }],
    ]);
    const { broker } = rig({ topics });
    expect(broker.endOffsets('__proto__')).toEqual([0n, 0n]);
    await broker.produce('constructor', [{ value: 'v' }]);
    expect(broker.endOffsets('constructor')).toEqual([1n]);
  });
});

describe('produce', () => {
  test('says where each record went', async () => {
    const { broker } = rig();
    const placed = await broker.produce('orders', [
      { value: 'a', partition: 2 },
      { value: 'b', partition: 1 },
      { value: 'c', partition: 2 },
    ]);
    expect(placed).toEqual([
      { topic: 'orders', partition: 2, offset: 0n },
      { topic: 'orders', partition: 1, offset: 0n },
      { topic: 'orders', partition: 2, offset: 1n },
    ]);
    expect(broker.endOffsets('orders')).toEqual([0n, 1n, 2n]);
  });

  test('between two milliseconds of a virtual clock', async () => {
    const { broker, clock } = rig();
    await clock.advance(0.25);
    await broker.produce('orders', [{ value: 'a', partition: 0 }], { transaction: 'commit' });
    expect(broker.endOffsets('orders')).toEqual([2n, 0n, 0n]);
  });

  test('without a key records go round, with one they stay together', async () => {
    const { broker } = rig();
    const turns = await broker.produce('orders', [
      { value: 'a' },
      { value: 'b' },
      { value: 'c' },
      { value: 'd' },
    ]);
    expect(turns.map(({ partition }) => partition)).toEqual([0, 1, 2, 0]);
    const keyed = await broker.produce('orders', [
      { key: 'k', value: 'a' },
      { key: 'k', value: 'b' },
    ]);
    expect(new Set(keyed.map(({ partition }) => partition)).size).toBe(1);
  });

  test('hashes keys as Kafka’s Utils.murmur2', () => {
    // Values of UtilsTest.testMurmur2 in apache/kafka.
    const expected = new Map([
      ['21', -973932308],
      ['foobar', -790332482],
      ['a-little-bit-long-string', -985981536],
      ['a-little-bit-longer-string', -1486304829],
      ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
      ['abc', 479470107],
    ]);
    for (const [text, hash] of expected) expect(murmur2(new TextEncoder().encode(text))).toBe(hash);
  });

  test('refuses what it cannot place', async () => {
    const { broker } = rig();
    await expect(broker.produce('nothing', [{ value: 'a' }])).rejects.toThrow(
      /topic "nothing" does not exist/,
    );
    await expect(broker.produce('orders', [{ value: 'a', partition: 3 }])).rejects.toThrow(/no partition 3/);
    expect(broker.endOffsets('orders')).toEqual([0n, 0n, 0n]);
  });
});

describe('topics', () => {
  test('created, grown and deleted by the owner of the broker', async () => {
    const { broker } = rig();
    await broker.createTopic('new', { partitions: 2 });
    await expect(broker.createTopic('new')).rejects.toMatchObject({ code: 'KOHORT_BROKER', kafkaCode: 36 });
    await broker.addPartitions('new', 4);
    await expect(broker.addPartitions('new', 4)).rejects.toMatchObject({ kafkaCode: 37 });
    expect(broker.endOffsets('new')).toHaveLength(4);
    await broker.deleteTopic('new');
    await expect(broker.deleteTopic('new')).rejects.toMatchObject({ kafkaCode: 3 });
    expect(broker.topic('new')).toBeUndefined();
    expect(broker.endOffsets('new')).toEqual([]);
  });
});

test('a group that nobody has seen is unknown, and not settled', () => {
  const { broker } = rig();
  expect(broker.group('g')).toBeUndefined();
  expect(broker.committed('g')).toEqual(new Map());
  expect(broker.settled('g')()).toBe(false);
});
