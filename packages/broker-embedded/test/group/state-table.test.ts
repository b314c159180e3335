/** What each request gets in each state. */
import { beforeEach, describe, expect, it } from 'vitest';
import { deleteGroup, deleteOffsets } from '../../src/group/admin.ts';
import { answerAllParked } from '../../src/group/answers.ts';
import { expireSession } from '../../src/group/expiry.ts';
import { GroupShard } from '../../src/group/group-shard.ts';
import { heartbeat } from '../../src/group/heartbeat.ts';
import { joinGroup } from '../../src/group/join.ts';
import { leaveGroup } from '../../src/group/leave.ts';
import { commitOffsets } from '../../src/group/offset-commit.ts';
import { expireOffsets } from '../../src/group/offset-expiry.ts';
import { fetchGroupOffsets } from '../../src/group/offset-fetch.ts';
import { syncGroup } from '../../src/group/sync.ts';
import {
  bytes,
  commitBody,
  context,
  GROUP,
  heartbeatBody,
  joinBody,
  protocol,
  subscription,
  syncBody,
} from './support/bodies.ts';
import { FakeClock } from './support/fake-clock.ts';
import { at, Harness } from './support/harness.ts';

const changed = { protocols: [protocol('range', subscription('t', 'u'))] };

describe('Empty', () => {
  let h: Harness;
  let gone: string;
  beforeEach(async () => {
    h = new Harness();
    gone = at(await h.stable(1), 0);
    await h.leave(gone);
    expect(h.state).toBe('Empty');
  });

  it('JoinGroup of a new member begins the initial delay', async () => {
    const { join } = await h.joinNew();
    expect(h.state).toBe('PreparingRebalance');
    expect(join.parked).toBe(true);
    await h.advance(3_000);
    expect(join.now.generationId).toBe(3);
  });

  it('JoinGroup of a known id is answered 25', async () => {
    expect((await h.join({ memberId: gone })).now.errorCode).toBe(25);
  });

  it('SyncGroup, Heartbeat and LeaveGroup are answered 25', async () => {
    expect((await h.sync(gone)).now.errorCode).toBe(25);
    expect(await h.heartbeat(gone)).toBe(25);
    expect(await h.leave(gone)).toBe(25);
  });

  it('OffsetCommit is accepted without a generation and answered 25 with one', async () => {
    expect(await h.commit()).toBe(0);
    expect(await h.commit({ generationIdOrMemberEpoch: 2, memberId: gone })).toBe(25);
  });
});

describe('PreparingRebalance', () => {
  let h: Harness;
  let leader: string;
  let follower: string;
  beforeEach(async () => {
    h = new Harness();
    [leader, follower] = (await h.stable(2)) as [string, string];
    await h.join({ memberId: leader });
    expect(h.state).toBe('PreparingRebalance');
  });

  it('JoinGroup is parked and updates the member', async () => {
    await h.joinNew({ clientId: 'third' });
    const join = await h.join({ memberId: follower, ...changed, rebalanceTimeoutMs: 90_000 });
    expect(join.now.errorCode).toBe(0);
    expect(h.state).toBe('CompletingRebalance');
    expect(h.snapshot().members.find(({ memberId }) => memberId === follower)?.rebalanceTimeoutMs).toBe(
      90_000,
    );
  });

  it('SyncGroup is answered 27', async () => {
    expect((await h.sync(follower)).now.errorCode).toBe(27);
  });

  it('Heartbeat is answered 27 and restarts the session', async () => {
    await h.advance(9_000);
    expect(await h.heartbeat(follower)).toBe(27);
    await h.advance(9_000);
    expect(h.snapshot().members).toHaveLength(2);
    await h.advance(1_000);
    expect(h.snapshot().members).toHaveLength(1);
  });

  it('LeaveGroup removes the member and may complete the join', async () => {
    expect(await h.leave(follower)).toBe(0);
    expect(h.state).toBe('CompletingRebalance');
    expect(h.snapshot().generationId).toBe(2);
  });

  it('OffsetCommit with the current generation is accepted and restarts the session', async () => {
    await h.advance(9_000);
    expect(await h.commit({ generationIdOrMemberEpoch: 1, memberId: follower })).toBe(0);
    await h.advance(9_999);
    expect(h.snapshot().members).toHaveLength(2);
    await h.advance(1);
    expect(h.snapshot().members).toHaveLength(1);
  });
});

