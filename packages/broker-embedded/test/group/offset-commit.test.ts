/** OffsetCommit and TxnOffsetCommit: the checks in order. */
import { describe, expect, it } from 'vitest';
import { commitBody, context, GROUP, protocol } from './support/bodies.ts';
import { Harness } from './support/harness.ts';

describe('OffsetCommit: checks of the group', () => {
  it('a missing group without a generation becomes a simple group', async () => {
    const h = new Harness();
    expect(await h.commit()).toBe(0);
    expect(h.snapshot()).toMatchObject({ state: 'Empty', protocolType: undefined, members: [] });
    expect(h.snapshot().offsets).toMatchObject([
      { topic: 't', partition: 0, offset: 42n, leaderEpoch: -1, metadata: '' },
    ]);
  });

  it.each([
    { version: 8, code: 22 },
    { version: 9, code: 69 },
  ])('a missing group with a generation is $code in v$version', async ({ version, code }) => {
    const h = new Harness();
    expect(await h.commit({ generationIdOrMemberEpoch: 1, memberId: 'm' }, {}, version)).toBe(code);
    expect(h.state).toBe('missing');
  });

  it('an empty group takes a commit without a generation whoever sends it', async () => {
    const h = new Harness();
    await h.commit();
    expect(await h.commit({ memberId: 'someone' })).toBe(0);
    expect(await h.commit({ groupInstanceId: 'one' })).toBe(0);
  });

  it('any of generation, member id and instance id makes the member count', async () => {
    const h = new Harness();
    await h.stableStatic(['one']);
    expect(await h.commit({ generationIdOrMemberEpoch: 1 })).toBe(25);
    expect(await h.commit({ memberId: 'nobody' })).toBe(25);
    expect(await h.commit({ groupInstanceId: 'two' })).toBe(25);
    expect(await h.commit({ groupInstanceId: 'one' })).toBe(82);
  });

  it('the member comes before the generation', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    expect(await h.commit({ memberId: 'nobody', generationIdOrMemberEpoch: 9 })).toBe(25);
    expect(await h.commit({ memberId: member, generationIdOrMemberEpoch: 9 })).toBe(22);
    expect(await h.commit({ memberId: member })).toBe(22);
    expect(await h.commit({ memberId: member, generationIdOrMemberEpoch: 1 })).toBe(0);
  });

  it('nobody in particular is 25 while the group has members', async () => {
    const h = new Harness();
    await h.stable(1);
    expect(await h.commit()).toBe(25);
  });

  it('27 in CompletingRebalance comes after the member and the generation', async () => {
    const h = new Harness();
    const [member] = (await h.completing(1)) as [string];
    expect(await h.commit({ memberId: 'nobody', generationIdOrMemberEpoch: 1 })).toBe(25);
    expect(await h.commit({ memberId: member, generationIdOrMemberEpoch: 0 })).toBe(22);
    expect(await h.commit({ memberId: member, generationIdOrMemberEpoch: 1 })).toBe(27);
  });

  it("a group's error stores nothing", async () => {
    const h = new Harness();
    await h.stable(1);
    await h.commit();
    expect(h.snapshot().offsets).toEqual([]);
  });

  it('the empty group id is a group like any other here', async () => {
    const h = new Harness();
    expect(await h.commit({ groupId: '' })).toBe(0);
    expect(h.snapshot('').offsets).toHaveLength(1);
  });
});

describe('OffsetCommit: checks of a partition', () => {
  const topics = [
    {
      name: 't',
      partitions: [0, 1, 10].map((partitionIndex) => ({
        partitionIndex,
        committedOffset: BigInt(partitionIndex),
        committedLeaderEpoch: 4,
        committedMetadata: partitionIndex === 1 ? 'x'.repeat(4_097) : 'x'.repeat(4_096),
      })),
    },
    {
      name: 'missing',
      partitions: [
        { partitionIndex: 0, committedOffset: 1n, committedLeaderEpoch: -1, committedMetadata: null },
      ],
    },
  ];

  it('long metadata is 12 and an unknown partition 3, each for itself only', async () => {
    const h = new Harness();
    const response = await h.coordinator.commitOffsets(commitBody({ topics }), context(7));
    expect(response).toEqual({
      throttleTimeMs: 0,
      topics: [
        {
          name: 't',
          partitions: [
            { partitionIndex: 0, errorCode: 0 },
            { partitionIndex: 1, errorCode: 12 },
            { partitionIndex: 10, errorCode: 3 },
          ],
        },
        { name: 'missing', partitions: [{ partitionIndex: 0, errorCode: 3 }] },
      ],
    });
    expect(h.snapshot().offsets).toMatchObject([{ partition: 0, leaderEpoch: 4 }]);
  });

  it("a group's error leaves the 3 of unknown partitions alone", async () => {
    const h = new Harness();
    const given = { topics, generationIdOrMemberEpoch: 1, memberId: 'm' };
    const response = await h.coordinator.commitOffsets(commitBody(given), context(9));
    expect(response.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode))).toEqual(
      [69, 69, 3, 3],
    );
  });

  it('a request of unknown partitions only does not reach the group', async () => {
    const h = new Harness();
    const response = await h.coordinator.commitOffsets(commitBody({ topics: topics.slice(1) }), context(7));
    expect(response.topics[0]?.partitions[0]?.errorCode).toBe(3);
    expect(h.state).toBe('missing');
  });

  it('__proto__ is a topic like any other', async () => {
    const h = new Harness();
    const partition = {
      partitionIndex: 0,
      committedOffset: 5n,
      committedLeaderEpoch: -1,
      committedMetadata: 'm',
    };
    await h.coordinator.commitOffsets(
      commitBody({ groupId: '__proto__', topics: [{ name: '__proto__', partitions: [partition] }] }),
      context(7),
    );
    expect(h.snapshot('__proto__').offsets).toMatchObject([
      { topic: '__proto__', offset: 5n, metadata: 'm' },
    ]);
  });

  it('a later commit replaces an earlier one, also with a lower offset', async () => {
    const h = new Harness();
    await h.commit({}, { offset: 9n });
    await h.commit({}, { offset: 3n });
    expect(h.snapshot().offsets).toMatchObject([{ offset: 3n }]);
  });
});

