/** Callbacks of ownership, static members, and membership without consumption. */
import { expect } from 'vitest';
import { failureOf } from './failure.ts';
import { Gate } from './gate.ts';
import type { Scenario } from './scenario.ts';
import { askedFor } from './wiretap.ts';
import { partitionsOf } from './world.ts';

const slowAssigned: Scenario = {
  title:
    'S04 P1 P4 onAssigned takes twice the session: heartbeats go on, no rebalance, the first record comes after it',
  needs: ['long runs'],
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 10, { partitions: 2 });
    const gate = new Gate();
    const m1 = world.consumer('m1', [topic], { onAssigned: () => gate.pass() });
    await world.until('the callback runs', () => gate.waiting === 1);
    await world.pass(world.times.sessionTimeout * 2);
    expect(m1.handled).toEqual([]);
    expect(m1.wiretap.count('fetch')).toBe(0);
    expect(m1.wiretap.count('heartbeat')).toBeGreaterThan(4);
    gate.open();
    await world.untilAllHandled();
    expect([m1.joins, m1.description.generationId, gate.waiting]).toEqual([2, 1, 1]);
  },
};

const slowRevoked: Scenario = {
  title:
    'S84 P1 P4 onRevoked takes longer than the session: the rebalance waits for it, and nobody is thrown out',
  needs: ['long runs'],
  async run(world) {
    const topic = await world.topic(4);
    const times: number[] = [];
    const m1 = world.consumer('m1', [topic], {
      onRevoked: async ({ reason }) => {
        if (reason !== 'rebalance') return;
        times.push(world.backend.clock.monotonic());
        await world.sleep(world.times.sessionTimeout * 1.2);
        times.push(world.backend.clock.monotonic());
      },
    });
    await world.untilShared([m1], partitionsOf(topic, 4));
    const { memberId } = m1.description;
    const m2 = world.consumer('m2', [topic]);
    await world.untilShared([m1, m2], partitionsOf(topic, 4));
    expect(m1.description.memberId).toBe(memberId);
    expect(m1.eventsOf('partitions.lost')).toEqual([]);
    const assigned = world.trace.first({ actor: 'm2', type: 'assigned' });
    expect(assigned?.at).toBeGreaterThanOrEqual(times[1] ?? Number.POSITIVE_INFINITY);
  },
};

const pausedAtOnce: Scenario = {
  title: 'S57 P4 a pause in onAssigned holds before the first fetch',
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 10, { partition: 0 });
    const m1 = world.newConsumer('m1', [topic], {
      onAssigned: () => m1.group.pause([{ topic, partition: 0 }]),
    });
    m1.start();
    await m1.ready();
    await world.produce(topic, 10, { partition: 1 });
    await world.until('the other one is handled', () => m1.handled.length === 10);
    const asked = m1.wiretap.calls.flatMap(askedFor).map(({ partition }) => partition);
    expect(new Set(asked)).toEqual(new Set([1]));
    await m1.group.resume([{ topic, partition: 0 }]);
    await world.untilAllHandled();
  },
};

const pauseEnds: Scenario = {
  title:
    'S55 P4 a paused partition is lost to a peer and comes back: it is not paused any more, and an event said so',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    const [m1, m2] = [world.consumer('m1', [topic]), world.consumer('m2', [topic])];
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    await m1.group.pause(m1.description.assignments);
    const silence = world.broker.faults.onRequest({ api: 'Heartbeat', clientId: 'm1', drop: 'request' });
    await world.until('the peer owns all', () => m2.isStable && m2.owned.length === 2);
    silence.remove();
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    expect(m1.owned).toHaveLength(1);
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    expect(m1.handled).toHaveLength(5);
    expect(m1.eventsOf('flow.resumed')).toMatchObject([{ reason: 'revoked' }]);
  },
};

const staticRestart: Scenario = {
  title:
    'S50 P6 a static member restarts within its session: no new generation, the same partitions, nobody else notices',
  async run(world) {
    const topic = await world.topic(6);
    const [a, b] = ['a', 'b'].map((id) => world.consumer(id, [topic], { groupInstanceId: id }));
    if (a === undefined || b === undefined) throw new Error('two were started');
    await world.untilShared([a, b], partitionsOf(topic, 6));
    const { owned } = a;
    const { generationId } = b.description;
    const { joins } = b;
    expect(await a.close()).toMatchObject({ left: false });
    const again = world.consumer('a-again', [topic], { groupInstanceId: 'a' });
    await world.until('it is back', () => again.isStable);
    expect(again.owned).toEqual(owned);
    await world.pass(world.times.heartbeatInterval * 4);
    expect([b.joins, b.description.generationId]).toEqual([joins, generationId]);
    await world.produce(topic, 60, { partitions: 6 });
    await world.untilAllHandled();
    world.auditor.checkNoDuplicates();
  },
};

