/** Brokers restart, coordinators move and load, answers are refused or lost. */
import type { Lane } from '@kohort/core/spi';
import { expect } from 'vitest';
import { failureOf } from './failure.ts';
import type { Member } from './member.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf, type World } from './world.ts';

const restarting: Scenario = {
  title: 'P6 the broker restarts within a session: 0 rejoins, and consumption goes on where it was',
  needs: ['restart'],
  async run(world) {
    const topic = await world.topic(4);
    // Long enough for a real broker to come back.
    const sessionTimeout = Math.max(world.times.sessionTimeout, 30_000);
    const members = ['m1', 'm2'].map((name) => world.consumer(name, [topic], { sessionTimeout }));
    await world.produce(topic, 40, { partitions: 4 });
    await world.untilShared(members, partitionsOf(topic, 4));
    await world.untilAllHandled();
    await world.untilCommitted(topic, [10n, 10n, 10n, 10n]);
    const before = members.map(({ joins, description }) => [joins, description.generationId]);
    await world.backend.settled(world.backend.stopBroker());
    await world.pass(world.times.heartbeatInterval * 2);
    await world.backend.settled(world.backend.startBroker());
    await world.produce(topic, 40, { partitions: 4 });
    await world.untilAllHandled();
    await world.untilCommitted(topic, [20n, 20n, 20n, 20n]);
    expect(members.map(({ joins, description }) => [joins, description.generationId])).toEqual(before);
    world.auditor.checkNoDuplicates();
  },
};

const rolling: Scenario = {
  title:
    'S29 P6 L1 three brokers restart one after the other, and a lookup names the old coordinator: six members go on',
  needs: ['rolling restart'],
  setup: { nodes: 3 },
  async run(world) {
    const topic = await world.topic(12);
    const sessionTimeout = Math.max(world.times.sessionTimeout, 10_000);
    const names = Array.from({ length: 6 }, (_, n) => `m${n + 1}`);
    const setup = {
      sessionTimeout,
      rebalanceTimeout: sessionTimeout * 3,
      fetchMaxWait: world.times.heartbeatInterval * 2,
    };
    const members = names.map((name) => world.consumer(name, [topic], setup));
    await world.untilShared(members, partitionsOf(topic, 12));
    await world.produce(topic, 48, { partitions: 12 });
    await world.untilAllHandled();
    for (const index of [0, 1, 2]) {
      namesOldCoordinatorOnce(world, names);
      await world.backend.settled(world.backend.stopBroker(index));
      await world.pass(world.times.heartbeatInterval * 2);
      await world.backend.settled(world.backend.startBroker(index));
    }
    await world.produce(topic, 48, { partitions: 12 });
    await world.untilAllHandled(2 * sessionTimeout);
    await world.untilShared(members, partitionsOf(topic, 12));
    await world.untilCommitted(
      topic,
      partitionsOf(topic, 12).map(() => 8n),
    );
  },
};

/** Where the broker is in this process: the next lookup of each member gets the last answer that anybody got. */
function namesOldCoordinatorOnce(world: World, clientIds: readonly string[]): void {
  const { embedded } = world.backend;
  const last = embedded?.requests.findLast(
    ({ api, response }) => api === 'FindCoordinator' && response !== null,
  );
  for (const clientId of clientIds) {
    const rewrite = () => last?.response;
    embedded?.faults.onRequest({ api: 'FindCoordinator', clientId, times: 1, rewrite });
  }
}

