/** SyncGroup. */
import { describe, expect, it } from 'vitest';
import { bytes, context, syncBody } from './support/bodies.ts';
import { DelayedTopic, Harness } from './support/harness.ts';

describe('SyncGroup: checks in order', () => {
  it('an empty group id is 24, a missing group 25', async () => {
    const { coordinator } = new Harness();
    expect(
      (await coordinator.syncGroup(syncBody({ groupId: '', memberId: 'm' }), context(3))).errorCode,
    ).toBe(24);
    expect((await coordinator.syncGroup(syncBody({ memberId: 'm' }), context(3))).errorCode).toBe(25);
  });

  it('the member comes before the generation, the generation before the protocol', async () => {
    const h = new Harness();
    const [member] = (await h.completing(1)) as [string];
    const wrong = { generationId: 9, protocolType: 'connect', protocolName: 'x' };
    expect((await h.sync('nobody', wrong, 5)).now.errorCode).toBe(25);
    expect((await h.sync(member, { ...wrong, groupInstanceId: 'one' }, 5)).now.errorCode).toBe(25);
    expect((await h.sync(member, wrong, 5)).now.errorCode).toBe(22);
    expect((await h.sync(member, { ...wrong, generationId: 1 }, 5)).now.errorCode).toBe(23);
  });

  it.each([
    { protocolType: null, protocolName: null, version: 5, code: 23 },
    { protocolType: 'consumer', protocolName: null, version: 5, code: 23 },
    { protocolType: 'consumer', protocolName: 'x', version: 5, code: 23 },
    { protocolType: 'connect', protocolName: 'range', version: 5, code: 23 },
    { protocolType: 'consumer', protocolName: 'range', version: 5, code: 0 },
    { protocolType: null, protocolName: null, version: 4, code: 0 },
  ])('v$version with $protocolType and $protocolName is $code', async ({ version, code, ...given }) => {
    const h = new Harness();
    const [member] = (await h.completing(1)) as [string];
    expect((await h.sync(member, given, version)).now.errorCode).toBe(code);
  });

  it('the protocol comes before PreparingRebalance', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.stable(2)) as [string, string];
    await h.join({ memberId: leader });
    expect((await h.sync(follower, { protocolType: 'connect' })).now.errorCode).toBe(23);
    expect((await h.sync(follower)).now.errorCode).toBe(27);
  });

  it('an instance whose id another member holds is 82', async () => {
    const h = new Harness();
    const [first] = (await h.stableStatic(['one', 'two'])) as [string, string];
    expect((await h.sync(first, { groupInstanceId: 'two' })).now.errorCode).toBe(82);
  });
});

describe('SyncGroup', () => {
  it('names the protocol in its answer', async () => {
    const h = new Harness();
    const [leader] = (await h.completing(1)) as [string];
    expect((await h.sync(leader)).now).toMatchObject({ protocolType: 'consumer', protocolName: 'range' });
  });

  it('fills in members that the leader forgot and drops ids that it made up', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.completing(2)) as [string, string];
    const waiting = await h.sync(follower);
    await h.sync(leader, {
      assignments: [
        { memberId: leader, assignment: bytes(1) },
        { memberId: 'nobody', assignment: bytes(2) },
      ],
    });
    expect(waiting.now.assignment).toEqual(bytes());
    expect(h.snapshot().members.map(({ assignment }) => assignment)).toEqual([bytes(1), bytes()]);
  });

  it("a follower's assignments are not looked at", async () => {
    const h = new Harness();
    const [leader, follower] = (await h.completing(2)) as [string, string];
    await h.sync(follower, { assignments: [{ memberId: follower, assignment: bytes(9) }] });
    expect(h.state).toBe('CompletingRebalance');
    expect((await h.sync(leader)).now.errorCode).toBe(0);
    expect((await h.sync(follower)).now.assignment).toEqual(bytes());
  });

  it('a second SyncGroup of a member takes the place of its parked one, which is never answered', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.completing(2)) as [string, string];
    const first = await h.sync(follower);
    const second = await h.sync(follower);
    await h.sync(leader);
    expect(second.now.errorCode).toBe(0);
    expect(first.parked).toBe(true);
  });

  it('restarts the session of those whose answer it sends', async () => {
    const h = new Harness();
    const [leader, follower] = (await h.completing(2)) as [string, string];
    await h.sync(follower);
    await h.advance(9_000);
    await h.sync(leader);
    await h.advance(9_999);
    expect(h.snapshot().members).toHaveLength(2);
  });
});

describe('SyncGroup: the assignment cannot be stored', () => {
  it.each([
    [3, 15],
    [19, 15],
    [7, 15],
    [6, 16],
    [56, 16],
    [10, -1],
    [18, -1],
    [4, -1],
    [29, 29],
  ])('append error %i is answered %i to all, and the group rebalances', async (appendCode, code) => {
    let outcome = 0;
    const h = new Harness({ append: () => outcome });
    const [leader, follower] = (await h.completing(2)) as [string, string];
    const waiting = await h.sync(follower);
    outcome = appendCode;
    const leading = await h.sync(leader, { assignments: [{ memberId: follower, assignment: bytes(1) }] });
    expect(leading.now).toMatchObject({ errorCode: code, assignment: bytes() });
    expect(waiting.now.errorCode).toBe(code);
    expect(h.state).toBe('PreparingRebalance');
    outcome = 0;
    const again = await h.join({ memberId: leader });
    await h.join({ memberId: follower });
    expect(again.now).toMatchObject({ errorCode: 0, generationId: 2 });
  });

  it('a write that completes after the group has moved on changes nothing', async () => {
    const topic = new DelayedTopic();
    const h = new Harness({ append: topic.append });
    const [leader, follower] = (await h.completing(2)) as [string, string];
    topic.delay = true;
    const sync = await h.sync(leader, { assignments: [{ memberId: leader, assignment: bytes(1) }] });
    expect(sync.parked).toBe(true);
    await h.leave(follower);
    expect(sync.now.errorCode).toBe(27);
    const join = await h.join({ memberId: leader });
    expect(join.now.generationId).toBe(2);
    await topic.complete(0);
    expect(h.snapshot()).toMatchObject({ state: 'CompletingRebalance', generationId: 2 });
    expect(h.snapshot().members[0]?.assignment).toEqual(bytes());
  });

  it('a delayed write completes the sync later; a rejected one counts as -1', async () => {
    const writes: { resolve: (code: number) => void; reject: (reason: Error) => void }[] = [];
    let delay = false;
    const append = (): number | Promise<number> =>
      delay ? new Promise<number>((resolve, reject) => writes.push({ resolve, reject })) : 0;
    const h = new Harness({ append });
    const [leader] = (await h.completing(1)) as [string];
    delay = true;
    const first = await h.sync(leader);
    writes[0]?.reject(new Error('disk'));
    await h.advance(0);
    expect(first.now.errorCode).toBe(-1);
    await h.join({ memberId: leader });
    const second = await h.sync(leader);
    writes[1]?.resolve(0);
    await h.advance(0);
    expect(second.now.errorCode).toBe(0);
    expect(h.state).toBe('Stable');
  });
});
