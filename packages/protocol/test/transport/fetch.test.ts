// Fetch: topics by name and by id, and the batches of each partition.
import { TransportError } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { apis } from '../../src/messages.ts';
import { encodeBatch } from '../../src/records/encode-batch.ts';
import { failureOf, NODE, SECOND, setUp } from './support/setup.ts';

const ID_A = 'AAAAAAAAAAAAAAAAAAAAAQ';
const ID_B = 'AAAAAAAAAAAAAAAAAAAAAg';

const WANT = { fetchOffset: 5n, currentLeaderEpoch: 2, lastFetchedEpoch: 1, maxBytes: 1_000 };
const FETCH = {
  rack: 'r1',
  isolationLevel: 'read_committed' as const,
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 10_000,
};
const BY_NAME = [{ topic: { name: 'a' }, partition: 0, ...WANT }];

const EMPTY = {
  partitionIndex: 0,
  errorCode: 0,
  highWatermark: 9n,
  abortedTransactions: null,
  records: null,
};

function batch(value: string, baseOffset = 5n): Uint8Array {
  return encodeBatch([{ timestamp: 1_700_000_000_000, value }], { baseOffset });
}

describe('topics', () => {
  it.each([4, 7, 9, 11, 12])('version %i: by name, in one session-less request', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.fetch, { min: 4, max: version });
    broker.on(apis.fetch, () => ({ throttleTimeMs: 0, responses: [{ topic: 'a', partitions: [EMPTY] }] }));
    const result = await transport.fetch(NODE, { ...FETCH, partitions: BY_NAME }, SECOND);
    expect(result).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      partitions: [
        {
          topic: 'a',
          partition: 0,
          errorCode: 0,
          highWatermark: 9n,
          lastStableOffset: -1n,
          logStartOffset: -1n,
          preferredReadReplica: -1,
          batches: [],
        },
      ],
    });
    expect(broker.last(apis.fetch)).toMatchObject({
      version,
      request: {
        replicaId: -1,
        maxWaitMs: 500,
        minBytes: 1,
        maxBytes: 10_000,
        isolationLevel: 1,
        sessionId: 0,
        sessionEpoch: -1,
        forgottenTopicsData: [],
        rackId: version >= 11 ? 'r1' : '',
        topics: [
          {
            topic: 'a',
            partitions: [
              {
                partition: 0,
                fetchOffset: 5n,
                partitionMaxBytes: 1_000,
                currentLeaderEpoch: version >= 9 ? 2 : -1,
                lastFetchedEpoch: version >= 12 ? 1 : -1,
              },
            ],
          },
        ],
      },
    });
  });

  it('stays at version 12 when one topic has no id', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.fetch, () => ({ throttleTimeMs: 0, responses: [] }));
    const partitions = [...BY_NAME, { topic: { name: 'b', id: ID_B }, partition: 0, ...WANT }];
    await transport.fetch(NODE, { ...FETCH, partitions }, SECOND);
    expect(broker.last(apis.fetch).version).toBe(12);
  });

  it.each([13, 15, 17, 18])('version %i: by id, and back to the names of the request', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.fetch, { min: 4, max: version });
    broker.on(apis.fetch, () => ({
      throttleTimeMs: 0,
      responses: [
        { topicId: ID_B, partitions: [{ ...EMPTY, errorCode: 100 }] },
        { topicId: ID_A, partitions: [{ ...EMPTY, partitionIndex: 1 }] },
      ],
    }));
    const partitions = [
      { topic: { name: '__proto__', id: ID_A }, partition: 1, ...WANT },
      { topic: { name: 'b', id: ID_B }, partition: 0, ...WANT },
    ];
    const result = await transport.fetch(NODE, { ...FETCH, partitions }, SECOND);
    expect(result.partitions).toMatchObject([
      { topic: 'b', partition: 0, errorCode: 100 },
      { topic: '__proto__', partition: 1, errorCode: 0 },
    ]);
    expect(broker.last(apis.fetch)).toMatchObject({
      version,
      request: { topics: [{ topicId: ID_A }, { topicId: ID_B }] },
    });
  });

  it('an id that was not asked for is no answer', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.fetch, () => ({ throttleTimeMs: 0, responses: [{ topicId: ID_B, partitions: [EMPTY] }] }));
    const partitions = [{ topic: { name: 'a', id: ID_A }, partition: 0, ...WANT }];
    expect(await failureOf(transport.fetch(NODE, { ...FETCH, partitions }, SECOND))).toMatchObject({
      kind: 'decode',
    });
  });

  it('one name with two ids stays two topics', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.fetch, () => ({ throttleTimeMs: 0, responses: [] }));
    const partitions = [
      { topic: { name: 'a', id: ID_A }, partition: 0, ...WANT },
      { topic: { name: 'a', id: ID_B }, partition: 1, ...WANT },
      { topic: { name: 'a', id: ID_A }, partition: 2, ...WANT },
    ];
    await transport.fetch(NODE, { ...FETCH, partitions }, SECOND);
    expect(broker.last(apis.fetch).request).toMatchObject({
      topics: [
        { topicId: ID_A, partitions: [{ partition: 0 }, { partition: 2 }] },
        { topicId: ID_B, partitions: [{ partition: 1 }] },
      ],
    });
  });

  it('tells of divergence and of a closer replica', async () => {
    const { broker, transport } = setUp();
    const divergingEpoch = { epoch: 1, endOffset: 4n };
    broker.on(apis.fetch, () => ({
      throttleTimeMs: 0,
      responses: [{ topic: 'a', partitions: [{ ...EMPTY, divergingEpoch, preferredReadReplica: 3 }] }],
    }));
    const { partitions } = await transport.fetch(NODE, { ...FETCH, partitions: BY_NAME }, SECOND);
    expect(partitions).toMatchObject([{ divergingEpoch, preferredReadReplica: 3 }]);
  });
});

