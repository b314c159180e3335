/** Closing: from every state, once or twice, from inside a handler, with brokers gone; and nothing is left behind. */
import { expect } from 'vitest';
import { failureOf } from './failure.ts';
import { Gate } from './gate.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf } from './world.ts';

const unused: Scenario = {
  title: 'P7 close() before run(): settles, joins nothing, and run() afterwards rejects with KOHORT_STATE',
  async run(world) {
    const topic = await world.topic(1);
    const m1 = world.newConsumer('m1', [topic]);
    expect(await m1.close()).toEqual({ drained: true, abandoned: [], left: false });
    m1.start();
    expect(await failureOf(world, m1)).toMatchObject({ code: 'KOHORT_STATE' });
    expect(m1.joins).toBe(0);
  },
};

const runTwice: Scenario = {
  title: 'run() a second time rejects with KOHORT_STATE, and the first goes on',
  async run(world) {
    const topic = await world.topic(1);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 1));
    const second = m1.group.run({ eachRecord: () => undefined });
    await expect(world.backend.settled(second)).rejects.toMatchObject({ code: 'KOHORT_STATE' });
    await world.produce(topic, 5);
    await world.untilAllHandled();
  },
};

const twice: Scenario = {
  title: 'P7 close() twice: one end, one LeaveGroup, the same result, and run() resolves',
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 2));
    const both = Promise.all([m1.group.close(), m1.group.close({ timeout: 2_000 })]);
    const [first, second] = await world.backend.settled(both);
    expect(second).toEqual(first);
    expect(first).toEqual({ drained: true, abandoned: [], left: true });
    expect(await m1.close()).toEqual(first);
    expect(m1.wiretap.count('leaveGroup')).toBe(1);
    await world.until('run() has resolved', () => m1.ending.state === 'closed');
  },
};

const inside: Scenario = {
  title: 'S52 P7 ctx.close() inside a handler: the record of that handler counts, and the run ends',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 10, { audited: false });
    const m1 = world.consumer('m1', [topic], {
      handle: ({ offset }, context) => {
        if (offset === 3n) context.close();
      },
    });
    await world.until('run() has resolved', () => m1.ending.state === 'closed');
    expect(m1.handled).toHaveLength(4);
    await world.untilCommitted(topic, [4n]);
    expect(m1.wiretap.count('leaveGroup')).toBe(1);
  },
};

const awaitedInside: Scenario = {
  title: 'S52 P7 close() awaited inside a handler: settles by its timeout, and the record is not committed',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 10, { audited: false });
    const results: unknown[] = [];
    const times: number[] = [];
    const m1 = world.consumer('m1', [topic], {
      handle: async ({ offset }) => {
        if (offset !== 3n) return;
        times.push(world.backend.clock.monotonic());
        results.push(await m1.group.close({ timeout: 2_000 }));
        times.push(world.backend.clock.monotonic());
      },
    });
    await world.until('close() has settled', () => results.length === 1);
    const [startedAt = 0, endedAt = 0] = times;
    expect(endedAt - startedAt).toBeLessThan(2_500);
    expect(results).toEqual([{ drained: false, abandoned: [{ topic, partition: 0 }], left: true }]);
    await world.untilCommitted(topic, [3n]);
  },
};

const hung: Scenario = {
  title:
    'S53 P7 close() with a handler that hangs: in time, its signal aborted, LeaveGroup sent, nothing of it committed',
  async run(world) {
    const topic = await world.topic(2);
    const gate = new Gate();
    const signals: AbortSignal[] = [];
    const m1 = world.consumer('m1', [topic], {
      handle: ({ partition, offset }, { signal }) => {
        if (partition !== 0 || offset !== 2n) return;
        signals.push(signal);
        return gate.pass();
      },
    });
    await world.produce(topic, 10, { partitions: 2 });
    await world.until('one hangs, the others are done', () => gate.waiting === 1 && m1.handled.length === 7);
    const startedAt = world.backend.clock.monotonic();
    const result = await m1.close({ timeout: 2_000 });
    const tookMs = world.backend.clock.monotonic() - startedAt;
    expect(tookMs).toBeGreaterThan(1_000);
    expect(tookMs).toBeLessThan(2_500);
    expect(result).toEqual({ drained: false, abandoned: [{ topic, partition: 0 }], left: true });
    expect(signals[0]?.aborted).toBe(true);
    await world.untilCommitted(topic, [2n, 5n]);
    gate.open();
    await world.pass(world.times.heartbeatInterval);
    await world.untilCommitted(topic, [2n, 5n]);
  },
};

const parked: Scenario = {
  title:
    'S51 P7 close() while the join is parked: in time, the broker forgets the member, nobody rejoins for it',
  async run(world) {
    const topic = await world.topic(2);
    const gate = new Gate();
    const m1 = world.consumer('m1', [topic], { onRevoked: () => gate.pass() });
    await world.untilShared([m1], partitionsOf(topic, 2));
    const m2 = world.consumer('m2', [topic]);
    await world.until('m1 holds the rebalance up', () => gate.waiting === 1);
    expect(m2.description.state).toBe('joining');
    const startedAt = world.backend.clock.monotonic();
    const { drained } = await m2.close({ timeout: 2_000 });
    expect(drained).toBe(true);
    expect(world.backend.clock.monotonic() - startedAt).toBeLessThanOrEqual(2_200);
    gate.open();
    await world.untilShared([m1], partitionsOf(topic, 2));
    const { joins } = m2;
    await world.pass(world.times.heartbeatInterval * 3);
    expect(m2.joins).toBe(joins);
    await world.eventually('the group has one member', async () => {
      const { state, members } = await world.backend.group(world.groupId);
      return state === 'Stable' && members === 1;
    });
  },
};

