/** Moves of the coordinator, loading, closing, and what is left after each. */
import { describe, expect, it } from 'vitest';
import {
  bytes,
  commitBody,
  context,
  fetchBody,
  GROUP,
  heartbeatBody,
  joinBody,
  protocol,
  syncBody,
} from './support/bodies.ts';
import { Call, Harness, settle } from './support/harness.ts';

/** The code that each API answers for the group. */
async function codes(h: Harness): Promise<Record<string, number | undefined>> {
  const { coordinator: c } = h;
  const leave = {
    groupId: GROUP,
    memberId: '',
    members: [{ memberId: 'm', groupInstanceId: null, reason: null }],
  };
  const txn = { ...commitBody(), producerId: 1n, generationId: -1 };
  return {
    join: (await c.joinGroup(joinBody(), context(5))).errorCode,
    sync: (await c.syncGroup(syncBody({ memberId: 'm' }), context(3))).errorCode,
    heartbeat: (await c.heartbeat(heartbeatBody('m'))).errorCode,
    leave: (await c.leaveGroup(leave, context(3))).errorCode,
    commit: (await c.commitOffsets(commitBody(), context(7))).topics[0]?.partitions[0]?.errorCode,
    txnCommit: (await c.commitTransactionalOffsets(txn, context(3))).topics[0]?.partitions[0]?.errorCode,
    fetch: (await c.fetchOffsets(fetchBody(), context(7))).errorCode,
    describe: (await c.describeGroups({ groups: [GROUP] }, context(5))).groups[0]?.errorCode,
    list: (await c.listGroups({ statesFilter: [], typesFilter: [] })).errorCode,
    deleteGroups: (await c.deleteGroups({ groupsNames: [GROUP] })).results[0]?.errorCode,
    deleteOffsets: (await c.deleteOffsets({ groupId: GROUP, topics: [] })).errorCode,
  };
}

const all = (code: number) => ({
  join: code,
  sync: code,
  heartbeat: code,
  leave: code,
  commit: code,
  txnCommit: code,
  fetch: code,
  describe: code,
  list: code,
  deleteGroups: code,
  deleteOffsets: code,
});

describe('a coordinator that is not in charge', () => {
  it('answers 16 to everything, except that it has no groups to list', async () => {
    const h = new Harness();
    h.coordinator.unload();
    expect(await codes(h)).toEqual({ ...all(16), list: 0 });
  });

  it('answers 14 to everything while it loads, except 0 to heartbeats', async () => {
    const h = new Harness();
    h.coordinator.setLoading(true);
    expect(await codes(h)).toEqual({ ...all(14), heartbeat: 0 });
  });

  it('is in charge again after a load', async () => {
    const h = new Harness();
    h.coordinator.unload();
    h.coordinator.load({ groups: [], offsets: [] });
    expect((await h.join()).now.errorCode).toBe(79);
  });

  it('the end of a load that never began changes nothing', async () => {
    const h = new Harness();
    await h.stable(1);
    h.coordinator.setLoading(false);
    expect(h.state).toBe('Stable');
    h.coordinator.unload();
    h.coordinator.setLoading(false);
    expect((await h.join()).now.errorCode).toBe(16);
  });
});

