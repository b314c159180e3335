/** Cooperative groups (KIP-429): only what changes its owner moves, and an eager group becomes one while it runs. */
import { cooperativeSticky, range, sticky } from '@kohort/assignors';
import { expect } from 'vitest';
import { Gate } from './gate.ts';
import type { Member } from './member.ts';
import type { Scenario } from './scenario.ts';
import { subscriptionOf } from './wiretap.ts';
import { partitionsOf, type World } from './world.ts';

const cooperative = { assignors: [cooperativeSticky()] };

/** Partitions that a member has been told it owns, or does not own any more, one entry for each time. */
function told(world: World, { name }: Member, type: 'assigned' | 'revoked' | 'lost'): readonly string[] {
  const { events } = world.trace.filter({ actor: name, type });
  return events.map(({ fields }) => `${fields.topic}-${fields.partition}`).toSorted();
}

const surplusOnly: Scenario = {
  title:
    'S43 P6 I18 a third member gets exactly the surplus, and what it leaves behind is all that moves then',
  async run(world) {
    const topic = await world.topic(10);
    const [m1, m2] = ['m1', 'm2'].map((name) => world.consumer(name, [topic], cooperative));
    if (m1 === undefined || m2 === undefined) throw new Error('two were started');
    await world.untilShared([m1, m2], partitionsOf(topic, 10));
    const before = [m1, m2].map((member) => ({
      owned: member.owned,
      revoked: told(world, member, 'revoked'),
    }));
    expect(before.map(({ owned }) => owned.length)).toEqual([5, 5]);
    const m3 = world.consumer('m3', [topic], cooperative);
    await world.untilShared([m1, m2, m3], partitionsOf(topic, 10));
    expect(m3.owned).toHaveLength(3);
    for (const [n, member] of [m1, m2].entries()) {
      const gone = told(world, member, 'revoked').length - (before[n]?.revoked.length ?? 0);
      expect(before[n]?.owned.filter((unit) => !member.owned.includes(unit))).toHaveLength(gone);
      expect(told(world, member, 'lost')).toEqual([]);
    }
    const shared = [m1, m2].map((member) => ({
      owned: member.owned,
      revoked: told(world, member, 'revoked'),
    }));
    await m3.close();
    await world.untilShared([m1, m2], partitionsOf(topic, 10));
    for (const [n, member] of [m1, m2].entries()) {
      expect(member.owned).toHaveLength(5);
      expect(member.owned).toEqual(expect.arrayContaining([...(shared[n]?.owned ?? [])]));
      expect(told(world, member, 'revoked')).toEqual(shared[n]?.revoked);
    }
    await world.produce(topic, 50, { partitions: 10 });
    await world.untilAllHandled();
    world.auditor.checkNoDuplicates();
  },
};

const oneStops: Scenario = {
  title:
    'S76 P6 L2 three members of three partitions, one stops: two generations at most, and no survivor gives anything up',
  async run(world) {
    const topic = await world.topic(3);
    const members = ['m1', 'm2', 'm3'].map((name) => world.consumer(name, [topic], cooperative));
    await world.untilShared(members, partitionsOf(topic, 3));
    const [leaver, ...survivors] = members;
    const generation = leaver?.description.generationId ?? 0;
    const before = survivors.map((member) => told(world, member, 'revoked'));
    await leaver?.close();
    await world.untilShared(survivors, partitionsOf(topic, 3));
    await world.pass(world.times.heartbeatInterval * 4);
    for (const [n, member] of survivors.entries()) {
      expect(member.description.generationId - generation).toBeLessThanOrEqual(2);
      expect(told(world, member, 'revoked')).toEqual(before[n]);
      expect(told(world, member, 'lost')).toEqual([]);
    }
    await world.produce(topic, 30, { partitions: 3 });
    await world.untilAllHandled();
  },
};

const upgrade: Scenario = {
  title:
    'S46 P6 I14 range, then both, then cooperative alone, member by member: every partition is read at every step',
  async run(world) {
    const topic = await world.topic(6);
    const setups = [{ assignors: [cooperativeSticky(), range()] }, { assignors: [cooperativeSticky()] }];
    let members = ['a1', 'a2'].map((name) => world.consumer(name, [topic], { assignors: [range()] }));
    await world.untilShared(members, partitionsOf(topic, 6));
    expect(members[0]?.description).toMatchObject({ assignor: 'range', protocol: 'eager' });
    for (const [step, setup] of setups.entries()) {
      for (const round of [1, 2]) {
        await world.produce(topic, 12, { partitions: 6 });
        const [oldest, ...others] = members;
        await oldest?.close();
        members = [...others, world.consumer(`${'bc'[step]}${round}`, [topic], setup)];
        await world.untilShared(members, partitionsOf(topic, 6));
        await world.produce(topic, 12, { partitions: 6 });
        await world.untilAllHandled();
      }
    }
    for (const { description, owned } of members) {
      expect(description).toMatchObject({ assignor: 'cooperative-sticky', protocol: 'cooperative' });
      expect(owned).toHaveLength(3);
    }
    world.auditor.checkNoDuplicates();
  },
};

