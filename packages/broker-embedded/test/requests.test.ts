import {
  apiVersions,
  createPartitions,
  createTopics,
  deleteTopics,
  describeConfigs,
  encodeBatch,
  encodeEndMarker,
  initProducerId,
  listOffsets,
  metadata,
  offsetForLeaderEpoch,
  produce,
} from '@kohort/protocol';
import { describe, expect, test } from 'vitest';
import { connect, type TestClient } from './support/client.ts';
import { rig } from './support/rig.ts';

describe('metadata', () => {
  test('spreads the leaders of a topic over the nodes', async () => {
    const { broker, clock } = rig({ nodes: 3, topics: { wide: { partitions: 6 } } });
    const client = await connect({ broker, clock });
    const { topics, controllerId, clusterId } = await client.call(metadata, { topics: null }, 9);
    expect(controllerId).toBe(0);
    expect(clusterId).toMatch(/^[\w-]{22}$/);
    expect(topics[0]?.partitions.map(({ leaderId }) => leaderId).sort()).toEqual([0, 0, 1, 1, 2, 2]);
    expect(topics[0]?.partitions[0]?.replicaNodes).toHaveLength(3);
  });

  test('names what is unknown or illegal, and creates nothing', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const names = ['orders', 'nothing', 'a b', '__proto__', 'constructor'];
    const { topics } = await client.call(metadata, { topics: names.map((name) => ({ name })) }, 9);
    expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['orders', 0],
      ['nothing', 3],
      ['a b', 17],
      ['__proto__', 3],
      ['constructor', 3],
    ]);
    expect(broker.topic('nothing')).toBeUndefined();
  });

  test('creates unknown topics where both sides want it', async () => {
    const { broker, clock } = rig({ autoCreateTopics: true, defaultPartitions: 4 });
    const client = await connect({ broker, clock });
    const ask = (name: string, allowAutoTopicCreation: boolean) =>
      client.call(metadata, { topics: [{ name }], allowAutoTopicCreation }, 9);
    expect((await ask('no', false)).topics[0]?.errorCode).toBe(3);
    expect((await ask('yes', true)).topics[0]?.errorCode).toBe(5);
    expect((await ask('yes', true)).topics[0]).toMatchObject({ errorCode: 0 });
    expect(broker.topic('yes')?.partitions).toHaveLength(4);
    expect(broker.topic('no')).toBeUndefined();
  });

  test('topics by id', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const topicId = broker.topic('orders')?.id ?? '';
    const found = await client.call(metadata, { topics: [{ name: null, topicId }] }, 12);
    expect(found.topics[0]).toMatchObject({ name: 'orders', topicId, errorCode: 0 });
    const other = await client.call(
      metadata,
      { topics: [{ name: null, topicId: `${topicId.slice(0, 21)}A` }] },
      12,
    );
    expect(other.topics[0]).toMatchObject({ errorCode: 100 });
  });
});

test('ApiVersions that is too new is answered in version 0 with what there is', async () => {
  const { broker, clock } = rig({ versions: 'kafka-2.4' });
  const { lane } = await connect({ broker, clock });
  const frame = {
    apiKey: 18,
    apiName: 'ApiVersions',
    apiVersion: 4,
    flexible: true,
    body: Uint8Array.of(1, 1, 0),
  };
  const body = await clock.runUntil(lane.send(frame, { timeoutMs: 100 }));
  const { ByteReader } = await import('@kohort/core/spi');
  const answer = apiVersions.decodeResponse(new ByteReader(body), 0);
  expect(answer.errorCode).toBe(35);
  expect(answer.apiKeys.find(({ apiKey }) => apiKey === 18)).toMatchObject({ minVersion: 0, maxVersion: 3 });
});

