/** LeaveGroup. */
import { describe, expect, it } from 'vitest';
import { bytes, context, GROUP } from './support/bodies.ts';
import { Harness } from './support/harness.ts';

interface Leaver {
  memberId: string;
  groupInstanceId: string | null;
  reason?: string;
}

async function leave(h: Harness, version: number, members: Leaver[], groupId = GROUP) {
  const memberId = members[0]?.memberId ?? '';
  const leavers = members.map((member) => ({ reason: null, ...member }));
  const body = version < 3 ? { groupId, memberId, members: [] } : { groupId, memberId: '', members: leavers };
  const answer = await h.coordinator.leaveGroup(body, context(version));
  await h.advance(0);
  return answer;
}

const dynamic = (memberId: string): Leaver => ({ memberId, groupInstanceId: null });

describe('LeaveGroup: shape of the answer', () => {
  it("before v3 folds the member's error into the top level", async () => {
    const h = new Harness();
    const [member] = (await h.stable(1)) as [string];
    expect(await leave(h, 2, [dynamic('nobody')])).toEqual({ throttleTimeMs: 0, errorCode: 25, members: [] });
    expect(await leave(h, 2, [dynamic(member)])).toEqual({ throttleTimeMs: 0, errorCode: 0, members: [] });
  });

  it('from v3 on answers for each member and keeps the top level at 0', async () => {
    const h = new Harness();
    const [first, second] = (await h.stable(2)) as [string, string];
    const answer = await leave(h, 3, [dynamic(first), dynamic('nobody'), dynamic(second)]);
    expect(answer.errorCode).toBe(0);
    expect(answer.members).toEqual([
      { memberId: first, groupInstanceId: null, errorCode: 0 },
      { memberId: 'nobody', groupInstanceId: null, errorCode: 25 },
      { memberId: second, groupInstanceId: null, errorCode: 0 },
    ]);
    expect(h.state).toBe('Empty');
  });

  it('an empty group id is 24 at the top level', async () => {
    expect((await leave(new Harness(), 3, [dynamic('m')], '')).errorCode).toBe(24);
  });

  it('a missing group is 25 for each member, or at the top level before v3', async () => {
    const h = new Harness();
    expect(await leave(h, 3, [dynamic('m')])).toMatchObject({ errorCode: 0, members: [{ errorCode: 25 }] });
    expect(await leave(h, 1, [dynamic('m')])).toMatchObject({ errorCode: 25 });
  });

  it('a batch of nobody is no error and changes nothing', async () => {
    const h = new Harness();
    await h.stable(1);
    expect(await leave(h, 3, [])).toMatchObject({ errorCode: 0, members: [] });
    expect(h.state).toBe('Stable');
  });
});

describe('LeaveGroup: who may be named', () => {
  it('a static member by its instance id alone (administrator)', async () => {
    const h = new Harness();
    await h.stableStatic(['one', 'two']);
    const answer = await leave(h, 3, [{ memberId: '', groupInstanceId: 'one' }]);
    expect(answer.members).toEqual([{ memberId: '', groupInstanceId: 'one', errorCode: 0 }]);
    expect([...h.snapshot().staticMembers.keys()]).toEqual(['two']);
    expect(h.state).toBe('PreparingRebalance');
  });

  it('an unknown instance, and nobody at all, are 25', async () => {
    const h = new Harness();
    await h.stableStatic(['one']);
    const answer = await leave(h, 3, [{ memberId: '', groupInstanceId: 'two' }, dynamic('')]);
    expect(answer.members.map(({ errorCode }) => errorCode)).toEqual([25, 25]);
    expect(h.state).toBe('Stable');
  });

  it('an id that does not hold the instance is 82', async () => {
    const h = new Harness();
    const [first] = (await h.stableStatic(['one', 'two'])) as [string, string];
    const answer = await leave(h, 3, [{ memberId: first, groupInstanceId: 'two' }]);
    expect(answer.members[0]?.errorCode).toBe(82);
    expect(h.snapshot().members).toHaveLength(2);
  });

  it('the holder of a pending id', async () => {
    const h = new Harness();
    const { memberId } = (await h.join()).now;
    expect(await h.leave(memberId)).toBe(0);
    expect(h.snapshot()).toMatchObject({ pendingJoin: [], timers: [], state: 'Empty' });
    expect(await h.leave(memberId)).toBe(25);
  });
});

describe('LeaveGroup: what follows', () => {
  it('in Stable a pending id that leaves begins a rebalance too (quirk of Kafka)', async () => {
    const h = new Harness();
    await h.stable(1);
    const { memberId } = (await h.join()).now;
    expect(await h.leave(memberId)).toBe(0);
    expect(h.state).toBe('PreparingRebalance');
  });

  it('in PreparingRebalance a pending id that leaves completes the join', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(1)) as [string];
    const { memberId } = (await h.join()).now;
    const join = await h.join({ memberId: leader });
    expect(join.parked).toBe(true);
    await h.leave(memberId);
    expect(join.now).toMatchObject({ errorCode: 0, generationId: 2 });
  });

  it('a parked JoinGroup of the member that leaves is answered 25', async () => {
    const h = new Harness();
    const [leader] = (await h.stable(2)) as [string, string];
    const join = await h.join({ memberId: leader });
    await h.leave(leader);
    expect(join.now).toMatchObject({ errorCode: 25, memberId: '' });
  });

  it('a parked SyncGroup of the member that leaves is never answered', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.completing(2)) as [string, string];
    const sync = await h.sync(follower);
    await h.leave(follower);
    expect(h.events).toContainEqual(
      expect.objectContaining({ type: 'request-abandoned', api: 'SyncGroup', memberId: follower }),
    );
    await h.join({ memberId: leader });
    await h.sync(leader, { assignments: [{ memberId: leader, assignment: bytes(1) }] });
    await h.advance(600_000);
    h.coordinator.close();
    await h.advance(0);
    expect(sync.parked).toBe(true);
  });

  it('the role of the leader passes to the next member, and its timer is gone', async () => {
    const h = new Harness();
    const [first, second] = (await h.stable(3)) as [string, string, string];
    await h.leave(first);
    expect(h.snapshot().leaderId).toBe(second);
    expect(h.snapshot().timers).not.toContain(`session:${first}`);
  });
});