describe('CompletingRebalance', () => {
  let h: Harness;
  let leader: string;
  let follower: string;
  beforeEach(async () => {
    h = new Harness();
    [leader, follower] = (await h.completing(2)) as [string, string];
  });

  it('JoinGroup with the same metadata is answered with the current generation, the leader with members', async () => {
    const again = (await h.join({ memberId: leader })).now;
    expect(again).toMatchObject({ errorCode: 0, generationId: 1, leader });
    expect(again.members.map(({ memberId }) => memberId)).toEqual([leader, follower]);
    expect((await h.join({ memberId: follower })).now).toMatchObject({
      errorCode: 0,
      generationId: 1,
      members: [],
    });
    expect(h.state).toBe('CompletingRebalance');
  });

  it.each(['leader', 'follower'])(
    'JoinGroup of the %s with changed metadata begins a rebalance',
    async (who) => {
      const join = await h.join({ memberId: who === 'leader' ? leader : follower, ...changed });
      expect(join.parked).toBe(true);
      expect(h.state).toBe('PreparingRebalance');
    },
  );

  it("SyncGroup is parked, and the leader's completes all", async () => {
    const first = await h.sync(follower);
    expect(first.parked).toBe(true);
    const second = await h.sync(leader, { assignments: [{ memberId: follower, assignment: bytes(7) }] });
    expect(first.now).toMatchObject({ errorCode: 0, assignment: bytes(7) });
    expect(second.now).toMatchObject({ errorCode: 0, assignment: bytes() });
    expect(h.state).toBe('Stable');
  });

  it('Heartbeat is answered 0 and restarts the session (KAFKA-10134)', async () => {
    await h.advance(9_000);
    expect(await h.heartbeat(follower)).toBe(0);
    expect(await h.heartbeat(leader)).toBe(0);
    await h.advance(9_000);
    expect(h.snapshot().members).toHaveLength(2);
  });

  it('LeaveGroup removes the member and begins a rebalance', async () => {
    expect(await h.leave(follower)).toBe(0);
    expect(h.state).toBe('PreparingRebalance');
  });

  it('OffsetCommit is answered 27', async () => {
    expect(await h.commit({ generationIdOrMemberEpoch: 1, memberId: follower })).toBe(27);
  });

  it('TxnOffsetCommit is accepted', async () => {
    const body = { ...commitBody(), producerId: 5n, generationId: 1, memberId: follower };
    const response = await h.coordinator.commitTransactionalOffsets(body, context(3));
    expect(response.topics[0]?.partitions[0]?.errorCode).toBe(0);
  });
});