describe('offsets by time and by epoch', () => {
  async function located(client: TestClient, timestamp: bigint, isolationLevel = 0, version = 7) {
    const partitions = [{ partitionIndex: 0, timestamp }];
    const topics = [{ name: 'orders', partitions }];
    const answer = await client.call(listOffsets, { replicaId: -1, isolationLevel, topics }, version);
    return answer.topics[0]?.partitions[0];
  }

  test('earliest, latest, by timestamp, the latest timestamp', async () => {
    const { broker, clock } = rig();
    for (const timestamp of [100, 300, 200]) {
      await broker.produce('orders', [{ partition: 0, value: 'v', timestamp }]);
    }
    broker.faults.deleteRecordsBefore('orders', 0, 1n);
    const client = await connect({ broker, clock });
    expect(await located(client, -2n)).toMatchObject({ offset: 1n, timestamp: -1n, errorCode: 0 });
    expect(await located(client, -1n)).toMatchObject({ offset: 3n, timestamp: -1n });
    expect(await located(client, 0n)).toMatchObject({ offset: 1n, timestamp: 300n, leaderEpoch: 0 });
    expect(await located(client, 301n)).toMatchObject({ offset: -1n, timestamp: -1n, errorCode: 0 });
    expect(await located(client, -3n)).toMatchObject({ offset: 1n, timestamp: 300n });
    expect(await located(client, -9n)).toMatchObject({ errorCode: 35 });
    expect(await located(client, -1n, 0, 1)).toMatchObject({ offset: 3n });
  });

  test('latest under read_committed is the last stable offset', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [{ partition: 0, value: 'v' }]);
    await broker.produce('orders', [{ partition: 0, value: 'v' }], { transaction: 'open' });
    const client = await connect({ broker, clock });
    expect(await located(client, -1n, 0)).toMatchObject({ offset: 2n });
    expect(await located(client, -1n, 1)).toMatchObject({ offset: 1n });
  });

  test('the end of a leader epoch', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [{ partition: 0, value: 'v' }]);
    broker.faults.moveLeader('orders', 0, 0);
    await broker.produce('orders', [{ partition: 0, value: 'v' }]);
    const client = await connect({ broker, clock });
    const ask = async (leaderEpoch: number, currentLeaderEpoch: number) => {
      const topics = [{ topic: 'orders', partitions: [{ partition: 0, leaderEpoch, currentLeaderEpoch }] }];
      return (await client.call(offsetForLeaderEpoch, { topics }, 3)).topics[0]?.partitions[0];
    };
    expect(await ask(0, 1)).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 1n });
    expect(await ask(1, 1)).toMatchObject({ errorCode: 0, leaderEpoch: 1, endOffset: 2n });
    expect(await ask(0, 0)).toMatchObject({ errorCode: 74 });
    expect(await ask(0, 2)).toMatchObject({ errorCode: 75 });
  });
});