describe('unload', () => {
  it('answers parked JoinGroups 16 and leaves no timer', async () => {
    const h = new Harness();
    const { id, join } = await h.joinNew();
    h.coordinator.unload();
    await settle();
    expect(join.now).toMatchObject({ errorCode: 16, memberId: id });
    expect(h.clock.pending).toBe(0);
  });

  it('answers parked SyncGroups 16', async () => {
    const h = new Harness();
    const [, follower] = (await h.completing(2)) as [string, string];
    const sync = await h.sync(follower);
    h.coordinator.unload();
    await settle();
    expect(sync.now).toMatchObject({ errorCode: 16, assignment: bytes() });
  });

  it('answers commits, syncs and restarts whose write is not complete 16, each once', async () => {
    let delay = false;
    const h = new Harness({ append: () => (delay ? new Promise<number>(() => {}) : 0) });
    const [leader] = (await h.stableStatic(['one', 'two'])) as [string, string];
    delay = true;
    const restart = await h.join({ groupInstanceId: 'two' });
    const commit = new Call(
      h.coordinator.commitOffsets(
        commitBody({ memberId: leader, groupInstanceId: 'one', generationIdOrMemberEpoch: 1 }),
        context(7),
      ),
    );
    h.coordinator.unload();
    await settle();
    expect(restart.now.errorCode).toBe(16);
    expect(commit.now.topics[0]?.partitions[0]?.errorCode).toBe(16);
    expect(h.clock.pending).toBe(0);
  });

  it('a write that completes after the unload does nothing', async () => {
    const writes: ((code: number) => void)[] = [];
    const h = new Harness({ append: () => new Promise<number>((resolve) => writes.push(resolve)) });
    const commit = h.commit();
    h.coordinator.unload();
    expect(await commit).toBe(16);
    h.coordinator.load({ groups: [], offsets: [] });
    writes[0]?.(0);
    await settle();
    expect(h.coordinator.stored().offsets).toEqual([]);
  });

  it('tells the observer that groups are dead', async () => {
    const h = new Harness();
    await h.stable(1);
    h.coordinator.unload();
    expect(h.events.at(-1)).toMatchObject({ type: 'state', from: 'Stable', to: 'Dead' });
  });
});

describe('load', () => {
  it('brings a stable group back: members keep their ids, generation and assignment, with a fresh session', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stable(2)) as [string, string];
    await h.advance(9_000);
    h.coordinator.load(h.coordinator.unload());
    expect(h.snapshot()).toMatchObject({
      state: 'Stable',
      generationId: 1,
      leaderId: leader,
      protocolName: 'range',
    });
    expect(await h.heartbeat(follower)).toBe(0);
    expect((await h.sync(follower)).now.assignment).toEqual(bytes(1));
    await h.advance(9_999);
    expect(h.snapshot().members).toHaveLength(2);
    await h.advance(1);
    expect(h.snapshot().members).toHaveLength(0);
  });

  it('knows only the chosen protocol of a member, so that a rejoin with more costs a rebalance', async () => {
    const h = new Harness();
    const protocols = [protocol('range'), protocol('sticky')];
    const [, follower] = (await h.stable(2, { protocols })) as [string, string];
    h.coordinator.load(h.coordinator.unload());
    expect([...h.snapshot().support]).toEqual([['range', 2]]);
    expect((await h.join({ memberId: follower, protocols })).parked).toBe(true);
    expect(h.state).toBe('PreparingRebalance');
  });

  it('brings a group that was rebalancing back at its last stored generation', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(1)) as [string];
    const late = await h.joinNew();
    await h.join({ memberId: leader });
    expect(h.snapshot()).toMatchObject({ state: 'CompletingRebalance', generationId: 2 });
    h.coordinator.load(h.coordinator.unload());
    expect(h.snapshot()).toMatchObject({ state: 'Stable', generationId: 1 });
    expect(await h.heartbeat(leader, { generationId: 2 })).toBe(22);
    expect(await h.heartbeat(late.id, { generationId: 2 })).toBe(25);
  });

  it('brings a group back empty that was never stable, without its members and pending ids', async () => {
    const h = new Harness();
    const { id } = await h.joinNew();
    h.coordinator.load(h.coordinator.unload());
    expect(h.snapshot()).toMatchObject({ state: 'Empty', generationId: 0, members: [], pendingJoin: [] });
    expect((await h.join({ memberId: id })).now.errorCode).toBe(25);
  });

  it('keeps the moment a group became empty, so that its offsets expire on time', async () => {
    const h = new Harness({ offsetsRetentionMs: 3_600_000 });
    const [member] = (await h.stable(1)) as [string];
    await h.commit({ memberId: member, generationIdOrMemberEpoch: 1 });
    await h.leave(member);
    await h.advance(3_000_000);
    h.coordinator.load(h.coordinator.unload());
    expect(h.snapshot()).toMatchObject({ state: 'Empty', generationId: 2 });
    await h.advance(600_000);
    expect(h.state).toBe('missing');
  });

  it('brings offsets back, also those of a group that only has offsets', async () => {
    const h = new Harness();
    await h.commit({}, { offset: 8n, metadata: 'note', leaderEpoch: 2 });
    h.coordinator.load(h.coordinator.unload());
    expect(h.snapshot()).toMatchObject({ state: 'Empty', protocolType: undefined });
    expect(h.snapshot().offsets).toMatchObject([{ offset: 8n, metadata: 'note', leaderEpoch: 2 }]);
  });

  it('keeps static members with their instance ids', async () => {
    const h = new Harness();
    const [member] = (await h.stableStatic(['one'])) as [string];
    h.coordinator.load(h.coordinator.unload());
    expect([...h.snapshot().staticMembers]).toEqual([['one', member]]);
    const restarted = await h.join({ groupInstanceId: 'one', version: 9 });
    expect(restarted.now).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true });
  });

  it('may go to another coordinator while the old one keeps answering 16', async () => {
    const old = new Harness();
    const [member] = (await old.stable(1)) as [string];
    const next = new Harness();
    next.coordinator.load(old.coordinator.unload());
    expect(await next.heartbeat(member)).toBe(0);
    expect(await old.heartbeat(member)).toBe(16);
  });
});