describe('OffsetCommit: the write', () => {
  it.each([
    [7, 15],
    [3, 15],
    [6, 16],
    [10, 28],
    [18, 28],
  ])('append error %i is answered %i and stores nothing', async (appendCode, code) => {
    const h = new Harness({ append: ({ kind }) => (kind === 'offsets' ? appendCode : 0) });
    expect(await h.commit()).toBe(code);
    expect(h.snapshot().offsets).toEqual([]);
  });

  it('writes complete in order, so that the later commit wins', async () => {
    const writes: ((code: number) => void)[] = [];
    const h = new Harness({ append: () => new Promise<number>((resolve) => writes.push(resolve)) });
    const first = h.commit({}, { offset: 1n });
    const second = h.commit({}, { offset: 2n });
    writes[1]?.(0);
    await h.advance(0);
    expect(h.snapshot().offsets).toEqual([]);
    writes[0]?.(0);
    expect(await Promise.all([first, second])).toEqual([0, 0]);
    expect(h.snapshot().offsets).toMatchObject([{ offset: 2n }]);
  });
});

describe('TxnOffsetCommit', () => {
  const txn = (h: Harness, given: { generationId?: number; memberId?: string; groupId?: string } = {}) =>
    h.coordinator
      .commitTransactionalOffsets({ ...commitBody(), producerId: 7n, generationId: -1, ...given }, context(3))
      .then(({ topics }) => topics[0]?.partitions[0]?.errorCode);
  const fetch = async (h: Harness, requireStable: boolean) => {
    const body = {
      groupId: GROUP,
      topics: [{ name: 't', partitionIndexes: [0] }],
      groups: [],
      requireStable,
    };
    return (await h.coordinator.fetchOffsets(body, context(7))).topics[0]?.partitions[0];
  };

  it('is pending until the transaction commits: 88 for those who require stable offsets', async () => {
    const h = new Harness();
    await h.commit({}, { offset: 1n });
    expect(await txn(h)).toBe(0);
    expect(await fetch(h, true)).toMatchObject({ errorCode: 88, committedOffset: -1n });
    expect(await fetch(h, false)).toMatchObject({ errorCode: 0, committedOffset: 1n });
    h.coordinator.completeTransaction(7n, true);
    expect(await fetch(h, true)).toMatchObject({ errorCode: 0, committedOffset: 42n });
  });

  it('is forgotten when the transaction aborts', async () => {
    const h = new Harness();
    await txn(h);
    h.coordinator.completeTransaction(7n, false);
    expect(await fetch(h, true)).toMatchObject({ errorCode: 0, committedOffset: -1n });
  });

  it('checks the member when one is given, and lets nobody in particular through in any state', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    expect(await txn(h, { memberId: 'nobody', generationId: 1 })).toBe(25);
    expect(await txn(h, { memberId: member, generationId: 9 })).toBe(22);
    expect(await txn(h, { memberId: member, generationId: 1 })).toBe(0);
    expect(await txn(h)).toBe(0);
  });

  it('does not keep the session alive', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    await h.advance(9_000);
    await txn(h, { memberId: member, generationId: 1 });
    await h.advance(1_000);
    expect(h.snapshot().members).toEqual([]);
  });

  it('an empty group id is 24, a missing group with a generation 22', async () => {
    const h = new Harness();
    expect(await txn(h, { groupId: '' })).toBe(24);
    expect(await txn(h, { generationId: 3, memberId: 'm' })).toBe(22);
  });

  it('an undecided offset keeps its group from being cleaned up', async () => {
    const h = new Harness();
    await txn(h);
    await h.advance(1_200_000);
    expect(h.state).toBe('Empty');
    h.coordinator.completeTransaction(7n, false);
    await h.advance(600_000);
    expect(h.state).toBe('missing');
  });
});

describe('OffsetCommit and the join phase', () => {
  it('a member that is being asked to join again may still commit', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stable(2, { protocols: [protocol('range')] })) as [string, string];
    await h.join({ memberId: leader });
    expect(await h.commit({ memberId: follower, generationIdOrMemberEpoch: 1 }, { offset: 8n })).toBe(0);
    expect(h.snapshot().offsets).toMatchObject([{ offset: 8n }]);
  });
});
