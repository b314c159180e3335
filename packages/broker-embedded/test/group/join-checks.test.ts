/** The checks of JoinGroup, in order, each with everything after it wrong as well. */
import { describe, expect, it } from 'vitest';
import { bytes, GROUP, protocol } from './support/bodies.ts';
import { at, Harness } from './support/harness.ts';

const WRONG_PROTOCOL = { protocolType: 'connect', protocols: [] };

describe('JoinGroup: checks in order', () => {
  it('1. an empty group id is 24, before the session timeout is looked at', async () => {
    const { now } = await new Harness().join({ groupId: '', sessionTimeoutMs: 1, memberId: 'm' });
    expect(now).toMatchObject({ errorCode: 24, memberId: 'm', generationId: -1 });
  });

  it.each([5_999, 1_800_001])(
    '2. a session timeout of %i ms is 26, before the group is looked at',
    async (ms) => {
      const h = new Harness();
      expect((await h.join({ sessionTimeoutMs: ms, memberId: 'm' })).now).toMatchObject({
        errorCode: 26,
        memberId: 'm',
      });
      expect(h.state).toBe('missing');
    },
  );

  it.each([6_000, 1_800_000])('2. a session timeout of %i ms is accepted', async (ms) => {
    expect((await new Harness().join({ sessionTimeoutMs: ms })).now.errorCode).toBe(79);
  });

  it('3. a member id and no group is 25, and makes no group', async () => {
    const h = new Harness();
    expect((await h.join({ memberId: 'm', ...WRONG_PROTOCOL })).now).toMatchObject({
      errorCode: 25,
      memberId: 'm',
    });
    expect(h.state).toBe('missing');
  });

  it('3. no member id and no group makes the group, even when the join then fails', async () => {
    const h = new Harness();
    expect((await h.join(WRONG_PROTOCOL)).now.errorCode).toBe(23);
    expect(h.state).toBe('Empty');
  });

  it('4. a full group is 81, before the protocols are looked at, and forgets the id', async () => {
    const h = new Harness({ groupMaxSize: 1 });
    const [member] = (await h.stable(1)) as [string];
    const extra = await h.join(WRONG_PROTOCOL);
    expect(extra.now).toMatchObject({ errorCode: 81, memberId: '' });
    expect(await h.heartbeat(member)).toBe(0);
  });

  it('6. other protocols are 23, before the member id is looked at', async () => {
    const h = new Harness();
    await h.stable(1);
    expect((await h.join({ memberId: 'nobody', ...WRONG_PROTOCOL })).now.errorCode).toBe(23);
  });

  it('6. an empty group wants a type and at least one protocol', async () => {
    const h = new Harness();
    expect((await h.join({ protocolType: '' })).now.errorCode).toBe(23);
    expect((await h.join({ protocols: [] })).now.errorCode).toBe(23);
    expect((await h.join()).now.errorCode).toBe(79);
  });

  it('6. another protocol type is 23 although the names match', async () => {
    const h = new Harness();
    await h.stable(1);
    expect((await h.join({ protocolType: 'connect' })).now.errorCode).toBe(23);
  });

  it('6. an offered name must be supported by every member', async () => {
    const h = new Harness();
    await h.joinNew({ protocols: [protocol('a'), protocol('b')] });
    await h.joinNew({ protocols: [protocol('b'), protocol('c')] });
    expect((await h.join({ protocols: [protocol('a'), protocol('c')] })).now.errorCode).toBe(23);
    expect((await h.join({ protocols: [protocol('x'), protocol('b')] })).now.errorCode).toBe(79);
  });

  it("6. the joiner's own previous list counts: it cannot move a group alone", async () => {
    const h = new Harness();
    const [member] = (await h.stable(1, { protocols: [protocol('a')] })) as [string];
    expect((await h.join({ memberId: member, protocols: [protocol('b')] })).now.errorCode).toBe(23);
    expect(
      (await h.join({ memberId: member, protocols: [protocol('b'), protocol('a')] })).now.errorCode,
    ).toBe(0);
  });

  it('7. an unknown id is 25, an unknown instance 25, an id that does not hold the instance 82', async () => {
    const h = new Harness();
    const [member] = (await h.stableStatic(['one'])) as [string];
    expect((await h.join({ memberId: 'nobody' })).now.errorCode).toBe(25);
    expect((await h.join({ memberId: member, groupInstanceId: 'two' })).now.errorCode).toBe(25);
    expect((await h.join({ memberId: 'nobody', groupInstanceId: 'one' })).now.errorCode).toBe(82);
  });

  it('7. the holder of a pending id cannot become static: -1, as Kafka answers its illegal state', async () => {
    const h = new Harness();
    const { memberId } = (await h.join()).now;
    expect((await h.join({ memberId, groupInstanceId: 'one' })).now.errorCode).toBe(-1);
    expect(h.snapshot().pendingJoin).toEqual([memberId]);
  });
});