const authenticationEnds: Scenario = {
  title:
    'S31 P6 authentications end again and again: connections are opened anew, heartbeats go on, and nobody rebalances',
  needs: ['sasl sessions'],
  setup: { saslSessions: true },
  async run(world) {
    const topic = await world.topic(4);
    const members = ['m1', 'm2'].map((name) => world.consumer(name, [topic]));
    await world.untilShared(members, partitionsOf(topic, 4));
    const before = members.map(({ joins, description }) => [joins, description.generationId]);
    const opened = (member: Member, wanted: Lane) =>
      member
        .eventsOf('transport')
        .filter(({ transport }) => transport.type === 'laneOpen' && transport.lane === wanted).length;
    for (let times = 2; times <= 4; times += 1) {
      await world.produce(topic, 20, { partitions: 4 });
      await world.until(`heartbeats and fetches have had ${times} connections`, () =>
        members.every((member) => opened(member, 'group') >= times && opened(member, 'fetch') >= times),
      );
    }
    await world.untilAllHandled();
    await world.untilCommitted(topic, [15n, 15n, 15n, 15n]);
    expect(members.map(({ joins, description }) => [joins, description.generationId])).toEqual(before);
    for (const { events } of members) {
      const alarming = ['partitions.lost', 'lease.expired', 'heartbeat.stalled', 'member.terminated'];
      expect(events.filter(({ type }) => alarming.includes(type))).toEqual([]);
    }
    world.auditor.checkNoDuplicates();
  },
};

const moving: Scenario = {
  title: 'S27 P6 the coordinator moves with its state: found again, heartbeats and commits go on, 0 rejoins',
  needs: ['faults'],
  setup: { nodes: 3 },
  async run(world) {
    const topic = await world.topic(3);
    const members = ['m1', 'm2', 'm3'].map((name) => world.consumer(name, [topic]));
    await world.untilShared(members, partitionsOf(topic, 3));
    const joins = members.map((member) => member.joins);
    const before = world.broker.coordinatorOf(world.groupId);
    const now = world.broker.faults.moveCoordinator(world.groupId);
    expect(now).not.toBe(before);
    await world.produce(topic, 30, { partitions: 3 });
    await world.untilAllHandled();
    await world.untilCommitted(topic, [10n, 10n, 10n]);
    await world.until('all have found it', () =>
      members.every(({ description }) => description.coordinator?.nodeId === now),
    );
    expect(members.map((member) => member.joins)).toEqual(joins);
    world.auditor.checkNoDuplicates();
  },
};

const crashing: Scenario = {
  title: 'P6 the coordinator crashes and reads its records again: nobody rejoins, nothing is lost',
  needs: ['faults'],
  setup: { nodes: 3 },
  async run(world) {
    const topic = await world.topic(4);
    const members = ['m1', 'm2'].map((name) => world.consumer(name, [topic]));
    await world.untilShared(members, partitionsOf(topic, 4));
    await world.produce(topic, 40, { partitions: 4 });
    await world.untilAllHandled();
    await world.untilCommitted(topic, [10n, 10n, 10n, 10n]);
    const joins = members.map((member) => member.joins);
    await world.backend.settled(world.broker.faults.crashCoordinator(world.groupId, { downFor: 1_000 }));
    await world.pass(1_500);
    await world.produce(topic, 40, { partitions: 4 });
    await world.untilAllHandled();
    await world.untilCommitted(topic, [20n, 20n, 20n, 20n]);
    expect(members.map((member) => member.joins)).toEqual(joins);
    world.auditor.checkNoDuplicates();
  },
};

const loading: Scenario = {
  title: 'S28 P5 the coordinator is loading for a while: backoff, and the group forms when it is done',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    const loaded = world.broker.faults.loadCoordinator(world.groupId);
    const m1 = world.consumer('m1', [topic]);
    await world.pass(Math.min(20_000, world.times.sessionTimeout));
    expect(m1.ending.state).toBe('open');
    const asked = m1.wiretap.count('joinGroup', 'findCoordinator');
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(60);
    loaded();
    await world.untilShared([m1], partitionsOf(topic, 2));
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
  },
};