describe('setLoading', () => {
  it('is a restart: what is parked is answered 16, what is stored comes back', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(2)) as [string, string];
    const join = await h.join({ memberId: leader });
    h.coordinator.setLoading(true);
    await settle();
    expect(join.now.errorCode).toBe(16);
    expect(h.clock.pending).toBe(0);
    h.coordinator.setLoading(true);
    h.coordinator.setLoading(false);
    expect(h.snapshot()).toMatchObject({ state: 'Stable', generationId: 1 });
    expect(await h.heartbeat(leader)).toBe(0);
  });

  it('a session does not end while loading, however long it takes', async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    h.coordinator.setLoading(true);
    await h.advance(600_000);
    h.coordinator.setLoading(false);
    expect(await h.heartbeat(member)).toBe(0);
  });
});

describe('the first record of a group', () => {
  it('that cannot be written takes the group back', async () => {
    const h = new Harness({ append: () => 7 });
    const join = await h.join({ version: 3 });
    expect(join.now.errorCode).toBe(15);
    expect(h.state).toBe('missing');
    expect(h.events.some(({ type }) => type === 'group-removed')).toBe(true);
    expect(h.coordinator.stored().groups).toEqual([]);
  });

  it('that is complete only after the group was deleted does not bring it back', async () => {
    const writes: ((code: number) => void)[] = [];
    const h = new Harness({ append: () => new Promise<number>((resolve) => writes.push(resolve)) });
    await h.join();
    expect((await h.coordinator.deleteGroups({ groupsNames: [GROUP] })).results[0]?.errorCode).toBe(0);
    writes[0]?.(0);
    await settle();
    expect(h.coordinator.stored().groups).toEqual([]);
  });

  it('of an emptied group that cannot be written does no harm: the generation before it is loaded', async () => {
    let outcome = 0;
    const h = new Harness({ append: () => outcome });
    const [member] = (await h.stable(1)) as [string];
    outcome = 7;
    await h.leave(member);
    expect(h.state).toBe('Empty');
    h.coordinator.load(h.coordinator.unload());
    expect(h.snapshot()).toMatchObject({ state: 'Stable', generationId: 1 });
  });
});

describe('close', () => {
  it('leaves no timer, answers what is parked 16, and may be called twice', async () => {
    const h = new Harness();
    const { join } = await h.joinNew();
    await h.commit({ groupId: 'simple' });
    h.coordinator.close();
    h.coordinator.close();
    await settle();
    expect(join.now.errorCode).toBe(16);
    expect(h.clock.pending).toBe(0);
    expect((await h.join()).now.errorCode).toBe(16);
    expect(h.coordinator.snapshot(GROUP)).toBeUndefined();
  });
});

describe('jumpGeneration', () => {
  it('fences every request of the old generation; a member that joins again gets the new one', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stable(2)) as [string, string];
    expect(h.coordinator.jumpGeneration(GROUP, 3)).toBe(true);
    expect(await h.heartbeat(follower, { generationId: 1 })).toBe(22);
    expect((await h.sync(follower, { generationId: 1 })).now.errorCode).toBe(22);
    expect(await h.commit({ memberId: leader, generationIdOrMemberEpoch: 1 })).toBe(22);
    expect((await h.join({ memberId: follower })).now).toMatchObject({ errorCode: 0, generationId: 4 });
  });

  it('of a group that is not there does nothing', () => {
    expect(new Harness().coordinator.jumpGeneration('x')).toBe(false);
  });
});