describe('JoinGroup: two steps of a dynamic member (KIP-394)', () => {
  it('v4 and later answers 79 with an id made of client id and UUID', async () => {
    const h = new Harness();
    const { now } = await h.join({ version: 4, clientId: 'worker' });
    expect(now).toMatchObject({ errorCode: 79, generationId: -1, leader: '', members: [] });
    expect(now.memberId).toMatch(
      /^worker-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(h.snapshot()).toMatchObject({ state: 'Empty', members: [], pendingJoin: [now.memberId] });
  });

  it.each([0, 1, 2, 3])('v%i adds at once', async (version) => {
    const h = new Harness();
    expect((await h.join({ version })).parked).toBe(true);
    expect(h.snapshot()).toMatchObject({ state: 'PreparingRebalance', pendingJoin: [] });
  });

  it('a used id is no longer pending', async () => {
    const h = new Harness();
    const { id } = await h.joinNew();
    expect(h.snapshot()).toMatchObject({ pendingJoin: [], leaderId: id });
    expect(h.snapshot().members).toMatchObject([{ memberId: id, isNew: true, joinParked: true }]);
  });

  it('an id that nobody uses is forgotten after the session timeout', async () => {
    const h = new Harness();
    const { memberId } = (await h.join({ sessionTimeoutMs: 7_000 })).now;
    await h.advance(6_999);
    expect(h.snapshot().pendingJoin).toEqual([memberId]);
    await h.advance(1);
    expect(h.snapshot()).toMatchObject({ pendingJoin: [], timers: [] });
    expect((await h.join({ memberId })).now.errorCode).toBe(25);
  });

  it('ids are the same under the same seed, and never twice', async () => {
    const ids = async (): Promise<string[]> => {
      const h = new Harness();
      const given: string[] = [];
      for (let i = 0; i < 20; i++) given.push((await h.join()).now.memberId);
      return given;
    };
    const first = await ids();
    expect(await ids()).toEqual(first);
    expect(new Set(first).size).toBe(20);
  });
});

describe('JoinGroup: details', () => {
  it('v0 has no rebalance timeout: the session timeout counts (KAFKA-8653)', async () => {
    const h = new Harness();
    await h.join({ version: 0, sessionTimeoutMs: 12_000, rebalanceTimeoutMs: -1 });
    expect(h.snapshot().members[0]?.rebalanceTimeoutMs).toBe(12_000);
  });

  it.each([
    { version: 6, name: '' },
    { version: 7, name: null },
  ])('an error in v$version has protocol name $name', async ({ version, name }) => {
    expect((await new Harness().join({ version, memberId: 'm' })).now.protocolName).toBe(name);
  });

  it('a protocol that is named twice counts once', async () => {
    const h = new Harness();
    await h.join({
      version: 3,
      protocols: [protocol('a', bytes(1)), protocol('a', bytes(2)), protocol('b')],
    });
    expect([...h.snapshot().support]).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    await h.advance(3_000);
    expect(h.snapshot().state).toBe('CompletingRebalance');
  });

  it('the first member decides the protocol type and leads', async () => {
    const h = new Harness();
    const { id } = await h.joinNew({ protocolType: 'connect' });
    await h.joinNew({ protocolType: 'connect' });
    expect(h.snapshot()).toMatchObject({ protocolType: 'connect', leaderId: id });
  });

  it('the leader alone gets the members with the metadata of the chosen protocol', async () => {
    const h = new Harness();
    const first = await h.joinNew({ protocols: [protocol('a', bytes(1)), protocol('b', bytes(2))] });
    const second = await h.joinNew({ protocols: [protocol('b', bytes(3))] });
    await h.advance(6_000);
    expect(first.join.now).toMatchObject({
      errorCode: 0,
      protocolType: 'consumer',
      protocolName: 'b',
      leader: first.id,
    });
    expect(first.join.now.members).toEqual([
      { memberId: first.id, groupInstanceId: null, metadata: bytes(2) },
      { memberId: second.id, groupInstanceId: null, metadata: bytes(3) },
    ]);
    expect(second.join.now).toMatchObject({ leader: first.id, memberId: second.id, members: [] });
  });

  it('a second JoinGroup of a member takes the place of its parked one, which is never answered', async () => {
    const h = new Harness();
    const { id, join } = await h.joinNew();
    const again = await h.join({ memberId: id });
    await h.advance(6_000);
    expect(again.now.errorCode).toBe(0);
    expect(join.parked).toBe(true);
    expect(h.events).toContainEqual(
      expect.objectContaining({ type: 'request-abandoned', api: 'JoinGroup', memberId: id, groupId: GROUP }),
    );
  });

  it('a connection that is gone changes nothing: Kafka mutes the socket of a parked request', async () => {
    const h = new Harness();
    const gone = new AbortController();
    const { memberId } = (await h.join()).now;
    const parked = h.coordinator.joinGroup(
      {
        groupId: GROUP,
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 60_000,
        memberId,
        groupInstanceId: null,
        protocolType: 'consumer',
        protocols: [protocol('range')],
        reason: null,
      },
      { version: 5, clientId: 'client', clientHost: '/127.0.0.1', signal: gone.signal },
    );
    gone.abort();
    await h.advance(3_000);
    expect((await parked).errorCode).toBe(0);
    expect(at(h.snapshot().members, 0).memberId).toBe(memberId);
  });
});

describe('JoinGroup: group.max.size (KIP-389)', () => {
  it('Empty and PreparingRebalance count parked joins', async () => {
    const h = new Harness({ groupMaxSize: 2 });
    await h.joinNew();
    await h.joinNew();
    const third = await h.join();
    expect(third.now).toMatchObject({ errorCode: 81, memberId: '' });
    expect(h.snapshot().members).toHaveLength(2);
  });

  it('more ids can be pending than the group can hold; the last to come back is refused and forgotten (KAFKA-7641)', async () => {
    const h = new Harness({ groupMaxSize: 2 });
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await h.join()).now.memberId);
    const joins = [];
    for (const memberId of ids) joins.push(await h.join({ memberId }));
    expect(joins[2]?.now.errorCode).toBe(81);
    expect(h.snapshot().pendingJoin).toEqual([]);
    await h.advance(6_000);
    expect(joins[0]?.now.errorCode).toBe(0);
    expect(joins[1]?.now.errorCode).toBe(0);
  });

  it('a member whose JoinGroup is already parked may send it again', async () => {
    const h = new Harness({ groupMaxSize: 1 });
    const { id } = await h.joinNew();
    expect((await h.join({ memberId: id })).parked).toBe(true);
  });

  it('Stable and CompletingRebalance let members in and keep strangers out', async () => {
    const h = new Harness({ groupMaxSize: 2 });
    const [leader, follower] = (await h.completing(2)) as [string, string];
    expect((await h.join({ memberId: follower })).now.errorCode).toBe(0);
    expect((await h.join()).now.errorCode).toBe(81);
    await h.syncAll([leader, follower]);
    expect((await h.join({ memberId: follower })).now.errorCode).toBe(0);
    expect((await h.join()).now.errorCode).toBe(81);
  });

  it('of a group that is loaded too large, the last rejoiners are evicted (KAFKA-9885)', async () => {
    const big = new Harness();
    const ids = await big.stable(3);
    const h = new Harness({ groupMaxSize: 2 });
    h.coordinator.load(big.coordinator.unload());
    expect(h.state).toBe('PreparingRebalance');
    const joins = [];
    for (const memberId of [...ids].reverse()) joins.push(await h.join({ memberId }));
    expect(joins[2]?.now.errorCode).toBe(81);
    await h.advance(60_000);
    expect(joins[0]?.now).toMatchObject({ errorCode: 0, generationId: 2, leader: ids[1] });
    expect(joins[1]?.now.errorCode).toBe(0);
  });
});