const allDown: Scenario = {
  title: 'S32 P5 all brokers are down for five minutes: few attempts, and it recovers by itself',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic]);
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    await world.backend.settled(world.backend.stopBroker());
    const before = m1.wiretap.calls.length;
    await world.pass(300_000);
    // L4: at most ten group requests a second; fetches and lookups are held back as well.
    expect(m1.wiretap.calls.length - before).toBeLessThan(3_000);
    expect(m1.ending.state).toBe('open');
    expect(m1.eventsOf('heartbeat.stalled')).toHaveLength(1);
    await world.backend.settled(world.backend.startBroker());
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    await world.untilCommitted(topic, [10n, 10n]);
  },
};

const unknownMember: Scenario = {
  title:
    'S20 P5 the coordinator has forgotten the member: its partitions are lost, it joins under a fresh id',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 2));
    const { memberId } = m1.description;
    world.broker.faults.onRequest({ api: 'Heartbeat', error: 25, times: 1 });
    // A member that the coordinator does not know any more is not in the group there either.
    world.broker.faults.onRequest({ api: ['JoinGroup', 'SyncGroup'], memberId, error: 25 });
    await world.until('it has lost them', () => m1.eventsOf('partitions.lost').length === 1);
    expect(m1.eventsOf('partitions.lost')[0]?.reason).toBe('unknown-member');
    await world.untilShared([m1], partitionsOf(topic, 2), world.times.sessionTimeout * 4);
    expect(m1.description.memberId).not.toBe(memberId);
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
  },
};

const illegalGeneration: Scenario = {
  title: 'S21 P5 the generation is refused: what was owned is lost, it rejoins under the same member id',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 2));
    const { memberId, generationId } = m1.description;
    world.broker.faults.onRequest({ api: 'Heartbeat', error: 22, times: 1 });
    await world.until('it has rejoined', () => m1.description.generationId > generationId && m1.isStable);
    expect(m1.description.memberId).toBe(memberId);
    expect(m1.eventsOf('partitions.lost')).toMatchObject([{ reason: 'illegal-generation' }]);
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
  },
};

const groupDenied: Scenario = {
  title: 'S24 P5 the group may not be read: terminal at once, class `authorization`, no retry',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    const rule = world.broker.faults.onRequest({ api: 'JoinGroup', error: 30 });
    const m1 = world.consumer('m1', [topic]);
    const error = await failureOf(world, m1);
    expect(error).toMatchObject({
      code: 'KOHORT_AUTHORIZATION',
      terminalClass: 'authorization',
      kafkaCode: 30,
    });
    await world.pass(world.times.heartbeatInterval * 3);
    expect(rule.applied).toBe(1);
  },
};

const topicDenied: Scenario = {
  title: 'S24 P5 a topic may not be read: its partitions wait, with an event, until it is granted',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 10, { partitions: 2 });
    const rule = world.broker.faults.onRequest({ api: 'Fetch', error: 29, level: 'nested' });
    const m1 = world.consumer('m1', [topic]);
    await world.until('the partitions wait', () => m1.eventsOf('partition.error').length >= 2);
    await world.pass(world.times.sessionTimeout);
    expect(m1.handled).toEqual([]);
    expect(m1.ending.state).toBe('open');
    rule.remove();
    await world.untilAllHandled();
    expect(m1.joins).toBe(2);
  },
};

const lostCommit: Scenario = {
  title: 'P3 a commit is carried out and its answer lost: it is sent again, and nothing comes twice',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(1);
    const rule = world.broker.faults.onRequest({ api: 'OffsetCommit', cut: 'applied', nth: 2 });
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 1));
    await world.produce(topic, 10);
    await world.untilAllHandled();
    await world.untilCommitted(topic, [10n]);
    await m1.close();
    expect(rule.applied).toBe(1);
    world.consumer('m2', [topic]);
    await world.produce(topic, 5);
    await world.untilAllHandled();
    world.auditor.checkNoDuplicates();
  },
};

export const outages: readonly Scenario[] = [
  restarting,
  rolling,
  authenticationEnds,
  moving,
  crashing,
  loading,
  allDown,
  unknownMember,
  illegalGeneration,
  groupDenied,
  topicDenied,
  lostCommit,
];
