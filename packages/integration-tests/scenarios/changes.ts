/** Members come, go and die; topics grow and appear. */
import type { KohortEvent } from '@kohort/core';
import { expect } from 'vitest';
import type { Member } from './member.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf, type World } from './world.ts';

/** A handler that takes long enough for a change to find it at work, and short enough for a test. */
function busy(world: World) {
  return { handle: () => world.sleep(world.times.heartbeatInterval / 50) };
}

function finishedRebalances(member: Member): number {
  return member.eventsOf('rebalance.end').filter(({ outcome }) => outcome === 'ok').length;
}

function lostBy(member: Member): readonly Extract<KohortEvent, { type: 'partitions.lost' }>[] {
  return member.eventsOf('partitions.lost');
}

const joining: Scenario = {
  title: 'P3 a member joins while another one consumes: nothing lost, nothing twice, one rebalance',
  async run(world) {
    const topic = await world.topic(6);
    const m1 = world.consumer('m1', [topic], busy(world));
    await world.untilShared([m1], partitionsOf(topic, 6));
    await world.produce(topic, 60, { partitions: 6 });
    await world.until('m1 is at work', () => m1.handled.length >= 6);
    const m2 = world.consumer('m2', [topic], busy(world));
    await world.untilShared([m1, m2], partitionsOf(topic, 6));
    await world.produce(topic, 60, { partitions: 6 });
    await world.untilAllHandled();
    expect([m1.owned.length, m2.owned.length]).toEqual([3, 3]);
    expect(finishedRebalances(m1)).toBe(2);
    expect([...lostBy(m1), ...lostBy(m2)]).toEqual([]);
    world.auditor.checkNoDuplicates();
  },
};

const leaving: Scenario = {
  title: 'S93 P7 a member leaves while it works: it says so, and the others take over at once, nothing twice',
  async run(world) {
    const topic = await world.topic(6);
    const [m1, m2, m3] = [
      world.consumer('m1', [topic], busy(world)),
      world.consumer('m2', [topic], busy(world)),
      world.consumer('m3', [topic], busy(world)),
    ];
    await world.untilShared([m1, m2, m3], partitionsOf(topic, 6));
    await world.produce(topic, 120, { partitions: 6 });
    await world.until('m3 is at work', () => world.trace.count({ actor: 'm3', type: 'record.end' }) >= 2);
    const result = await m3.close();
    const leftAt = world.backend.clock.monotonic();
    expect(result).toEqual({ drained: true, abandoned: [], left: true });
    expect(m3.wiretap.count('leaveGroup')).toBe(1);
    await world.untilShared([m1, m2], partitionsOf(topic, 6));
    expect(world.backend.clock.monotonic() - leftAt).toBeLessThan(world.times.sessionTimeout);
    await world.untilAllHandled();
    world.auditor.checkNoDuplicates();
  },
};

const crashing: Scenario = {
  title: 'P2 a member is killed without a goodbye: its session ends, another one takes over, nothing is lost',
  async run(world) {
    const topic = await world.topic(6);
    const m1 = world.consumer('m1', [topic], busy(world));
    const m2 = world.consumer('m2', [topic], busy(world));
    await world.untilShared([m1, m2], partitionsOf(topic, 6));
    await world.produce(topic, 120, { partitions: 6 });
    await world.until('m2 is at work', () => m2.handled.length >= 3);
    await m2.crash();
    const crashedAt = world.backend.clock.monotonic();
    await world.until('m1 owns all', () => m1.isStable && m1.owned.length === 6);
    const tookMs = world.backend.clock.monotonic() - crashedAt;
    expect(tookMs).toBeGreaterThan(world.times.sessionTimeout - 2 * world.times.heartbeatInterval);
    await world.untilAllHandled();
    expect(finishedRebalances(m1)).toBeLessThanOrEqual(3);
    // The one that is cut off ends its work by its own clock, before the coordinator gives it away.
    await world.until('m2 has given up', () => m2.owned.length === 0);
    expect(lostBy(m2).map(({ reason }) => reason)).toEqual(['lease']);
  },
};

const standby: Scenario = {
  title: 'S42 one partition, two members: the owner dies and the standby takes over in one rebalance',
  async run(world) {
    const topic = await world.topic(1);
    const members = [world.consumer('m1', [topic]), world.consumer('m2', [topic])];
    await world.untilShared(members, partitionsOf(topic, 1));
    const owner = members.find(({ owned }) => owned.length === 1);
    const other = members.find((member) => member !== owner);
    if (owner === undefined || other === undefined) throw new Error('one of two owns the only partition');
    const before = finishedRebalances(other);
    await owner.crash();
    await world.until('the standby owns it', () => other.isStable && other.owned.length === 1);
    expect(finishedRebalances(other)).toBe(before + 1);
    await world.produce(topic, 10);
    await world.untilAllHandled();
  },
};

