import { describe, expect, test } from 'vitest';
import { connect } from './support/client.ts';
import { fetchOne, recordsOf } from './support/fetching.ts';
import { rig } from './support/rig.ts';

const A = { value: 'a', partition: 0 };
const B = { value: 'b', partition: 0 };
const C = { value: 'c', partition: 0 };

describe('fetch', () => {
  test('gives whole batches from the offset on, with the end of the log', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [A, B]);
    await broker.produce('orders', [C]);
    const client = await connect({ broker, clock });
    const found = await clock.runUntil(fetchOne(client, 'orders', 0, 1n));
    expect(recordsOf(found)).toEqual(['0:a', '1:b', '2:c']);
    expect(found).toMatchObject({
      errorCode: 0,
      highWatermark: 3n,
      lastStableOffset: 3n,
      logStartOffset: 0n,
    });
  });

  test('waits for data up to maxWait, and no longer', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const began = clock.monotonic();
    const empty = await clock.runUntil(fetchOne(client, 'orders', 0, 0n, { maxWaitMs: 500 }));
    expect(recordsOf(empty)).toEqual([]);
    expect(clock.monotonic() - began).toBe(500);
  });

  test('answers as soon as there is data', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const began = clock.monotonic();
    const pending = fetchOne(client, 'orders', 0, 0n, { maxWaitMs: 500 });
    await clock.advance(100);
    await broker.produce('orders', [A]);
    expect(recordsOf(await clock.runUntil(pending))).toEqual(['0:a']);
    expect(clock.monotonic() - began).toBe(100);
  });

  test('waits until minBytes have come together', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const began = clock.monotonic();
    const pending = fetchOne(client, 'orders', 0, 0n, { maxWaitMs: 500, minBytes: 100 });
    await clock.advance(50);
    await broker.produce('orders', [A]);
    await clock.advance(50);
    await broker.produce('orders', [B]);
    expect(recordsOf(await clock.runUntil(pending))).toEqual(['0:a', '1:b']);
    expect(clock.monotonic() - began).toBe(100);
  });

  test('keeps to maxBytes, but always gives one batch', async () => {
    const { broker, clock } = rig();
    for (const record of [A, B, C]) await broker.produce('orders', [record]);
    const client = await connect({ broker, clock });
    const one = await clock.runUntil(fetchOne(client, 'orders', 0, 0n, { partitionMaxBytes: 1 }));
    expect(recordsOf(one)).toEqual(['0:a']);
    const two = await clock.runUntil(fetchOne(client, 'orders', 0, 0n, { maxBytes: 150 }));
    expect(recordsOf(two)).toEqual(['0:a', '1:b']);
  });

  test.each([
    ['below the start', 1n],
    ['beyond the end', 4n],
  ])('answers OFFSET_OUT_OF_RANGE %s', async (_, offset) => {
    const { broker, clock } = rig();
    for (const record of [A, B, C]) await broker.produce('orders', [record]);
    broker.faults.deleteRecordsBefore('orders', 0, 2n);
    const client = await connect({ broker, clock });
    const found = await clock.runUntil(fetchOne(client, 'orders', 0, offset, { maxWaitMs: 500 }));
    expect(found.errorCode).toBe(1);
  });

  test('answers UNKNOWN_TOPIC_OR_PARTITION, and NOT_LEADER_OR_FOLLOWER on the wrong node', async () => {
    const { broker, clock } = rig({ nodes: 2 });
    const client = await connect({ broker, clock }, 0);
    expect((await clock.runUntil(fetchOne(client, 'nothing', 0, 0n))).errorCode).toBe(3);
    expect((await clock.runUntil(fetchOne(client, 'orders', 9, 0n))).errorCode).toBe(3);
    const leaders = broker.topic('orders')?.partitions.map(({ leader }) => leader) ?? [];
    const elsewhere = leaders.findIndex((leader) => leader !== 0);
    expect((await clock.runUntil(fetchOne(client, 'orders', elsewhere, 0n))).errorCode).toBe(6);
  });

  test('checks the leader epoch that the client believes in', async () => {
    const { broker, clock } = rig();
    broker.faults.moveLeader('orders', 0, 0);
    const client = await connect({ broker, clock });
    const at = (currentLeaderEpoch: number) =>
      clock.runUntil(fetchOne(client, 'orders', 0, 0n, { currentLeaderEpoch }));
    expect((await at(0)).errorCode).toBe(74);
    expect((await at(1)).errorCode).toBe(0);
    expect((await at(2)).errorCode).toBe(75);
  });

  test('a reader of an epoch that the log never had is out of range, as in a topic that was created again', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [A]);
    const client = await connect({ broker, clock });
    const found = await clock.runUntil(
      fetchOne(client, 'orders', 0, 1n, { lastFetchedEpoch: 2, version: 12 }),
    );
    expect(found).toMatchObject({ errorCode: 1 });
  });

  test('tells a reader of a truncated log where it diverges', async () => {
    const { broker, clock } = rig();
    for (const record of [A, B, C]) await broker.produce('orders', [record]);
    broker.faults.truncate('orders', 0, 1n);
    await broker.produce('orders', [{ value: 'other', partition: 0 }]);
    const client = await connect({ broker, clock });
    const found = await clock.runUntil(
      fetchOne(client, 'orders', 0, 2n, { lastFetchedEpoch: 0, version: 12 }),
    );
    expect(found).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 0, endOffset: 1n } });
  });

  test('refuses a reader whose epoch is not of this log', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [A]);
    const client = await connect({ broker, clock });
    const found = await clock.runUntil(
      fetchOne(client, 'orders', 0, 1n, { lastFetchedEpoch: 3, version: 12 }),
    );
    expect(found.errorCode).toBe(1);
  });

  test('knows topics by id from version 13 on, and no other', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [A]);
    const before = broker.topic('orders')?.id ?? '';
    const client = await connect({ broker, clock });
    const byId = (topicId: string) =>
      clock.runUntil(fetchOne(client, 'orders', 0, 0n, { version: 13, topicId }));
    expect(recordsOf(await byId(before))).toEqual(['0:a']);
    await broker.deleteTopic('orders');
    await broker.createTopic('orders', { partitions: 1 });
    expect((await byId(before)).errorCode).toBe(100);
    expect(broker.topic('orders')?.id).not.toBe(before);
  });

  test('a waiting fetch learns at once that its topic has gone', async () => {
    const { broker, clock } = rig();
    const client = await connect({ broker, clock });
    const pending = fetchOne(client, 'orders', 0, 0n, { maxWaitMs: 5_000 });
    await clock.advance(10);
    await broker.deleteTopic('orders');
    expect((await clock.runUntil(pending)).errorCode).toBe(3);
    expect(clock.monotonic()).toBeLessThan(100);
  });
});

