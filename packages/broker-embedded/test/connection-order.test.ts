import { fetch, heartbeat, metadata } from '@kohort/protocol';
import { describe, expect, test } from 'vitest';
import { connect } from './support/client.ts';
import { fetchOne, recordsOf } from './support/fetching.ts';
import { beat, commit, join, joinFresh, soleMember } from './support/members.ts';
import { rig } from './support/rig.ts';

/** Notes the order in which promises settle. */
function settlingOrder(entries: Readonly<Record<string, Promise<unknown>>>): string[] {
  const order: string[] = [];
  for (const [name, promise] of Object.entries(entries)) {
    void promise.then(
      () => order.push(name),
      () => order.push(`${name} failed`),
    );
  }
  return order;
}

describe('one connection', () => {
  test('a parked join mutes it: heartbeat, commit and metadata behind it wait', async () => {
    const { broker, clock } = rig();
    const first = await connect({ broker, clock });
    const member = await clock.runUntil(soleMember(first, 'g'));
    const second = await connect({ broker, clock });
    const parked = joinFresh(second, 'g');
    await clock.advance(10);
    const behind = second.send(metadata, { topics: [] }, 5);
    const elsewhere = commit(first, member, 'orders', 0, 5n);
    const order = settlingOrder({ parked, behind, elsewhere });
    await clock.advance(1_000);
    expect(order).toEqual(['elsewhere']);
    expect(broker.group('g')?.state).toBe('PreparingRebalance');
    void join(first, 'g', { memberId: member.memberId });
    await clock.advance(10);
    expect(order).toEqual(['elsewhere', 'parked', 'behind']);
  });

  test('a fetch that waits for data mutes it', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const waiting = fetchOne(client, 'orders', 0, 0n, { maxWaitMs: 300 });
    const behind = client.send(metadata, { topics: [] }, 5);
    const order = settlingOrder({ waiting, behind });
    await clock.advance(299);
    expect(order).toEqual([]);
    await clock.advance(1);
    expect(order).toEqual(['waiting', 'behind']);
  });

  test('answers come in the order of the requests, each with its own correlation id', async () => {
    const { broker, clock } = rig();
    for (const value of ['a', 'b', 'c']) await broker.produce('orders', [{ value, partition: 0 }]);
    const client = await connect({ broker, clock });
    const pending = [2n, 0n, 1n].map((offset) =>
      fetchOne(client, 'orders', 0, offset, { partitionMaxBytes: 1 }),
    );
    const found = await clock.runUntil(Promise.all(pending));
    expect(found.map((each) => recordsOf(each))).toEqual([['2:c'], ['0:a'], ['1:b']]);
    const fetches = broker.requests.filter(({ apiKey }) => apiKey === fetch.key);
    expect(fetches.map(({ correlationId }) => correlationId)).toEqual([1, 2, 3]);
  });

  test('an unknown API, an unknown version or nonsense ends it, as in Kafka', async () => {
    const { broker, clock } = rig();
    const frames = [
      { apiKey: 999, apiName: 'Nothing', apiVersion: 0, flexible: false, body: new Uint8Array(0) },
      { apiKey: 12, apiName: 'Heartbeat', apiVersion: 99, flexible: true, body: new Uint8Array(0) },
      { apiKey: 12, apiName: 'Heartbeat', apiVersion: 3, flexible: false, body: Uint8Array.of(0, 200) },
    ];
    for (const frame of frames) {
      const client = await connect({ broker, clock });
      const sent = client.lane.send(frame, { timeoutMs: 1_000 });
      await expect(clock.runUntil(sent)).rejects.toMatchObject({ kind: 'laneClosed', sent: 'maybe' });
    }
  });

  test('a client that has gone leaves its join parked: only its timer removes it', async () => {
    const { broker, clock } = rig();
    const first = await connect({ broker, clock });
    await clock.runUntil(soleMember(first, 'g'));
    const second = await connect({ broker, clock });
    const parked = joinFresh(second, 'g');
    await clock.advance(10);
    second.lane.destroy(new Error('gone'));
    await expect(parked).rejects.toMatchObject({ kind: 'laneClosed' });
    expect(broker.group('g')?.members).toHaveLength(2);
    expect(broker.requests.at(-1)).toMatchObject({ api: 'JoinGroup', outcome: 'pending' });
  });
});

describe('membership over the wire', () => {
  test('join, sync, heartbeat, commit, settle', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [{ value: 'a', partition: 1 }]);
    const client = await connect({ broker, clock }, 0, 'worker');
    const member = await clock.runUntil(soleMember(client, 'g'));
    expect(member.memberId).toMatch(/^worker-[0-9a-f]{8}-/);
    expect(await clock.runUntil(beat(client, member))).toBe(0);
    expect(broker.settled('g')()).toBe(false);
    expect(await clock.runUntil(commit(client, member, 'orders', 1, 1n))).toBe(0);
    expect(broker.committed('g')).toEqual(new Map([['orders-1', 1n]]));
    expect(broker.settled('g')()).toBe(true);
  });

  test('settled asks for no commit of control records and aborted transactions', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [{ value: 'a', partition: 0 }], { transaction: 'commit' });
    await broker.produce('orders', [{ value: 'b', partition: 0 }], { transaction: 'abort' });
    await broker.produce('orders', [{ value: 'c', partition: 2 }], { transaction: 'abort' });
    const client = await connect({ broker, clock });
    const member = await clock.runUntil(soleMember(client, 'g'));
    expect(broker.settled('g')()).toBe(false);
    await clock.runUntil(commit(client, member, 'orders', 0, 1n));
    expect(broker.settled('g')()).toBe(true);
  });

  test('a member that says nothing is gone when its session has ended', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const member = await clock.runUntil(soleMember(client, 'g', { sessionTimeoutMs: 6_000 }));
    await clock.advance(5_900);
    expect(broker.group('g')?.state).toBe('Stable');
    await clock.advance(200);
    expect(broker.group('g')?.state).toBe('Empty');
    expect((await clock.runUntil(client.send(heartbeat, member, 3))).errorCode).toBe(25);
  });
});