const growing: Scenario = {
  title:
    'S36 a topic grows under a reader of its end: what was written there before anybody noticed is delivered',
  async run(world) {
    const topic = await world.topic(4);
    const m1 = world.consumer('m1', [topic], { autoOffsetReset: 'latest' });
    await m1.ready();
    await world.untilShared([m1], partitionsOf(topic, 4));
    const { joins } = m1;
    await world.backend.addPartitions(topic, 8);
    await world.produce(topic, 100, { partition: 5 });
    await world.untilShared([m1], partitionsOf(topic, 8));
    await world.untilAllHandled();
    await world.pass(world.times.metadataMaxAge * 2);
    expect(m1.joins).toBe(joins + 1);
    world.auditor.checkNoDuplicates();
  },
};

const matching: Scenario = {
  title: 'S38 a topic that matches a pattern is created later, and consumed without a restart',
  async run(world) {
    const prefix = world.unique('pattern');
    const first = await world.topic(2, `${prefix}.a`);
    const m1 = world.consumer('m1', [new RegExp(`^${prefix}\\.`, 'g')]);
    await world.untilShared([m1], partitionsOf(first, 2));
    const second = await world.topic(2, `${prefix}.b`);
    await world.topic(1, `other-${prefix}`);
    await world.produce(second, 10, { partitions: 2 });
    await world.untilShared([m1], [...partitionsOf(first, 2), ...partitionsOf(second, 2)]);
    await world.untilAllHandled();
    expect(m1.eventsOf('subscription.changed')).toHaveLength(1);
  },
};

const unknown: Scenario = {
  title: 'a topic that does not exist yet is waited for, and consumed when it appears',
  async run(world) {
    const topic = world.unique('later');
    const m1 = world.consumer('m1', [topic]);
    await m1.ready();
    expect(m1.owned).toEqual([]);
    await world.topic(2, topic);
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilShared([m1], partitionsOf(topic, 2));
    await world.untilAllHandled();
    expect(m1.ending.state).toBe('open');
  },
};

const resubscribing: Scenario = {
  title: 'setTopics: other topics are consumed after one rebalance, and what was owned is given back',
  async run(world) {
    const [a, b] = [await world.topic(2, world.unique('a')), await world.topic(2, world.unique('b'))];
    const m1 = world.consumer('m1', [a]);
    await world.untilShared([m1], partitionsOf(a, 2));
    await world.produce(a, 10, { partitions: 2 });
    await world.untilAllHandled();
    m1.group.setTopics([b]);
    await world.produce(b, 10, { partitions: 2 });
    await world.untilShared([m1], partitionsOf(b, 2));
    await world.untilAllHandled();
    await world.untilCommitted(a, [5n, 5n]);
  },
};

const differing: Scenario = {
  title: 'S41 members subscribe to different topics: every partition goes to a subscriber, none is left over',
  async run(world) {
    const [a, b] = [await world.topic(2, world.unique('a')), await world.topic(2, world.unique('b'))];
    const members = [[a], [b], [a], [b]].map((topics, n) => world.consumer(`m${n + 1}`, topics));
    await world.untilShared(members, [...partitionsOf(a, 2), ...partitionsOf(b, 2)]);
    for (const { owned } of members) expect(owned).toHaveLength(1);
    await world.produce(a, 10, { partitions: 2 });
    await world.produce(b, 10, { partitions: 2 });
    await world.untilAllHandled();
  },
};

const throwing: Scenario = {
  title: 'S18 P4 onRevoked throws: that is told, and the rebalance goes on',
  async run(world) {
    const topic = await world.topic(4);
    const onRevoked = () => {
      throw new Error('the user made a mistake');
    };
    const m1 = world.consumer('m1', [topic], { onRevoked });
    await world.untilShared([m1], partitionsOf(topic, 4));
    const m2 = world.consumer('m2', [topic]);
    await world.untilShared([m1, m2], partitionsOf(topic, 4));
    expect(m1.eventsOf('callback.error')).toMatchObject([{ callback: 'onRevoked' }]);
  },
};

export const changes: readonly Scenario[] = [
  joining,
  leaving,
  crashing,
  standby,
  growing,
  matching,
  unknown,
  resubscribing,
  differing,
  throwing,
];
