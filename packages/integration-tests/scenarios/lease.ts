/** Ownership in doubt: the member stops by its own clock before anybody else can begin. */
import { expect } from 'vitest';
import { Gate } from './gate.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf, type World } from './world.ts';

/** Whether records are begun after the lease has ended and before the partitions are assigned again. */
function begunInDoubt(world: World, actor: string): number {
  const doubt = world.trace.between({ actor, type: 'lost' }, { actor, type: 'assigned' });
  return doubt.count({ actor, type: 'record.start' });
}

const lostAnswers: Scenario = {
  title:
    'S05 P2 P5 no heartbeat is answered: in doubt, told once; accepted under the old identity it goes on without a join',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 2));
    const { joins } = m1;
    // The coordinator hears them, so that the session lives on there.
    const silence = world.broker.faults.onRequest({ api: 'Heartbeat', clientId: 'm1', drop: 'answer' });
    await world.until('ownership is in doubt', () => m1.description.state === 'in-doubt');
    expect(m1.eventsOf('partitions.lost')).toMatchObject([{ reason: 'lease' }]);
    await world.produce(topic, 10, { partitions: 2 });
    await world.pass(120_000);
    expect(m1.handled).toEqual([]);
    expect(m1.eventsOf('heartbeat.stalled')).toHaveLength(1);
    silence.remove();
    await world.untilAllHandled();
    expect(m1.joins).toBe(joins);
    expect(m1.eventsOf('lease.restored')).toHaveLength(1);
    expect(begunInDoubt(world, 'm1')).toBe(0);
    world.auditor.checkNoDuplicates();
  },
};

const askedAgain: Scenario = {
  title:
    'S05 P2 P5 answers to heartbeats are lost for longer than the lease: then the assignment is asked for, and nobody rejoins',
  needs: ['long runs'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic]);
    const m2 = world.consumer('m2', [topic]);
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    const joins = m1.joins + m2.joins;
    const syncs = m1.wiretap.count('syncGroup');
    const answered = m1.wiretap.loseAnswers('heartbeat');
    await world.until('ownership is in doubt', () => m1.description.state === 'in-doubt');
    await world.produce(topic, 10, { partitions: 2 });
    answered();
    await world.untilAllHandled();
    expect(m1.eventsOf('lease.restored')).toHaveLength(1);
    expect(m1.wiretap.count('syncGroup')).toBe(syncs + 1);
    expect(m1.joins + m2.joins).toBe(joins);
    expect(begunInDoubt(world, 'm1')).toBe(0);
    world.auditor.checkNoDuplicates();
  },
};

const expelled: Scenario = {
  title:
    'S87 P2 heartbeats do not arrive for longer than the session: in doubt, then refused, rejoined, records flow',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic]);
    const m2 = world.consumer('m2', [topic]);
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    const { memberId } = m1.description;
    const silence = world.broker.faults.onRequest({ api: 'Heartbeat', clientId: 'm1', drop: 'request' });
    await world.until('m2 owns all', () => m2.isStable && m2.owned.length === 2);
    expect(m1.eventsOf('partitions.lost')).toMatchObject([{ reason: 'lease' }]);
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    expect(m1.handled).toEqual([]);
    silence.remove();
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    expect(m1.description.memberId).not.toBe(memberId);
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    expect(m1.handled.length).toBeGreaterThan(0);
    world.auditor.checkNoDuplicates();
  },
};

const loading: Scenario = {
  title:
    'S87 P2 expelled, and the coordinator loads: it accepts every heartbeat, and the member still owns nothing again',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic]);
    const m2 = world.consumer('m2', [topic]);
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    const silence = world.broker.faults.onRequest({ api: 'Heartbeat', clientId: 'm1', drop: 'request' });
    await world.until('m2 owns all', () => m2.isStable && m2.owned.length === 2);
    const loaded = world.broker.faults.loadCoordinator(world.groupId);
    silence.remove();
    await world.produce(topic, 10, { partitions: 2 });
    await world.pass(20_000);
    expect(m1.handled).toEqual([]);
    expect(m1.eventsOf('lease.restored')).toEqual([]);
    loaded();
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    await world.untilAllHandled();
    world.auditor.checkNoDuplicates();
  },
};