describe('records', () => {
  function answering(...records: (Uint8Array | null)[]) {
    const setup = setUp();
    setup.broker.on(apis.fetch, () => ({
      throttleTimeMs: 0,
      responses: [
        {
          topic: 'a',
          partitions: records.map((bytes, partitionIndex) => ({ ...EMPTY, partitionIndex, records: bytes })),
        },
      ],
    }));
    const partitions = records.map((_, partition) => ({ topic: { name: 'a' }, partition, ...WANT }));
    return setup.transport.fetch(NODE, { ...FETCH, partitions }, SECOND);
  }

  it('come as batches', async () => {
    const { partitions } = await answering(batch('hello'));
    const [first] = partitions[0]?.batches ?? [];
    const records = await first?.records();
    expect(first).toMatchObject({ baseOffset: 5n, lastOffset: 5n, delivers: true });
    expect(Buffer.from(records?.value(0) ?? []).toString()).toBe('hello');
  });

  it('of one damaged partition fail when they are read, and the others are there', async () => {
    const damaged = batch('x');
    damaged.fill(0xee, 8, 12);
    const { partitions } = await answering(damaged, batch('fine'));
    const [bad, good] = partitions.map(({ batches }) => batches[0]);
    expect(bad).toMatchObject({ baseOffset: 5n, lastOffset: 5n, delivers: true });
    expect(() => bad?.records()).toThrow(TransportError);
    expect((await good?.records())?.count).toBe(1);
  });

  it('are checked by their CRC, unless that is switched off', async () => {
    const flipped = batch('hello');
    const last = flipped.length - 2;
    flipped[last] = (flipped[last] ?? 0) ^ 1;
    const { partitions } = await answering(flipped);
    expect(() => partitions[0]?.batches[0]?.records()).toThrow(/a-0.*checksum/);
    const { broker, transport } = setUp({ checkCrcs: false });
    broker.on(apis.fetch, () => ({
      throttleTimeMs: 0,
      responses: [{ topic: 'a', partitions: [{ ...EMPTY, records: flipped }] }],
    }));
    const unchecked = await transport.fetch(NODE, { ...FETCH, partitions: BY_NAME }, SECOND);
    expect((await unchecked.partitions[0]?.batches[0]?.records())?.count).toBe(1);
  });
});