describe('transactions', () => {
  test('a committed one is read by both isolation levels', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [A], { transaction: 'commit' });
    await broker.produce('orders', [B]);
    const client = await connect({ broker, clock });
    const found = await clock.runUntil(fetchOne(client, 'orders', 0, 0n, { readCommitted: true }));
    expect(recordsOf(found, 'read_committed')).toEqual(['0:a', '2:b']);
    expect(found.abortedTransactions).toEqual([]);
  });

  test('an aborted one is listed for read_committed, and delivered to read_uncommitted', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [A], { transaction: 'abort' });
    await broker.produce('orders', [B]);
    const client = await connect({ broker, clock });
    const committed = await clock.runUntil(fetchOne(client, 'orders', 0, 0n, { readCommitted: true }));
    expect(recordsOf(committed, 'read_committed')).toEqual(['2:b']);
    expect(committed.abortedTransactions).toEqual([{ producerId: 0n, firstOffset: 0n }]);
    const all = await clock.runUntil(fetchOne(client, 'orders', 0, 0n));
    expect(recordsOf(all)).toEqual(['0:a', '2:b']);
    expect(all.abortedTransactions).toBeNull();
  });

  test('an open one holds the last stable offset back until it ends', async () => {
    const { broker, clock } = rig();
    await broker.produce('orders', [A]);
    await broker.produce('orders', [B], { transaction: 'open' });
    await broker.produce('orders', [C]);
    const client = await connect({ broker, clock });
    const read = () => clock.runUntil(fetchOne(client, 'orders', 0, 0n, { readCommitted: true }));
    const before = await read();
    expect(before).toMatchObject({ highWatermark: 3n, lastStableOffset: 1n });
    expect(recordsOf(before, 'read_committed')).toEqual(['0:a']);
    expect(await broker.endTransactions('orders', 'commit')).toBe(1);
    const after = await read();
    expect(after.lastStableOffset).toBe(4n);
    expect(recordsOf(after, 'read_committed')).toEqual(['0:a', '1:b', '2:c']);
  });
});
