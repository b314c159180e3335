/** OffsetFetch in the shapes of its versions. */
import { describe, expect, it } from 'vitest';
import { context, fetchBody, GROUP } from './support/bodies.ts';
import { Harness } from './support/harness.ts';

const named = [{ name: 't', partitionIndexes: [0, 1] }];

describe('OffsetFetch', () => {
  it('gives back offset, leader epoch and metadata', async () => {
    const h = new Harness();
    await h.commit({}, { offset: 42n, metadata: 'note', leaderEpoch: 3 });
    const answer = await h.coordinator.fetchOffsets(fetchBody({ topics: named }), context(7));
    expect(answer).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      groups: [],
      topics: [
        {
          name: 't',
          partitions: [
            {
              partitionIndex: 0,
              committedOffset: 42n,
              committedLeaderEpoch: 3,
              metadata: 'note',
              errorCode: 0,
            },
            { partitionIndex: 1, committedOffset: -1n, committedLeaderEpoch: -1, metadata: '', errorCode: 0 },
          ],
        },
      ],
    });
  });

  it('of a missing group finds no commits and no error', async () => {
    const { coordinator } = new Harness();
    const answer = await coordinator.fetchOffsets(fetchBody({ topics: named }), context(5));
    expect(answer.topics[0]?.partitions).toMatchObject([
      { committedOffset: -1n, errorCode: 0 },
      { committedOffset: -1n },
    ]);
    expect(await coordinator.fetchOffsets(fetchBody(), context(5))).toMatchObject({
      topics: [],
      errorCode: 0,
    });
  });

  it('with null topics gives all that the group has', async () => {
    const h = new Harness();
    await h.commit({}, { index: 2 });
    await h.commit({}, { index: 0 });
    const answer = await h.coordinator.fetchOffsets(fetchBody(), context(7));
    expect(answer.topics).toMatchObject([
      { name: 't', partitions: [{ partitionIndex: 2 }, { partitionIndex: 0 }] },
    ]);
  });

  it('with an empty list of topics gives nothing', async () => {
    const h = new Harness();
    await h.commit();
    expect((await h.coordinator.fetchOffsets(fetchBody({ topics: [] }), context(7))).topics).toEqual([]);
  });

  it('of v8 answers each group for itself', async () => {
    const h = new Harness();
    await h.commit();
    const groups = [
      { groupId: GROUP, topics: named },
      { groupId: 'other', topics: null },
    ];
    const answer = await h.coordinator.fetchOffsets(fetchBody({ groupId: '', groups }), context(8));
    expect(answer.groups).toMatchObject([
      {
        groupId: GROUP,
        errorCode: 0,
        topics: [{ partitions: [{ committedOffset: 42n }, { committedOffset: -1n }] }],
      },
      { groupId: 'other', errorCode: 0, topics: [] },
    ]);
  });

  it('is allowed in any state of the group', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    await h.commit({ memberId: member, generationIdOrMemberEpoch: 1 });
    await h.join({ memberId: member });
    expect(h.state).toBe('CompletingRebalance');
    const answer = await h.coordinator.fetchOffsets(fetchBody({ topics: named }), context(7));
    expect(answer.topics[0]?.partitions[0]?.committedOffset).toBe(42n);
  });

  it.each([
    { version: 1, topLevel: 0, partition: 16 },
    { version: 2, topLevel: 16, partition: undefined },
  ])(
    "a group's error in v$version is on each partition: $partition",
    async ({ version, topLevel, partition }) => {
      const h = new Harness();
      h.coordinator.unload();
      const answer = await h.coordinator.fetchOffsets(fetchBody({ topics: named }), context(version));
      expect(answer.errorCode).toBe(topLevel);
      expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(partition);
    },
  );
});