describe('produce', () => {
  async function send(
    client: TestClient,
    records: Uint8Array | null,
    acks = -1,
    name = 'orders',
    version = 8,
  ) {
    const topicData = [{ name, partitionData: [{ index: 0, records }] }];
    const answer = await client.call(produce, { acks, timeoutMs: 1_000, topicData }, version);
    return answer.responses[0]?.partitionResponses[0];
  }

  test('appends batches, several in one payload', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const two = Buffer.concat([encodeBatch([{ value: 'a' }, { value: 'b' }]), encodeBatch([{ value: 'c' }])]);
    expect(await send(client, two)).toMatchObject({ errorCode: 0, baseOffset: 0n, logStartOffset: 0n });
    expect(await send(client, encodeBatch([{ value: 'd' }]), 1)).toMatchObject({ baseOffset: 3n });
    expect(broker.endOffsets('orders')[0]).toBe(4n);
  });

  test('refuses what a log must not hold', async () => {
    const { broker, clock } = rig({ nodes: 2, maxMessageBytes: 500 });
    const leader = broker.topic('orders')?.partitions[0]?.leader ?? -1;
    const client = await connect({ broker, clock }, leader);
    const good = encodeBatch([{ value: 'a' }]);
    const corrupt = Uint8Array.from(good, (byte, i) => (i === good.length - 2 ? byte ^ 1 : byte));
    const marker = encodeEndMarker({ type: 'commit', producerId: 1n, producerEpoch: 0 });
    const codes = [];
    for (const records of [
      corrupt,
      good.subarray(0, 40),
      null,
      marker,
      encodeBatch([{ value: 'x'.repeat(600) }]),
    ]) {
      codes.push((await send(client, records))?.errorCode);
    }
    expect(codes).toEqual([2, 2, 87, 87, 10]);
    expect((await send(client, good, 7))?.errorCode).toBe(21);
    expect((await send(client, good, -1, 'nothing'))?.errorCode).toBe(3);
    const wrong = await connect({ broker, clock }, 1 - leader);
    expect((await send(wrong, good))?.errorCode).toBe(6);
    expect(broker.endOffsets('orders')[0]).toBe(0n);
  });

  test('hands out producer ids; a transactional id keeps its own', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const init = (transactionalId: string | null) =>
      client.call(initProducerId, { transactionalId, transactionTimeoutMs: 1_000 }, 1);
    expect(await init(null)).toMatchObject({ producerId: 0n, producerEpoch: 0 });
    expect(await init('t')).toMatchObject({ producerId: 1n, producerEpoch: 0 });
    expect(await init('t')).toMatchObject({ producerId: 1n, producerEpoch: 1 });
  });
});

describe('topics by an admin client', () => {
  const topic = (name: string, numPartitions: number, replicationFactor = 1) => ({
    name,
    numPartitions,
    replicationFactor,
    assignments: [],
    configs: [{ name: 'cleanup.policy', value: 'compact' }],
  });

  test('create, with every way to be refused', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const wanted = [
      topic('new', 3),
      topic('orders', 1),
      topic('..', 1),
      topic('x'.repeat(250), 1),
      topic('none', 0),
      topic('replicated', 1, 2),
      topic('default', -1, -1),
    ];
    const { topics } = await client.call(createTopics, { topics: wanted }, 7);
    expect(topics.map(({ errorCode }) => errorCode)).toEqual([0, 36, 17, 17, 37, 38, 0]);
    expect(topics[0]).toMatchObject({
      numPartitions: 3,
      replicationFactor: 1,
      topicId: broker.topic('new')?.id,
    });
    const dry = await client.call(createTopics, { topics: [topic('dry', 1)], validateOnly: true }, 5);
    expect(dry.topics[0]?.errorCode).toBe(0);
    expect(broker.topic('dry')).toBeUndefined();
    const resources = [{ resourceType: 2, resourceName: 'new', configurationKeys: ['cleanup.policy'] }];
    const { results } = await client.call(describeConfigs, { resources }, 2);
    expect(results[0]?.configs).toMatchObject([
      { name: 'cleanup.policy', value: 'compact', configSource: 1 },
    ]);
  });

  test('grow and delete', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const grow = async (name: string, count: number) => {
      const topics = [{ name, count, assignments: null }];
      return (await client.call(createPartitions, { topics, timeoutMs: 0, validateOnly: false }, 1))
        .results[0]?.errorCode;
    };
    expect([await grow('orders', 3), await grow('nothing', 3), await grow('orders', 5)]).toEqual([37, 3, 0]);
    expect(broker.endOffsets('orders')).toHaveLength(5);
    const id = broker.topic('orders')?.id ?? '';
    const byName = await client.call(deleteTopics, { topicNames: ['nothing'], timeoutMs: 0 }, 5);
    expect(byName.responses[0]?.errorCode).toBe(3);
    const byId = await client.call(deleteTopics, { topics: [{ name: null, topicId: id }], timeoutMs: 0 }, 6);
    expect(byId.responses[0]).toMatchObject({ errorCode: 0, name: 'orders', topicId: id });
    const again = await client.call(deleteTopics, { topics: [{ name: null, topicId: id }], timeoutMs: 0 }, 6);
    expect(again.responses[0]?.errorCode).toBe(100);
  });
});