const beforeSync: Scenario = {
  title:
    'S51 P7 close() between Join and Sync, and while a leaving peer makes everybody rejoin: in time, and for good',
  async run(world) {
    const topic = await world.topic(4);
    const gate = new Gate();
    const m1 = world.consumer('m1', [topic], {
      rebalanceTimeout: world.times.sessionTimeout * 4,
      assignors: [
        async (members, owned) => {
          if (members.length > 1) await gate.pass();
          return new Map(members.map(({ memberId }, n) => [memberId, n === 0 ? owned : []]));
        },
      ],
    });
    await world.untilShared([m1], partitionsOf(topic, 4));
    const follow = (name: string) =>
      world.consumer(name, [topic], {
        rebalanceTimeout: world.times.sessionTimeout * 4,
        assignors: [(members) => new Map(members.map(({ memberId }) => [memberId, []]))],
      });
    const m2 = follow('m2');
    await world.until('the leader ponders', () => gate.waiting === 1 && m2.description.state === 'syncing');
    const quickly = async (member: typeof m2) => {
      const startedAt = world.backend.clock.monotonic();
      expect(await member.close({ timeout: 2_000 })).toMatchObject({ drained: true });
      expect(world.backend.clock.monotonic() - startedAt).toBeLessThanOrEqual(2_200);
    };
    await quickly(m2);
    gate.open();
    await world.untilShared([m1], partitionsOf(topic, 4));
    const [m3, m4] = [follow('m3'), follow('m4')];
    await world.untilShared([m1, m3, m4], partitionsOf(topic, 4));
    await Promise.all([m3.group.close({ timeout: 2_000 }), quickly(m4)]);
    const joins = [m2, m3, m4].map((member) => member.joins);
    await world.untilShared([m1], partitionsOf(topic, 4));
    await world.eventually('the group has one member', async () => {
      const { state, members } = await world.backend.group(world.groupId);
      return state === 'Stable' && members === 1;
    });
    expect([m2, m3, m4].map((member) => member.joins)).toEqual(joins);
  },
};

const idle: Scenario = {
  title: 'S54 P7 an idle close takes no time',
  async run(world) {
    const topic = await world.topic(1);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 1));
    await world.pass(world.times.heartbeatInterval * 2);
    const startedAt = world.backend.clock.monotonic();
    expect(await m1.close()).toEqual({ drained: true, abandoned: [], left: true });
    expect(m1.eventsOf('leave.end')).toMatchObject([{ outcome: 'ok' }]);
    // In real time the machine may be busy with other tests.
    const tookMs = world.backend.clock.monotonic() - startedAt;
    if (world.backend.name === 'memory') expect(tookMs).toBeLessThan(100);
  },
};

const gone: Scenario = {
  title: 'P7 close() with all brokers gone: settles in time, and says that it could not leave',
  needs: ['restart'],
  async run(world) {
    const topic = await world.topic(1);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 1));
    await world.produce(topic, 5);
    await world.untilAllHandled();
    await world.backend.settled(world.backend.stopBroker());
    const startedAt = world.backend.clock.monotonic();
    expect(await m1.close({ timeout: 2_000 })).toMatchObject({ left: false });
    expect(world.backend.clock.monotonic() - startedAt).toBeLessThan(3_000);
    await world.until('run() has resolved', () => m1.ending.state === 'closed');
    await world.backend.settled(world.backend.startBroker());
  },
};

const unstarted: Scenario = {
  title: 'P7 close() while no broker can be reached yet: settles, and run() resolves',
  needs: ['restart'],
  async run(world) {
    const topic = await world.topic(1);
    await world.backend.settled(world.backend.stopBroker());
    const m1 = world.consumer('m1', [topic]);
    await world.pass(world.times.retryBackoff.max * 3);
    expect(await m1.close({ timeout: 1_000 })).toEqual({ drained: true, abandoned: [], left: false });
    await world.until('run() has resolved', () => m1.ending.state === 'closed');
    await world.backend.settled(world.backend.startBroker());
  },
};

const bySignal: Scenario = {
  title: 'an aborted signal closes the group',
  async run(world) {
    const topic = await world.topic(1);
    const controller = new AbortController();
    const m1 = world.consumer('m1', [topic], { run: { signal: controller.signal } });
    await world.untilShared([m1], partitionsOf(topic, 1));
    controller.abort();
    await world.until('run() has resolved', () => m1.ending.state === 'closed');
    expect(m1.wiretap.count('leaveGroup')).toBe(1);
  },
};

export const shuttingDown: readonly Scenario[] = [
  unused,
  runTwice,
  twice,
  inside,
  awaitedInside,
  hung,
  parked,
  beforeSync,
  idle,
  gone,
  unstarted,
  bySignal,
];
