/** Groups form: each partition at one member, one leader, one generation. */
import { expect } from 'vitest';
import type { Member } from './member.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf, type World } from './world.ts';

const PARTITIONS = 12;

/** What must be true of a group that has formed. */
async function expectFormed(world: World, members: readonly Member[]): Promise<void> {
  const shares = members.map(({ owned }) => owned.length);
  expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  const leaders = members.filter(({ description }) => description.isLeader);
  expect(leaders).toHaveLength(1);
  const ids = new Set(members.map(({ description }) => description.memberId));
  expect(ids.size).toBe(members.length);
  for (const { description } of members) {
    expect(description.leaderId).toBe(leaders[0]?.description.memberId);
    expect(description.assignor).toBe('roundrobin');
    expect(description.generationId).toBeGreaterThan(0);
  }
  const view = await world.backend.settled(world.backend.group(world.groupId));
  expect(view).toEqual({ state: 'Stable', members: members.length, protocol: 'roundrobin' });
}

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `m${n + 1}`);
}

const managers = [1, 3, 8].map(
  (count): Scenario => ({
    title: `a group of ${count} that only owns partitions forms`,
    async run(world) {
      const topic = await world.topic(PARTITIONS);
      const members = names(count).map((name) => world.manager(name, [topic]));
      await world.untilShared(members, partitionsOf(topic, PARTITIONS));
      await expectFormed(world, members);
    },
  }),
);

const consumers = [1, 3, 8].map(
  (count): Scenario => ({
    title: `a group of ${count} forms and consumes everything once`,
    async run(world) {
      const topic = await world.topic(PARTITIONS);
      const members = names(count).map((name) => world.consumer(name, [topic]));
      await world.untilShared(members, partitionsOf(topic, PARTITIONS));
      await expectFormed(world, members);
      await world.produce(topic, 240, { partitions: PARTITIONS });
      await world.untilAllHandled();
      await world.untilCommitted(
        topic,
        Array.from({ length: PARTITIONS }, () => 20n),
      );
      world.auditor.checkNoDuplicates();
      for (const { joins, events } of members) {
        expect(joins).toBeGreaterThanOrEqual(2);
        expect(events.some(({ type }) => type === 'partitions.lost')).toBe(false);
      }
    },
  }),
);

const versions = (['kafka-2.4', 'kafka-4'] as const).map(
  (release): Scenario => ({
    title: `S33 a group forms and consumes with the versions of ${release}`,
    needs: ['faults'],
    setup: { versions: release },
    async run(world) {
      const topic = await world.topic(4);
      const members = names(2).map((name) => world.consumer(name, [topic]));
      await world.produce(topic, 40, { partitions: 4 });
      await world.untilShared(members, partitionsOf(topic, 4));
      await world.untilAllHandled();
      const joins = world.backend.embedded?.requests.filter(({ api }) => api === 'JoinGroup') ?? [];
      expect(Math.min(...joins.map(({ apiVersion }) => apiVersion))).toBeGreaterThanOrEqual(2);
    },
  }),
);

export const forming: readonly Scenario[] = [
  ...managers,
  ...consumers,
  ...versions,
  {
    title:
      'S22 P5 the member id that the first join is refused with is used at once: two joins in all, no failure',
    async run(world) {
      const topic = await world.topic(2);
      const member = world.manager('m1', [topic]);
      await world.untilShared([member], partitionsOf(topic, 2));
      expect(member.joins).toBe(2);
      expect(member.eventsOf('retry.scheduled')).toEqual([]);
    },
  },
  {
    title: 'S30 a cold group waits out the initial rebalance delay with one parked join',
    needs: ['virtual time'],
    setup: { initialRebalanceDelay: 3_000 },
    async run(world) {
      const topic = await world.topic(2);
      const member = world.manager('m1', [topic], { requestTimeout: 1_000 });
      await world.untilShared([member], partitionsOf(topic, 2));
      expect(world.backend.clock.monotonic()).toBeGreaterThanOrEqual(3_000);
      expect(member.joins).toBe(2);
    },
  },
  {
    title: 'S10 P5 L4 ten members that start 200 ms apart end in one generation, none of them failing',
    needs: ['long runs'],
    async run(world) {
      const topic = await world.topic(PARTITIONS);
      const members: Member[] = [];
      for (const name of names(10)) {
        members.push(world.manager(name, [topic]));
        await world.pass(200);
      }
      await world.untilShared(members, partitionsOf(topic, PARTITIONS));
      const { generationId } = members[0]?.description ?? {};
      await world.pass(world.times.sessionTimeout * 1.5);
      for (const { description, ending } of members) {
        expect(description.generationId).toBe(generationId);
        expect(ending.state).toBe('open');
      }
    },
  },
];
