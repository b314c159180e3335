// Offsets, committed and in the log: what the broker sees and the core gets, in old and new versions.
import { describe, expect, it } from 'vitest';
import type { VersionRange } from '../../src/api.ts';
import { apis } from '../../src/messages.ts';
import { HEARTBEAT, NODE, SECOND, setUp } from './support/setup.ts';

const only = (version: number): VersionRange => ({ min: version, max: version });

describe('offsetCommit', () => {
  it.each([2, 5, 6, 7, 9])(
    'version %i: nests topics, and keeps good partitions beside bad ones',
    async (version) => {
      const { broker, transport } = setUp();
      broker.offer(apis.offsetCommit, only(version));
      broker.on(apis.offsetCommit, ({ topics }) => ({
        topics: topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({
            partitionIndex,
            errorCode: partitionIndex === 1 ? 3 : 0,
          })),
        })),
      }));
      const offsets = [
        { topic: 'constructor', partition: 0, offset: 2n ** 53n, leaderEpoch: 4, metadata: 'ü' },
        { topic: '__proto__', partition: 1, offset: 1n },
        { topic: 'constructor', partition: 2, offset: 0n },
      ];
      expect(await transport.offsetCommit(NODE, { ...HEARTBEAT, offsets }, SECOND)).toEqual({
        throttleTimeMs: 0,
        partitions: [
          { topic: 'constructor', partition: 0, errorCode: 0 },
          { topic: 'constructor', partition: 2, errorCode: 0 },
          { topic: '__proto__', partition: 1, errorCode: 3 },
        ],
      });
      const epoch = version >= 6 ? 4 : -1;
      expect(broker.last(apis.offsetCommit).request).toMatchObject({
        groupId: 'g',
        generationIdOrMemberEpoch: 3,
        memberId: 'm',
        topics: [
          {
            name: 'constructor',
            partitions: [
              {
                partitionIndex: 0,
                committedOffset: 2n ** 53n,
                committedLeaderEpoch: epoch,
                committedMetadata: 'ü',
              },
              { partitionIndex: 2, committedOffset: 0n, committedLeaderEpoch: -1, committedMetadata: '' },
            ],
          },
          { name: '__proto__', partitions: [{ partitionIndex: 1, committedOffset: 1n }] },
        ],
      });
    },
  );

  it('stays below version 10, where topics have no names', async () => {
    const { broker, transport } = setUp();
    broker.on(apis.offsetCommit, () => ({ topics: [] }));
    await transport.offsetCommit(NODE, { ...HEARTBEAT, offsets: [] }, SECOND);
    expect(broker.last(apis.offsetCommit).version).toBe(9);
  });
});

describe('offsetFetch', () => {
  const ASK = {
    groupId: 'g',
    partitions: [
      { topic: 't', partition: 0 },
      { topic: 't', partition: 1 },
    ],
    requireStable: true,
  };
  const TOPICS = [
    {
      name: 't',
      partitions: [
        { partitionIndex: 0, committedOffset: 42n, committedLeaderEpoch: 2, metadata: 'm', errorCode: 0 },
        { partitionIndex: 1, committedOffset: -1n, committedLeaderEpoch: -1, metadata: null, errorCode: 88 },
      ],
    },
  ];

  it.each([1, 2, 5, 7, 8, 9])(
    'version %i: an error for the group and one for each partition',
    async (version) => {
      const { broker, transport } = setUp();
      broker.offer(apis.offsetFetch, only(version));
      broker.on(apis.offsetFetch, () =>
        version >= 8
          ? { groups: [{ groupId: 'g', topics: TOPICS, errorCode: 14 }] }
          : { topics: TOPICS, errorCode: 14 },
      );
      expect(await transport.offsetFetch(NODE, ASK, SECOND)).toEqual({
        throttleTimeMs: 0,
        errorCode: version >= 2 ? 14 : 0,
        partitions: [
          {
            topic: 't',
            partition: 0,
            errorCode: 0,
            offset: 42n,
            leaderEpoch: version >= 5 ? 2 : -1,
            metadata: 'm',
          },
          { topic: 't', partition: 1, errorCode: 88, offset: -1n, leaderEpoch: -1, metadata: null },
        ],
      });
      const asked = { groupId: 'g', topics: [{ name: 't', partitionIndexes: [0, 1] }] };
      expect(broker.last(apis.offsetFetch).request).toMatchObject({
        ...(version >= 8 ? { groups: [asked] } : asked),
        requireStable: version >= 7,
      });
    },
  );
});

describe('listOffsets and offsetForLeaderEpoch', () => {
  it.each([2, 4, 6, 10, 11])('listOffsets version %i', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.listOffsets, only(version));
    broker.on(apis.listOffsets, () => ({
      topics: [
        {
          name: 't',
          partitions: [
            {
              partitionIndex: 0,
              errorCode: 0,
              timestamp: -1n,
              offset: 9n,
              ...(version >= 4 ? { leaderEpoch: 1 } : {}),
            },
            { partitionIndex: 1, errorCode: 6 },
          ],
        },
      ],
    }));
    const partitions = [
      { topic: 't', partition: 0, timestamp: -2n, currentLeaderEpoch: 5 },
      { topic: 't', partition: 1, timestamp: 1_700_000_000_000n, currentLeaderEpoch: -1 },
    ];
    expect(
      await transport.listOffsets(NODE, { isolationLevel: 'read_committed', partitions }, SECOND),
    ).toEqual({
      throttleTimeMs: 0,
      partitions: [
        {
          topic: 't',
          partition: 0,
          errorCode: 0,
          timestamp: -1n,
          offset: 9n,
          leaderEpoch: version >= 4 ? 1 : -1,
        },
        { topic: 't', partition: 1, errorCode: 6, timestamp: -1n, offset: -1n, leaderEpoch: -1 },
      ],
    });
    expect(broker.last(apis.listOffsets).request).toMatchObject({
      replicaId: -1,
      isolationLevel: 1,
      timeoutMs: version >= 10 ? 1_000 : 0,
      topics: [
        {
          name: 't',
          partitions: [
            { partitionIndex: 0, timestamp: -2n, currentLeaderEpoch: version >= 4 ? 5 : -1 },
            { partitionIndex: 1, timestamp: 1_700_000_000_000n },
          ],
        },
      ],
    });
  });

  it.each([2, 3, 4])('offsetForLeaderEpoch version %i', async (version) => {
    const { broker, transport } = setUp();
    broker.offer(apis.offsetForLeaderEpoch, only(version));
    broker.on(apis.offsetForLeaderEpoch, () => ({
      topics: [{ topic: 't', partitions: [{ errorCode: 74, partition: 3, leaderEpoch: 2, endOffset: 77n }] }],
    }));
    const partitions = [{ topic: 't', partition: 3, currentLeaderEpoch: 5, leaderEpoch: 4 }];
    expect(await transport.offsetForLeaderEpoch(NODE, { partitions }, SECOND)).toEqual({
      throttleTimeMs: 0,
      partitions: [{ topic: 't', partition: 3, errorCode: 74, leaderEpoch: 2, endOffset: 77n }],
    });
    expect(broker.last(apis.offsetForLeaderEpoch).request).toMatchObject({
      replicaId: version >= 3 ? -1 : -2,
      topics: [{ topic: 't', partitions: [{ partition: 3, currentLeaderEpoch: 5, leaderEpoch: 4 }] }],
    });
  });
});
