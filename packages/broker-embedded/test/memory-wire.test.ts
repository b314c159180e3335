import { ByteReader, ByteWriter } from '@kohort/core/spi';
import { metadata } from '@kohort/protocol';
import { describe, expect, test } from 'vitest';
import { embeddedBroker } from '../src/index.ts';
import { connect } from './support/client.ts';
import { commit, joinFresh, soleMember } from './support/members.ts';
import { rig } from './support/rig.ts';

describe('the in-memory wire', () => {
  test('negotiates versions, and knows which node it is connected to', async () => {
    const { broker, clock } = rig({ versions: 'kafka-2.4' });
    const wire = broker.wire({ clientId: 'test' });
    const lane = await clock.runUntil(wire.open('bootstrap', 'control', { timeoutMs: 1_000 }));
    expect(lane.broker).toEqual({ nodeId: 0, host: 'node-0.embedded', port: 9092 });
    expect(lane.apiVersions.get(11)).toEqual({ min: 0, max: 6 });
    expect(lane.apiVersions.get(1)).toEqual({ min: 4, max: 11 });
    expect(lane.apiVersions.has(68)).toBe(false);
  });

  test.each([
    ['kafka-3.9', [0, 9], [4, 17]],
    ['kafka-4', [0, 9], [4, 17]],
  ] as const)('%s offers its own ranges', async (versions, join, fetched) => {
    const { broker, clock } = rig({ versions });
    const { lane } = await connect({ broker, clock });
    expect(Object.values(lane.apiVersions.get(11) ?? {})).toEqual(join);
    expect(Object.values(lane.apiVersions.get(1) ?? {})).toEqual(fetched);
  });

  test('an address that nobody has is refused', async () => {
    const { broker, clock } = rig();
    const wire = broker.wire({ clientId: 'test' });
    const opening = wire.open({ host: 'elsewhere', port: 1 }, 'control', { timeoutMs: 1_000 });
    await expect(clock.runUntil(opening)).rejects.toMatchObject({ kind: 'connect', sent: 'no' });
  });

  test('destroy rejects what is in flight at once, and nothing is sent afterwards', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const parked = joinFresh(client, 'g');
    const reason = new Error('enough');
    client.lane.destroy(reason);
    client.lane.destroy(new Error('again'));
    await expect(parked).rejects.toMatchObject({ kind: 'laneClosed', sent: 'maybe', cause: reason });
    expect(await client.lane.closed).toBe(reason);
    await expect(client.send(metadata, { topics: [] }, 5)).rejects.toMatchObject({ sent: 'no' });
    const before = broker.requests.length;
    await clock.advance(100);
    // The join was on its way; the metadata was not.
    expect(broker.requests.slice(before).map(({ api, outcome }) => [api, outcome])).toEqual([
      ['JoinGroup', 'answered'],
    ]);
  });

  test('what was on its way when the client went is carried out, what waits behind a muted request is not', async () => {
    const { broker, clock } = rig({ latency: 10 });
    const client = await connect({ broker, clock });
    const member = await clock.runUntil(soleMember(client, 'g'));
    broker.faults.onRequest({ api: 'OffsetCommit', delay: 1_000 });
    void commit(client, member, 'orders', 0, 7n).catch(() => undefined);
    void commit(client, member, 'orders', 1, 8n).catch(() => undefined);
    client.lane.destroy(new Error('gone'));
    await clock.advance(2_000);
    expect(broker.committed('g')).toEqual(new Map([['orders-0', 7n]]));
    expect(broker.requests.at(-1)).toMatchObject({ api: 'OffsetCommit', outcome: 'disconnected' });
  });

  test('a cut connection does not undo what has arrived, a killed node does', async () => {
    const { broker, clock } = rig();
    const run = async (end: () => void | Promise<void>) => {
      const client = await connect({ broker, clock });
      const member = await clock.runUntil(soleMember(client, 'g', { sessionTimeoutMs: 6_000 }));
      void commit(client, member, 'orders', 0, BigInt(member.generationId)).catch(() => undefined);
      await clock.advance(10);
      await end();
      await clock.advance(10_000);
      return { committed: broker.committed('g').get('orders-0'), sent: BigInt(member.generationId) };
    };
    broker.faults.onRequest({ api: 'OffsetCommit', delay: 1_000 });
    const killed = await run(() => broker.faults.crashCoordinator('g'));
    expect(killed.committed).toBeUndefined();
    const cut = await run(() => void broker.faults.disconnect());
    expect(cut.committed).toBe(cut.sent);
  });

  test('a deadline is kept to the millisecond; a late answer is discarded', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    broker.faults.onRequest({ api: 'Metadata', times: 1, delay: 500 });
    const late = client.send(metadata, { topics: [] }, 5, 200);
    await expect(clock.runUntil(late)).rejects.toMatchObject({
      kind: 'timeout',
      sent: 'maybe',
      api: 'Metadata',
    });
    expect(clock.monotonic()).toBe(200);
    const next = await clock.runUntil(client.send(metadata, { topics: [{ name: 'orders' }] }, 5));
    expect(next.topics[0]?.name).toBe('orders');
    expect(clock.monotonic()).toBe(500);
  });

  test('an abort before, and during', async () => {
    const { broker, clock } = rig({ latency: 10 });
    const { lane } = await connect({ broker, clock });
    const frame = { apiKey: 3, apiName: 'Metadata', apiVersion: 5, flexible: false, body: new Uint8Array(5) };
    const aborted = AbortSignal.abort();
    await expect(lane.send(frame, { timeoutMs: 100, signal: aborted })).rejects.toMatchObject({
      kind: 'aborted',
      sent: 'no',
    });
    const controller = new AbortController();
    const sent = lane.send(frame, { timeoutMs: 100, signal: controller.signal });
    controller.abort();
    await expect(sent).rejects.toMatchObject({ kind: 'aborted', sent: 'maybe' });
  });

  test('close destroys all lanes and refuses new ones', async () => {
    const { broker, clock } = rig();
    const wire = broker.wire({ clientId: 'test' });
    const lane = await clock.runUntil(wire.open('bootstrap', 'fetch', { timeoutMs: 100 }));
    await wire.close();
    await wire.close();
    expect((await lane.closed).message).toMatch(/closed/);
    await expect(wire.open('bootstrap', 'fetch', { timeoutMs: 100 })).rejects.toMatchObject({
      kind: 'closed',
    });
  });

  test('a broker that closes ends every lane, and leaves no timer', async () => {
    const { broker, clock } = rig({ groupInitialRebalanceDelay: 3_000 });
    const client = await connect({ broker, clock });
    const parked = joinFresh(client, 'g');
    await clock.advance(1);
    await broker.close();
    await expect(parked).rejects.toMatchObject({ kind: 'laneClosed' });
    expect(clock.pending).toBe(0);
    await expect(connect({ broker, clock })).rejects.toMatchObject({ kind: 'connect' });
  });

  test('runs in real time without a clock', async () => {
    const broker = embeddedBroker({ topics: { orders: { partitions: 1 } }, latency: 2 });
    const lane = await broker.wire({ clientId: 'test' }).open('bootstrap', 'control', { timeoutMs: 5_000 });
    const writer = new ByteWriter();
    metadata.encodeRequest({ topics: [{ name: 'orders' }] }, 5, writer);
    const frame = { apiKey: 3, apiName: 'Metadata', apiVersion: 5, flexible: false, body: writer.finish() };
    const body = await lane.send(frame, { timeoutMs: 5_000 });
    expect(metadata.decodeResponse(new ByteReader(body), 5).topics[0]?.errorCode).toBe(0);
    await broker.close();
  });

  test('the typed transport on top of it brings the clock along', async () => {
    const { broker, clock } = rig({ nodes: 2 });
    await broker.produce('orders', [{ key: 'k', value: 'v', partition: 1 }]);
    const factory = broker.transport();
    expect(factory).toMatchObject({ name: 'embedded', clock });
    const transport = factory.create({
      clientId: 'app',
      groupId: 'g',
      clock,
      signal: new AbortController().signal,
    });
    const call = { timeoutMs: 1_000 };
    const cluster = await clock.runUntil(transport.connect(call));
    expect(cluster.brokers.map(({ nodeId }) => nodeId)).toEqual([0, 1]);
    expect(cluster.features).toMatchObject({
      staticMembership: true,
      topicIds: true,
      consumerProtocol: false,
    });
    const { topics } = await clock.runUntil(transport.metadata(['orders'], call));
    const { leader, leaderEpoch } = topics[0]?.partitions[1] ?? { leader: -1, leaderEpoch: -1 };
    const node = cluster.brokers.find(({ nodeId }) => nodeId === leader);
    if (node === undefined) throw new Error('no leader');
    const fetched = await clock.runUntil(
      transport.fetch(
        node,
        {
          rack: '',
          isolationLevel: 'read_committed',
          maxWaitMs: 10,
          minBytes: 1,
          maxBytes: 1_000_000,
          partitions: [
            {
              topic: { name: 'orders', ...(topics[0]?.id === undefined ? {} : { id: topics[0].id }) },
              partition: 1,
              fetchOffset: 0n,
              currentLeaderEpoch: leaderEpoch,
              lastFetchedEpoch: -1,
              maxBytes: 1_000_000,
            },
          ],
        },
        call,
      ),
    );
    const records = await fetched.partitions[0]?.batches[0]?.records();
    expect(new ByteReader(records?.value(0) ?? new Uint8Array(0)).raw(1)).toEqual(Buffer.from('v'));
    await transport.close();
  });
});