const fenced: Scenario = {
  title:
    'S23 P6 a second process with the same instance id: the first ends as `fenced`, without leaving, and stays out',
  async run(world) {
    const topic = await world.topic(2);
    // Long polls, so that minutes of virtual time are made of few requests.
    const setup = { groupInstanceId: 'one', fetchMaxWait: world.times.heartbeatInterval * 2 };
    const first = world.consumer('first', [topic], setup);
    await world.untilShared([first], partitionsOf(topic, 2));
    // The coordinator replaces the first at once; what that one still believes until its next heartbeat counts no more.
    world.trace.record('first', 'fenced', {});
    const second = world.consumer('second', [topic], setup);
    expect(await failureOf(world, first)).toMatchObject({ code: 'KOHORT_FENCED', terminalClass: 'fenced' });
    await world.until('the second is stable', () => second.isStable && second.owned.length === 2);
    const { joins } = second;
    await world.pass(world.backend.name === 'memory' ? 300_000 : world.times.heartbeatInterval * 10);
    expect([first.wiretap.count('leaveGroup'), second.joins, second.isStable]).toEqual([0, joins, true]);
    expect(first.eventsOf('partitions.lost')).toMatchObject([{ reason: 'fenced' }]);
  },
};

const leadership: Scenario = {
  title:
    'leader election with one partition: one is elected, deposed when it dies by its own clock, the next one follows',
  async run(world) {
    const topic = await world.topic(1);
    const elected: (readonly [string, number])[] = [];
    const candidate = (name: string) =>
      world.manager(name, [topic], {
        onAssigned: ({ partitions, session }) => {
          if (partitions.length > 0) elected.push([name, session.generationId]);
        },
      });
    const members = [candidate('m1'), candidate('m2')];
    await world.untilShared(members, partitionsOf(topic, 1));
    const leader = members.find(({ owned }) => owned.length === 1);
    const other = members.find((member) => member !== leader);
    await leader?.crash();
    await world.until('the other one is elected', () => other?.owned.length === 1);
    expect(leader?.owned).toEqual([]);
    const [, next] = elected.slice(-2);
    expect(next?.[0]).toBe(other?.name);
    // The generation is the fencing token.
    const tokens = elected.map(([, token]) => token);
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
  },
};

const byManager: Scenario = {
  title:
    'P3 P4 a manager without consumption: onRevoked commits by its session, the rebalance waits, the next owner reads it',
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 10, { partitions: 2, audited: false });
    const m1 = world.manager('m1', [topic], {
      onRevoked: async ({ partitions, session }) => {
        await session.commit(partitions.map((partition) => ({ ...partition, offset: 3n })));
      },
    });
    await world.untilShared([m1], partitionsOf(topic, 2));
    const seen: bigint[] = [];
    const m2 = world.manager('m2', [topic], {
      onAssigned: async ({ partitions, session }) => {
        for (const { offset } of await session.committed(partitions)) seen.push(offset);
      },
    });
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    expect(seen).toEqual([3n]);
    m2.group.rejoin('the test asks for it');
    await world.until('it has rejoined', () => m2.eventsOf('rebalance.end').length === 2);
    expect(m2.eventsOf('rebalance.start').at(-1)).toMatchObject({
      trigger: 'manual',
      reason: 'the test asks for it',
    });
  },
};

const assignorTakesLong: Scenario = {
  title:
    'S06 P1 the leader assigns for longer than the session: it heartbeats meanwhile, and its plan is taken',
  async run(world) {
    // As many as make assigning slow where that costs nothing.
    const count = world.backend.name === 'memory' ? 3_000 : 4;
    const topic = await world.topic(count);
    const m1 = world.manager('m1', [topic], {
      // The leader gives an assignor half of it.
      rebalanceTimeout: world.times.sessionTimeout * 4,
      assignors: [
        async (members, partitions) => {
          await world.sleep(world.times.sessionTimeout * 1.2);
          return new Map(members.map(({ memberId }) => [memberId, partitions]));
        },
      ],
    });
    await world.untilShared([m1], partitionsOf(topic, count));
    expect([m1.joins, m1.description.generationId]).toEqual([2, 1]);
    expect(m1.wiretap.count('heartbeat')).toBeGreaterThan(2);
    expect(m1.eventsOf('assignment.rejected')).toEqual([]);
  },
};

export const owning: readonly Scenario[] = [
  slowAssigned,
  slowRevoked,
  pausedAtOnce,
  pauseEnds,
  staticRestart,
  fenced,
  leadership,
  byManager,
  assignorTakesLong,
];
