/** kafkajs 2.2.4, as it is, against the TCP port, in real time. */
import {
  type Admin,
  type Consumer,
  Kafka,
  type Kafka as KafkaClient,
  logLevel,
  type Producer,
} from 'kafkajs';
import { afterEach, describe, expect, test } from 'vitest';
import { type EmbeddedBrokerOptions, embeddedBroker } from '../src/index.ts';

type Client = Consumer | Producer | Admin;

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: EmbeddedBrokerOptions = {}, more: object = {}) {
  const broker = embeddedBroker({ topics: { orders: { partitions: 6 } }, ...options });
  cleanups.push(() => broker.close());
  const address = await broker.listen();
  const kafka = new Kafka({ clientId: 'kafkajs', brokers: [address], logLevel: logLevel.NOTHING, ...more });
  return { broker, kafka, address };
}

async function connected<T extends Client>(client: T): Promise<T> {
  cleanups.push(() => client.disconnect());
  await client.connect();
  return client;
}

/** A consumer that notes what it sees; the promise resolves when `count` values have come. */
async function consume(kafka: KafkaClient, groupId: string, count: number) {
  const consumer = await connected(
    kafka.consumer({ groupId, heartbeatInterval: 200, sessionTimeout: 6_000, maxWaitTimeInMs: 100 }),
  );
  const seen: string[] = [];
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
  const all = new Promise<string[]>((resolve) => {
    void consumer.run({
      autoCommitInterval: 50,
      eachMessage: async ({ partition, message }) => {
        seen.push(`${partition}:${message.key?.toString()}=${message.value?.toString()}`);
        if (seen.length >= count) resolve(seen);
      },
    });
  });
  return { consumer, seen, all };
}