const blockedThread: Scenario = {
  title:
    'S03 P2 the thread is blocked for longer than the session: noticed before anything is begun, then rejoined',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(1);
    const blocked = { once: false };
    const m1 = world.consumer('m1', [topic], {
      handle: ({ offset }) => {
        if (offset !== 2n || blocked.once) return;
        blocked.once = true;
        world.clock.blockEventLoop(45_000);
      },
    });
    await world.untilShared([m1], partitionsOf(topic, 1));
    const { memberId } = m1.description;
    await world.produce(topic, 10);
    await world.untilAllHandled();
    const lost = m1.eventsOf('partitions.lost');
    expect(lost).toHaveLength(1);
    expect(['lease', 'unknown-member']).toContain(lost[0]?.reason);
    expect(begunInDoubt(world, 'm1')).toBe(0);
    expect(m1.description.memberId).not.toBe(memberId);
    await world.untilCommitted(topic, [10n]);
    expect(m1.eventsOf('heartbeat.late').length).toBeGreaterThan(0);
  },
};

const suspended: Scenario = {
  title:
    'S03 P2 the machine sleeps past the lease: its handler is told, nothing is begun until the coordinator says yes',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(1);
    const seen: (readonly [aborted: boolean, owned: boolean])[] = [];
    const m1 = world.consumer('m1', [topic], {
      handle: async ({ offset }, context) => {
        if (offset !== 2n || seen.length > 0) return;
        world.clock.suspend(45_000);
        await world.sleep(1);
        seen.push([context.signal.aborted, context.owned]);
      },
    });
    await world.untilShared([m1], partitionsOf(topic, 1));
    const { joins } = m1;
    await world.produce(topic, 10);
    await world.untilAllHandled();
    // Wall time has passed the lease; the coordinator's clock is monotonic, so that the identity is still good.
    expect(seen[0]?.[1]).toBe(false);
    expect(m1.eventsOf('lease.expired')).toHaveLength(1);
    expect(m1.eventsOf('lease.restored')).toHaveLength(1);
    expect(m1.joins).toBe(joins);
    await world.untilCommitted(topic, [10n]);
  },
};

const isolated: Scenario = {
  title:
    'S85 P2 a member is cut off in the middle of a batch: its handler is told in time, and others go on from there',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    const told: number[] = [];
    const m1 = world.consumer('m1', [topic], {
      handle: async (_, { signal }) => {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        told.push(world.backend.clock.monotonic());
      },
    });
    const m2 = world.consumer('m2', [topic]);
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    await world.produce(topic, 10, { partitions: 2 });
    await world.until('m1 is at work', () => world.trace.count({ actor: 'm1', type: 'record.start' }) === 1);
    const cut = world.broker.faults.hold({ clientId: 'm1' });
    await world.until('m2 owns all', () => m2.isStable && m2.owned.length === 2);
    expect(told).toHaveLength(1);
    expect(told[0]).toBeLessThanOrEqual(world.backend.clock.monotonic());
    await world.until('m2 has done all', () => m2.handled.length === 10);
    cut();
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
  },
};

const zombie: Scenario = {
  title:
    'S12 P2 a handler ignores its signal and settles after the loss: nothing of it is committed by its member',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    const gate = new Gate();
    const m1 = world.consumer('m1', [topic], {
      handle: () => (gate.waiting === 0 ? gate.pass() : undefined),
    });
    const m2 = world.consumer('m2', [topic]);
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    await world.produce(topic, 10, { partitions: 2 });
    await world.until('m1 is at work', () => gate.waiting === 1);
    const cut = world.broker.faults.hold({ clientId: 'm1' });
    await world.until(
      'm2 has taken over and done all',
      () => m2.owned.length === 2 && m2.handled.length === 10,
    );
    gate.open();
    await world.until('the old handler has settled', () => m1.handled.length === 1);
    cut();
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    await world.untilCommitted(topic, [10n, 10n]);
    expect(world.trace.count({ actor: 'm1', type: 'commit', offset: 1n })).toBe(0);
    expect(world.auditor.duplicates).toBe(1);
  },
};

const without: Scenario = {
  title:
    'lease: off keeps consuming while the coordinator does not answer, and says at the start that this is dubious',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic], { lease: 'off' });
    await world.untilShared([m1], partitionsOf(topic, 2));
    world.broker.faults.onRequest({ api: 'Heartbeat', clientId: 'm1', drop: 'answer' });
    await world.pass(120_000);
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    expect(m1.eventsOf('partitions.lost')).toEqual([]);
    expect(m1.eventsOf('option.warning')).toMatchObject([{ code: 'KOHORT_WARN_LEASE' }]);
  },
};

export const lease: readonly Scenario[] = [
  lostAnswers,
  askedAgain,
  expelled,
  loading,
  blockedThread,
  suspended,
  isolated,
  zombie,
  without,
];
