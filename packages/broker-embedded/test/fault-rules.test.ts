import { encodeBatch, findCoordinator, heartbeat, metadata, offsetFetch, produce } from '@kohort/protocol';
import { describe, expect, test } from 'vitest';
import { connect } from './support/client.ts';
import { fetchOne, recordsOf } from './support/fetching.ts';
import { beat, commit, soleMember } from './support/members.ts';
import { rig } from './support/rig.ts';

async function withMember() {
  const { broker, clock } = rig();
  const client = await connect({ broker, clock }, 0, 'worker');
  const member = await clock.runUntil(soleMember(client, 'g'));
  return { broker, clock, client, member };
}

describe('fault rules', () => {
  test('answer with an error at the level of the API, without a change of state', async () => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'OffsetCommit', error: 27 });
    expect(await clock.runUntil(commit(client, member, 'orders', 0, 5n))).toBe(27);
    expect(broker.committed('g').size).toBe(0);
    broker.faults.onRequest({ api: 'Heartbeat', error: 22 });
    expect(await clock.runUntil(beat(client, member))).toBe(22);
    broker.faults.onRequest({ api: 'Fetch', error: 3 });
    expect((await clock.runUntil(fetchOne(client, 'orders', 0, 0n))).errorCode).toBe(3);
  });

  test('answer with an error although the request was carried out', async () => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'OffsetCommit', error: 7, applied: true });
    expect(await clock.runUntil(commit(client, member, 'orders', 0, 5n))).toBe(7);
    expect(broker.committed('g').get('orders-0')).toBe(5n);
  });

  test('set errors at another level where asked to', async () => {
    const { broker, client } = await withMember();
    const body = { groupId: 'g', topics: [{ name: 'orders', partitionIndexes: [0, 1] }] };
    const rule = broker.faults.onRequest({ api: 'OffsetFetch', error: 88, level: 'nested' });
    const nested = await client.call(offsetFetch, body, 7);
    expect(nested.errorCode).toBe(0);
    expect(nested.topics[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([88, 88]);
    rule.remove();
    broker.faults.onRequest({ api: 'OffsetFetch', error: 14 });
    expect((await client.call(offsetFetch, body, 7)).errorCode).toBe(14);
    const batch = await client.call(offsetFetch, { groups: [{ groupId: 'g', topics: null }] }, 8);
    expect(batch.groups[0]?.errorCode).toBe(14);
    broker.faults.onRequest({ api: 'FindCoordinator', error: 15 });
    const found = await client.call(findCoordinator, { coordinatorKeys: ['x', 'y'] }, 4);
    expect(found.coordinators.map(({ errorCode }) => errorCode)).toEqual([15, 15]);
  });

  test('count: the n-th only, so many times, by client and version, until removed', async () => {
    const { broker, clock, client, member } = await withMember();
    const nth = broker.faults.onRequest({ api: 'Heartbeat', nth: 2, error: 27 });
    const codes: number[] = [];
    for (let i = 0; i < 3; i++) codes.push(await clock.runUntil(beat(client, member)));
    expect(codes).toEqual([0, 27, 0]);
    expect(nth).toMatchObject({ matched: 3, applied: 1 });
    nth.remove();
    const times = broker.faults.onRequest({ api: ['Heartbeat'], clientId: /^work/, times: 2, error: 15 });
    for (let i = 0; i < 3; i++) codes.push(await clock.runUntil(beat(client, member)));
    expect(codes.slice(3)).toEqual([15, 15, 0]);
    expect(times.applied).toBe(2);
    broker.faults.onRequest({ memberId: 'somebody else', error: 1 });
    broker.faults.onRequest({ groupId: 'another', error: 1 });
    broker.faults.onRequest({ api: 'Heartbeat', apiVersion: { min: 0, max: 2 }, error: 1 });
    broker.faults.onRequest({ node: 1, error: 1 });
    expect(await clock.runUntil(beat(client, member))).toBe(0);
    broker.faults.onRequest({ where: ({ memberId }) => memberId === member.memberId, error: 25 });
    expect(await clock.runUntil(beat(client, member))).toBe(25);
    broker.faults.clear();
    expect(await clock.runUntil(beat(client, member))).toBe(0);
  });

  test('draw their probability from the seed', async () => {
    const run = async (seed: number) => {
      const { broker, clock } = rig({ seed });
      const client = await connect({ broker, clock });
      broker.faults.onRequest({ api: 'Metadata', probability: 0.5, error: 5 });
      const codes: number[] = [];
      for (let i = 0; i < 40; i++) {
        const { topics } = await client.call(metadata, { topics: [{ name: 'orders' }] }, 5);
        codes.push(topics[0]?.errorCode ?? -99);
      }
      return codes.join('');
    };
    const first = await run(7);
    expect(first).toContain('5');
    expect(first).toContain('0');
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
  });

  test('delay before the change of state, and after it', async () => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'OffsetCommit', delay: 100, delayAnswer: 50 });
    const pending = commit(client, member, 'orders', 0, 5n);
    await clock.advance(99);
    expect(broker.committed('g').size).toBe(0);
    await clock.advance(2);
    expect(broker.committed('g').size).toBe(1);
    const before = clock.monotonic();
    await clock.runUntil(pending);
    expect(clock.monotonic() - before).toBe(49);
  });

  test('lose the answer after the change of state; the connection lives on', async () => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'OffsetCommit', times: 1, drop: 'answer' });
    const lost = commit(client, member, 'orders', 0, 5n);
    const behind = beat(client, member);
    expect(await clock.runUntil(behind)).toBe(0);
    expect(broker.committed('g').get('orders-0')).toBe(5n);
    await expect(clock.runUntil(lost)).rejects.toMatchObject({ kind: 'timeout', sent: 'maybe' });
    expect(broker.requests.find(({ api }) => api === 'OffsetCommit')?.outcome).toBe('dropped');
  });

  test('lose the request: nothing changes', async () => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'OffsetCommit', drop: 'request' });
    const lost = commit(client, member, 'orders', 0, 5n);
    await expect(clock.runUntil(lost)).rejects.toMatchObject({ kind: 'timeout' });
    expect(broker.committed('g').size).toBe(0);
  });

  test.each([
    ['before', 0],
    ['applied', 1],
    ['mid-frame', 1],
  ] as const)('cut the connection: %s', async (cut, committed) => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'OffsetCommit', cut });
    const sent = commit(client, member, 'orders', 0, 5n);
    await expect(clock.runUntil(sent)).rejects.toMatchObject({ kind: 'laneClosed', sent: 'maybe' });
    expect(broker.committed('g').size).toBe(committed);
    expect(broker.requests.at(-1)?.outcome).toBe('cut');
  });

  test('cut the connection right behind the answer', async () => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'Heartbeat', cut: 'after' });
    expect(await clock.runUntil(beat(client, member))).toBe(0);
    await expect(clock.runUntil(client.lane.closed)).resolves.toBeInstanceOf(Error);
  });

  test('truncate the answer: its frame is whole, its body is not', async () => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'Heartbeat', truncate: 3 });
    await expect(clock.runUntil(client.send(heartbeat, member, 3))).rejects.toMatchObject({
      code: 'KOHORT_PROTOCOL',
    });
  });

  test('spoil the answer: size, correlation id, body', async () => {
    const { broker, clock, client, member } = await withMember();
    const rule = broker.faults.onRequest({ api: 'Heartbeat', corrupt: 'correlation-id' });
    const lost = client.send(heartbeat, member, 3, 100);
    await expect(clock.runUntil(lost)).rejects.toMatchObject({ kind: 'timeout' });
    rule.remove();
    const body = broker.faults.onRequest({ api: 'Heartbeat', corrupt: 'body' });
    expect(await clock.runUntil(beat(client, member))).toBe(0xff);
    body.remove();
    broker.faults.onRequest({ api: 'Heartbeat', corrupt: 'size' });
    await expect(clock.runUntil(beat(client, member))).rejects.toMatchObject({ kind: 'laneClosed' });
  });

  test('answer twice, and in pieces of one byte', async () => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'Heartbeat', duplicate: true, slice: 1 });
    expect(await clock.runUntil(beat(client, member))).toBe(0);
    expect(await clock.runUntil(beat(client, member))).toBe(0);
  });

  test('rewrite the answer, and observe the request', async () => {
    const { broker, client } = await withMember();
    const seen: unknown[] = [];
    broker.faults.onRequest({
      api: 'Metadata',
      observe: ({ request }) => seen.push(request),
      rewrite: (response) => ({ ...Object(response), clusterId: 'another', throttleTimeMs: 250 }),
    });
    const response = await client.call(metadata, { topics: [] }, 5);
    expect(response).toMatchObject({ clusterId: 'another', throttleTimeMs: 250 });
    expect(seen).toMatchObject([{ topics: [] }]);
  });

  test('several rules for one request add up; the later one wins', async () => {
    const { broker, clock, client, member } = await withMember();
    broker.faults.onRequest({ api: 'Heartbeat', delay: 40, error: 15 });
    broker.faults.onRequest({ api: 'Heartbeat', error: 16 });
    const before = clock.monotonic();
    expect(await clock.runUntil(beat(client, member))).toBe(16);
    expect(clock.monotonic() - before).toBe(40);
  });

  test('a produce that wants no answer is carried out and not answered', async () => {
    const { broker, clock, client } = await withMember();
    const records = encodeBatch([{ value: 'quiet' }]);
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }];
    const sent = client.send(produce, { acks: 0, timeoutMs: 1_000, topicData }, 8, 100);
    await expect(clock.runUntil(sent)).rejects.toMatchObject({ kind: 'timeout' });
    expect(recordsOf(await clock.runUntil(fetchOne(client, 'orders', 0, 0n)))).toEqual(['0:quiet']);
    expect(broker.requests.find(({ api }) => api === 'Produce')?.outcome).toBe('unanswered');
  });
});