describe('kafkajs', () => {
  test.each(['kafka-2.4', 'kafka-3.9', 'kafka-4'] as const)(
    'produces and consumes against the versions of %s',
    async (versions) => {
      const { broker, kafka } = await start({ versions });
      const producer = await connected(kafka.producer());
      const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
      const metadata = await producer.send({
        topic: 'orders',
        messages: keys.map((key) => ({ key, value: `v-${key}`, headers: { h: 'x' } })),
      });
      expect(metadata.every(({ errorCode }) => errorCode === 0)).toBe(true);
      expect(broker.endOffsets('orders').reduce((sum, end) => sum + end, 0n)).toBe(20n);
      const { consumer, all } = await consume(kafka, 'g', 20);
      const seen = await all;
      expect(new Set(seen.map((line) => line.split('=')[1]))).toEqual(new Set(keys.map((key) => `v-${key}`)));
      await consumer.stop();
      const committed = [...broker.committed('g').values()].reduce((sum, offset) => sum + offset, 0n);
      expect(committed).toBe(20n);
    },
  );

  test('puts keys where broker.produce puts them', async () => {
    const { broker, kafka } = await start();
    const records = Array.from({ length: 50 }, (_, i) => ({ key: `key-${i}`, value: 'v' }));
    const placed = await broker.produce('orders', records);
    const producer = await connected(kafka.producer());
    const before = broker.endOffsets('orders');
    await producer.send({ topic: 'orders', messages: records });
    const counts = before.map((_, partition) => placed.filter((each) => each.partition === partition).length);
    expect(broker.endOffsets('orders').map((end, i) => Number(end - (before[i] ?? 0n)))).toEqual(counts);
  });

  test('idempotent producer, gzip, and batches of several partitions', async () => {
    const { broker, kafka } = await start();
    const producer = await connected(kafka.producer({ idempotent: true, maxInFlightRequests: 1 }));
    for (let round = 0; round < 3; round++) {
      await producer.send({
        topic: 'orders',
        compression: 1,
        messages: Array.from({ length: 12 }, (_, i) => ({
          partition: i % 6,
          key: 'k',
          value: `${round}-${i}`,
        })),
      });
    }
    expect(broker.endOffsets('orders')).toEqual([6n, 6n, 6n, 6n, 6n, 6n]);
    const { all } = await consume(kafka, 'g', 36);
    expect(new Set(await all).size).toBe(36);
  });

  test('two members share the partitions; when one leaves, the other has all', async () => {
    const { broker, kafka } = await start();
    const first = await consume(kafka, 'g', Number.POSITIVE_INFINITY);
    const second = await consume(kafka, 'g', Number.POSITIVE_INFINITY);
    await expect.poll(() => broker.group('g')?.members.length, { timeout: 8_000 }).toBe(2);
    await expect.poll(() => broker.group('g')?.state, { timeout: 8_000 }).toBe('Stable');
    await second.consumer.disconnect();
    await expect.poll(() => broker.group('g')?.members.length, { timeout: 8_000 }).toBe(1);
    await broker.produce(
      'orders',
      Array.from({ length: 6 }, (_, partition) => ({ partition, value: 'x' })),
    );
    await expect.poll(() => first.seen.length, { timeout: 8_000 }).toBe(6);
  });

  test('several nodes: leaders and coordinator are found by their ports', async () => {
    const { broker, kafka } = await start({ nodes: 3 });
    const producer = await connected(kafka.producer());
    await producer.send({
      topic: 'orders',
      messages: Array.from({ length: 30 }, (_, i) => ({ value: `${i}` })),
    });
    const { all } = await consume(kafka, 'g', 30);
    expect((await all).length).toBe(30);
    expect(new Set(broker.requests.map(({ node }) => node))).toEqual(new Set([0, 1, 2]));
  });

  test('admin: topics, partitions, offsets, groups, configuration', async () => {
    const { broker, kafka } = await start();
    const admin = await connected(kafka.admin());
    expect(await admin.listTopics()).toEqual(['orders']);
    expect(await admin.createTopics({ topics: [{ topic: 'new', numPartitions: 2 }] })).toBe(true);
    await expect(admin.createTopics({ topics: [{ topic: 'a b', numPartitions: 2 }] })).rejects.toMatchObject({
      errors: [{ type: 'INVALID_TOPIC_EXCEPTION' }],
    });
    await admin.createPartitions({ topicPartitions: [{ topic: 'new', count: 4 }] });
    expect(broker.topic('new')?.partitions).toHaveLength(4);
    const cluster = await admin.describeCluster();
    expect(cluster.brokers).toHaveLength(1);
    await broker.produce('orders', [{ partition: 2, value: 'x' }]);
    const offsets = await admin.fetchTopicOffsets('orders');
    expect(offsets.find(({ partition }) => partition === 2)).toMatchObject({ high: '1', low: '0' });
    const { consumer, all } = await consume(kafka, 'g', 1);
    await all;
    await consumer.disconnect();
    expect(broker.committed('g').get('orders-2')).toBe(1n);
    const fetched = await admin.fetchOffsets({ groupId: 'g', topics: ['orders'] });
    expect(fetched[0]?.partitions.find(({ partition }) => partition === 2)?.offset).toBe('1');
    expect((await admin.listGroups()).groups.map(({ groupId }) => groupId)).toEqual(['g']);
    expect((await admin.describeGroups(['g'])).groups[0]?.state).toBe('Empty');
    await admin.deleteGroups(['g']);
    expect((await admin.listGroups()).groups).toEqual([]);
    const configs = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: 'orders', configNames: ['cleanup.policy'] }],
    });
    expect(configs.resources[0]?.configEntries[0]?.configValue).toBe('delete');
    await admin.deleteTopicRecords({ topic: 'orders', partitions: [{ partition: 2, offset: '1' }] });
    expect((await admin.fetchTopicOffsets('orders')).find(({ partition }) => partition === 2)?.low).toBe('1');
    await admin.deleteTopics({ topics: ['new'] });
    expect(broker.topic('new')).toBeUndefined();
  });

  test('SASL/PLAIN: the right password gets in, a wrong one does not', async () => {
    const users = { alice: 'secret' };
    const sasl = (password: string) => ({ sasl: { mechanism: 'plain', username: 'alice', password } });
    const { kafka, address } = await start({ sasl: { users } }, sasl('secret'));
    const admin = await connected(kafka.admin());
    expect(await admin.listTopics()).toEqual(['orders']);
    const intruder = new Kafka({
      brokers: [address],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
      sasl: { mechanism: 'plain', username: 'alice', password: 'wrong' },
    }).admin();
    await expect(intruder.connect()).rejects.toThrow(/authentication/i);
  });

  test('SASL sessions: kafkajs authenticates again before its session ends', async () => {
    const users = new Map([['alice', 'secret']]);
    const sasl = { mechanism: 'plain', username: 'alice', password: 'secret' };
    const { broker, kafka } = await start(
      { sasl: { users, sessionLifetime: 400 } },
      { sasl, reauthenticationThreshold: 300 },
    );
    const { seen } = await consume(kafka, 'g', Number.POSITIVE_INFINITY);
    const count = () => broker.requests.filter(({ api }) => api === 'SaslAuthenticate').length;
    const before = count();
    await expect.poll(count, { timeout: 5_000 }).toBeGreaterThan(before + 2);
    await broker.produce('orders', [{ value: 'still here' }]);
    await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(1);
  });

  test('a coordinator that crashes and comes back is found again', async () => {
    const { broker, kafka } = await start({}, { retry: { initialRetryTime: 50, retries: 20 } });
    await broker.produce('orders', [{ partition: 0, value: 'before' }]);
    const { seen } = await consume(kafka, 'g', Number.POSITIVE_INFINITY);
    await expect.poll(() => seen.length, { timeout: 8_000 }).toBe(1);
    await broker.faults.crashCoordinator('g', { downFor: 300 });
    await expect.poll(() => broker.coordinatorOf('g'), { timeout: 8_000 }).toBe(0);
    await broker.produce('orders', [{ partition: 0, value: 'after' }]);
    await expect.poll(() => seen.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(2);
  });
});