const pauses = [sticky(), cooperativeSticky()].map(
  (assignor): Scenario => ({
    title: `S56 I12 ${assignor.name}: pauses hold for what stays when a peer joins, and are over for what went and came back`,
    async run(world) {
      const topic = await world.topic(4);
      const m1 = world.consumer('m1', [topic], { assignors: [assignor] });
      await world.untilShared([m1], partitionsOf(topic, 4));
      await m1.group.pause(m1.description.assignments);
      const m2 = world.consumer('m2', [topic], { assignors: [assignor] });
      await world.untilShared([m1, m2], partitionsOf(topic, 4));
      const { owned: kept } = m1;
      const gone = m1.eventsOf('flow.resumed');
      expect(gone.map(({ reason, topic: t, partition }) => [reason, `${t}-${partition}`]).toSorted()).toEqual(
        m2.owned.map((unit) => ['revoked', unit]),
      );
      await world.produce(topic, 20, { partitions: 4 });
      await world.until('the peer has read its half', () => m2.handled.length === 10);
      await m2.close();
      await world.untilShared([m1], partitionsOf(topic, 4));
      await world.produce(topic, 8, { partitions: 4 });
      await world.until('what came back is read', () => m1.handled.length === 4);
      await world.pass(world.times.heartbeatInterval * 2);
      expect(m1.handled).toHaveLength(4);
      const paused = m1.description.assignments.filter(({ topic: t, partition }) =>
        kept.includes(`${t}-${partition}`),
      );
      await m1.group.resume(paused);
      await world.untilAllHandled();
      world.auditor.checkNoDuplicates();
    },
  }),
);

const neverArrived: Scenario = {
  title:
    'S72 I16 an assignment never arrives: the next join claims what came before, under the generation in which it came',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(6);
    const m1 = world.consumer('m1', [topic], cooperative);
    await world.untilShared([m1], partitionsOf(topic, 6));
    const { memberId, generationId } = m1.description;
    const lost = world.broker.faults.onRequest({ api: 'SyncGroup', clientId: 'm1', error: 27, times: 1 });
    const m2 = world.consumer('m2', [topic], cooperative);
    await world.untilShared([m1, m2], partitionsOf(topic, 6));
    expect(lost.applied).toBe(1);
    const syncs = m1.wiretap.calls.flatMap(({ call }, index) => (call === 'syncGroup' ? [index] : []));
    const refusedAt = syncs[1] ?? Number.NaN;
    const next = m1.wiretap.calls.slice(refusedAt).find(({ call }) => call === 'joinGroup');
    const claimed = next === undefined ? null : subscriptionOf(next);
    expect(claimed?.generationId).toBe(generationId);
    expect(claimed?.owned).toEqual([{ topic, partitions: [0, 1, 2, 3, 4, 5] }]);
    expect(m1.description.memberId).toBe(memberId);
    expect(told(world, m1, 'lost')).toEqual([]);
    await world.produce(topic, 12, { partitions: 6 });
    await world.untilAllHandled();
  },
};

const commitOfBefore: Scenario = {
  title:
    'S77 P6 I20 a commit is carried out after the next generation has begun, and refused: nothing is lost, and it goes again',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(6);
    const m1 = world.consumer('m1', [topic], cooperative);
    await world.untilShared([m1], partitionsOf(topic, 6));
    await world.untilCommitted(topic, [0n, 0n, 0n, 0n, 0n, 0n]);
    // Long enough for the newcomer, on a busy machine too.
    const delay = world.times.sessionTimeout * 0.8;
    const late = world.broker.faults.onRequest({ api: 'OffsetCommit', clientId: 'm1', delay, times: 1 });
    await world.produce(topic, 12, { partitions: 6 });
    await world.until('the commit is on its way', () => late.applied === 1);
    const m2 = world.consumer('m2', [topic], cooperative);
    await world.until('the late commit is refused', () =>
      m1.eventsOf('commit.end').some(({ error }) => error === 'ILLEGAL_GENERATION'),
    );
    await world.untilShared([m1, m2], partitionsOf(topic, 6));
    await world.untilCommitted(topic, [2n, 2n, 2n, 2n, 2n, 2n]);
    expect([m1, m2].map((member) => told(world, member, 'lost'))).toEqual([[], []]);
    // The two of its start, and the two of the change.
    expect(m1.joins).toBe(4);
    world.auditor.checkNoDuplicates();
  },
};

const givenBack = (['a handler', 'onRevoked'] as const).map(
  (slow): Scenario => ({
    title: `S13 P5 I15 ${slow} takes so long that what is to be given up comes back first: it is read on`,
    needs: ['virtual time'],
    async run(world) {
      const topic = await world.topic(6);
      const gate = new Gate();
      const m1 = world.consumer('m1', [topic], {
        ...cooperative,
        fetchMaxWait: world.times.heartbeatInterval * 4,
        ...(slow === 'a handler'
          ? { handle: () => gate.pass() }
          : { onRevoked: ({ reason }) => (reason === 'rebalance' ? gate.pass() : undefined) }),
      });
      await world.untilShared([m1], partitionsOf(topic, 6));
      await world.produce(topic, 12, { partitions: 6 });
      const m2 = world.consumer('m2', [topic], cooperative);
      await world.until(
        'm1 is to give up its half',
        () => m1.description.state === 'draining' && gate.waiting > 0,
      );
      await m2.close();
      await world.until('the next rebalance is over', () => m1.isStable && m1.owned.length === 6);
      gate.open();
      await world.untilAllHandled();
      await world.produce(topic, 12, { partitions: 6 });
      await world.untilAllHandled();
      // Whatever was still under way for the revocation that came to nothing is over.
      await world.pass(world.times.rebalanceTimeout * 2);
      await world.produce(topic, 12, { partitions: 6 });
      await world.untilAllHandled();
      expect([m1.owned.length, m1.description.state]).toEqual([6, 'stable']);
      await world.untilCommitted(topic, [6n, 6n, 6n, 6n, 6n, 6n]);
    },
  }),
);

export const cooperativeGroups: readonly Scenario[] = [
  surplusOnly,
  oneStops,
  upgrade,
  ...pauses,
  neverArrived,
  commitOfBefore,
  ...givenBack,
];