describe('Stable', () => {
  let h: Harness;
  let leader: string;
  let follower: string;
  beforeEach(async () => {
    h = new Harness();
    [leader, follower] = (await h.stable(2)) as [string, string];
  });

  it('JoinGroup of the leader begins a rebalance even with the same metadata', async () => {
    expect((await h.join({ memberId: leader })).parked).toBe(true);
    expect(h.state).toBe('PreparingRebalance');
  });

  it('JoinGroup of a follower with the same metadata is answered with the current generation', async () => {
    const again = (await h.join({ memberId: follower })).now;
    expect(again).toMatchObject({
      errorCode: 0,
      generationId: 1,
      leader,
      members: [],
      skipAssignment: false,
    });
    expect(h.state).toBe('Stable');
  });

  it('JoinGroup of a follower with changed metadata begins a rebalance', async () => {
    expect((await h.join({ memberId: follower, ...changed })).parked).toBe(true);
    expect(h.state).toBe('PreparingRebalance');
  });

  it('SyncGroup is answered with the stored assignment', async () => {
    expect((await h.sync(follower)).now).toMatchObject({ errorCode: 0, assignment: bytes(1) });
  });

  it('Heartbeat is answered 0 and restarts the session', async () => {
    await h.advance(9_999);
    expect(await h.heartbeat(follower)).toBe(0);
    await h.advance(9_999);
    expect(h.snapshot().members.map(({ memberId }) => memberId)).toEqual([follower]);
  });

  it('LeaveGroup removes the member and begins a rebalance', async () => {
    expect(await h.leave(leader)).toBe(0);
    expect(h.state).toBe('PreparingRebalance');
    expect(h.snapshot().leaderId).toBe(follower);
  });

  it('OffsetCommit is accepted and restarts the session', async () => {
    await h.advance(9_999);
    expect(await h.commit({ generationIdOrMemberEpoch: 1, memberId: follower })).toBe(0);
    await h.advance(1);
    expect(h.snapshot().members.map(({ memberId }) => memberId)).toEqual([follower]);
  });
});

describe('Dead', () => {
  let shard: GroupShard;
  beforeEach(() => {
    const h = new Harness();
    shard = new GroupShard(
      {
        clock: new FakeClock(),
        random: () => 0.5,
        initialRebalanceDelayMs: 0,
        minSessionTimeoutMs: 1,
        maxSessionTimeoutMs: 100_000,
        groupMaxSize: 10,
        newMemberJoinTimeoutMs: 1,
        offsetsRetentionMs: 1,
        offsetMetadataMaxBytes: 1,
        topicExists: () => true,
      },
      { expireSession, expireOffsets },
    );
    shard.transition(shard.createGroup(GROUP), 'Dead', 'test');
    h.coordinator.close();
  });

  it.each(['', 'someone'])('JoinGroup with id %j is answered 15', async (memberId) => {
    expect((await joinGroup(shard, joinBody({ memberId }), context(5))).errorCode).toBe(15);
  });

  it('SyncGroup, Heartbeat, LeaveGroup and OffsetCommit are answered 15', async () => {
    expect((await syncGroup(shard, syncBody({ memberId: 'm' }), context(3))).errorCode).toBe(15);
    expect(heartbeat(shard, heartbeatBody('m')).errorCode).toBe(15);
    const leave = { groupId: GROUP, memberId: 'm', members: [] };
    expect(leaveGroup(shard, leave, context(1)).errorCode).toBe(15);
    const commit = await commitOffsets(shard, commitBody(), context(7));
    expect(commit.topics[0]?.partitions[0]?.errorCode).toBe(15);
  });

  it('OffsetFetch finds no offsets and no error', () => {
    shard.offsets.set({
      groupId: GROUP,
      topic: 't',
      partition: 0,
      offset: 1n,
      leaderEpoch: -1,
      metadata: '',
      commitTimestampMs: 0,
      expireTimestampMs: null,
    });
    const named = fetchGroupOffsets(
      shard,
      { groupId: GROUP, topics: [{ name: 't', partitionIndexes: [0] }] },
      false,
    );
    expect(named.topics[0]?.partitions[0]).toMatchObject({ committedOffset: -1n, errorCode: 0 });
    expect(fetchGroupOffsets(shard, { groupId: GROUP, topics: null }, false)).toMatchObject({
      topics: [],
      errorCode: 0,
    });
  });

  it('DeleteGroups and OffsetDelete are answered 69', () => {
    expect(deleteGroup(shard, GROUP)).toBe(69);
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }] }];
    expect(deleteOffsets(shard, { groupId: GROUP, topics }).errorCode).toBe(69);
  });

  it('nothing is parked that unloading would have to answer', () => {
    shard.close(answerAllParked);
    expect(shard.groups.size).toBe(0);
  });
});
