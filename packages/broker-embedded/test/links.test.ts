import { metadata } from '@kohort/protocol';
import { describe, expect, test } from 'vitest';
import { connect, type TestClient } from './support/client.ts';
import { beat, soleMember } from './support/members.ts';
import { rig } from './support/rig.ts';

const ask = (client: TestClient, timeoutMs = 60_000) => client.send(metadata, { topics: [] }, 5, timeoutMs);

describe('latency', () => {
  test('is waited for in both directions', async () => {
    const { broker, clock } = rig({ latency: 10 });
    const client = await connect({ broker, clock });
    expect(clock.monotonic()).toBe(20);
    await clock.runUntil(ask(client));
    expect(clock.monotonic()).toBe(40);
  });

  test('is drawn from its range, and never lets a frame overtake another', async () => {
    const { broker, clock } = rig({ latency: { min: 1, max: 50 } });
    const client = await connect({ broker, clock });
    const order: number[] = [];
    const asked = Array.from({ length: 20 }, (_, i) => ask(client).then(() => order.push(i)));
    await clock.runUntil(Promise.all(asked));
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
    const times = broker.requests.map(({ receivedAt }) => receivedAt);
    expect(new Set(times).size).toBeGreaterThan(1);
  });

  test('of single links: one client is far away, until it is not', async () => {
    const { broker, clock } = rig();
    const near = await connect({ broker, clock }, 0, 'near');
    const far = await connect({ broker, clock }, 0, 'far');
    const undo = broker.faults.latency({ clientId: 'far', direction: 'to-client' }, 300);
    const took = async (client: TestClient) => {
      const began = clock.monotonic();
      await clock.runUntil(ask(client));
      return clock.monotonic() - began;
    };
    expect(await took(near)).toBe(0);
    expect(await took(far)).toBe(300);
    undo();
    expect(await took(far)).toBe(0);
  });
});

describe('held links', () => {
  test('a frozen client: its requests leave, and its answers come, when it thaws', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock }, 0, 'busy');
    const other = await connect({ broker, clock }, 0, 'other');
    const thaw = broker.faults.freezeClient('busy');
    let answered = false;
    const pending = ask(client).then(() => {
      answered = true;
    });
    await clock.runUntil(ask(other));
    await clock.advance(5_000);
    expect(answered).toBe(false);
    expect(broker.requests.filter(({ clientId }) => clientId === 'busy')).toHaveLength(1);
    thaw();
    await clock.runUntil(pending);
    expect(answered).toBe(true);
  });

  test('one-way: the request is carried out, its answer does not come', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock }, 0, 'cut off');
    const member = await clock.runUntil(soleMember(client, 'g', { sessionTimeoutMs: 6_000 }));
    broker.faults.hold({ clientId: 'cut off', direction: 'to-client' });
    for (let i = 0; i < 4; i++) {
      void beat(client, member).catch(() => undefined);
      await clock.advance(3_000);
    }
    expect(broker.group('g')?.state).toBe('Stable');
  });

  test('a black hole accepts a connection and never answers', async () => {
    const { broker, clock } = rig();
    const release = broker.faults.blackHole(0);
    const wire = broker.wire({ clientId: 'test' });
    const opening = wire.open('bootstrap', 'control', { timeoutMs: 700 });
    await expect(clock.runUntil(opening)).rejects.toMatchObject({ kind: 'timeout', sent: 'no' });
    expect(clock.monotonic()).toBe(700);
    release();
    await expect(connect({ broker, clock })).resolves.toBeDefined();
  });

  test('clear ends holds and latencies', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    broker.faults.hold({});
    broker.faults.latency({}, 1_000);
    broker.faults.clear();
    await clock.runUntil(ask(client));
    expect(clock.monotonic()).toBe(0);
  });
});

describe('nodes', () => {
  test('a stopped node cuts its connections and refuses new ones; its partitions move', async () => {
    const { broker, clock } = rig({ nodes: 3 });
    const leader = broker.topic('orders')?.partitions[0]?.leader ?? -1;
    const client = await connect({ broker, clock }, leader);
    await broker.faults.stopNode(leader);
    await expect(client.lane.closed).resolves.toBeInstanceOf(Error);
    await expect(connect({ broker, clock }, leader)).rejects.toMatchObject({ kind: 'connect', sent: 'no' });
    const moved = broker.topic('orders')?.partitions[0];
    expect(moved?.leader).not.toBe(leader);
    expect(moved?.leaderEpoch).toBe(1);
    const survivor = await connect({ broker, clock }, (leader + 1) % 3);
    const answer = await clock.runUntil(survivor.send(metadata, { topics: [{ name: 'orders' }] }, 9));
    expect(answer.brokers.map(({ nodeId }) => nodeId)).not.toContain(leader);
    expect(answer.topics[0]?.partitions[0]?.offlineReplicas).toEqual([leader]);
  });

  test('a partition without a running replica has no leader, until one starts again', async () => {
    const { broker, clock } = rig({ nodes: 2, topics: { single: { partitions: 2, replicationFactor: 1 } } });
    await broker.faults.stopNode(1);
    const lost = broker.topic('single')?.partitions.findIndex(({ leader }) => leader === -1) ?? -1;
    const client = await connect({ broker, clock }, 0);
    const answer = await clock.runUntil(client.send(metadata, { topics: [{ name: 'single' }] }, 9));
    expect(answer.topics[0]?.partitions[lost]).toMatchObject({ errorCode: 5, leaderId: -1 });
    await broker.faults.startNode(1);
    expect(broker.topic('single')?.partitions[lost]?.leader).toBe(1);
  });

  test('disconnect cuts the connections that match', async () => {
    const { broker, clock } = rig();
    const kept = await connect({ broker, clock }, 0, 'kept');
    const cut = await connect({ broker, clock }, 0, 'cut');
    expect(broker.faults.disconnect({ clientId: 'cut' })).toBe(1);
    await expect(clock.runUntil(cut.lane.closed)).resolves.toBeInstanceOf(Error);
    await clock.runUntil(ask(kept));
  });

  test('refuses what makes no sense', async () => {
    const { broker } = rig();
    await expect(broker.faults.stopNode(5)).rejects.toMatchObject({ code: 'KOHORT_CONFIG' });
    expect(() => broker.faults.truncate('nothing', 0, 0n)).toThrow(/no partition 0 of topic "nothing"/);
    expect(() => broker.faults.latency({}, -1)).toThrow(/no delay/);
    expect(() => broker.faults.onRequest({ delay: { min: 5, max: 1 } })).toThrow(/no delay/);
    expect(() => broker.faults.moveLeader('orders', 0, 3)).toThrow(/does not run/);
  });
});
