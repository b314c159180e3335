/** Cooperative rebalancing (KIP-429) of whole groups, on the embedded broker under virtual time. */
import { cooperativeSticky, roundRobin } from '@kohort/assignors';
import { type EmbeddedBroker, embeddedBroker } from '@kohort/broker-embedded';
import {
  type Assignor,
  type ConsumerGroup,
  createConsumerGroup,
  type KohortEvent,
  type RevokedContext,
} from '@kohort/core';
import {
  assertSafety,
  recordTrace,
  type Trace,
  traceOwnership,
  type VirtualClock,
  virtualClock,
} from '@kohort/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Member {
  readonly name: string;
  readonly group: ConsumerGroup;
  readonly running: Promise<void>;
  readonly events: KohortEvent[];
}

interface Behaviour {
  readonly assignors?: readonly Assignor[];
  readonly handle?: (partition: number) => Promise<void> | void;
  readonly onRevoked?: (context: RevokedContext) => Promise<void> | void;
}

class World {
  readonly clock: VirtualClock = virtualClock();
  readonly broker: EmbeddedBroker = embeddedBroker({
    clock: this.clock,
    topics: { orders: { partitions: 6 } },
  });
  readonly trace: Trace = recordTrace({ clock: this.clock });
  readonly members: Member[] = [];

  constructor() {
    this.broker.onTransition((t) => {
      if (t.type === 'offset-committed')
        this.trace.record(t.memberId.slice(0, -37), 'commit', {
          topic: t.topic,
          partition: t.partition,
          offset: t.offset,
        });
    });
  }

  join(name: string, behaviour: Behaviour = {}): Member {
    const events: KohortEvent[] = [];
    const ownership = traceOwnership(this.trace, name);
    const group = createConsumerGroup({
      groupId: 'g',
      clientId: name,
      topics: ['orders'],
      transport: this.broker.transport(),
      assignors: behaviour.assignors ?? [cooperativeSticky()],
      autoOffsetReset: 'earliest',
      hooks: [(event) => events.push(event)],
      onAssigned: ownership.onAssigned,
      onLost: ownership.onLost,
      onRevoked: async (context) => {
        ownership.onRevoked(context);
        await behaviour.onRevoked?.(context);
      },
    });
    const running = group.run({
      eachRecord: async ({ topic, partition, offset }) => {
        this.trace.record(name, 'record.start', { topic, partition, offset });
        await behaviour.handle?.(partition);
        this.trace.record(name, 'record.end', { topic, partition, offset });
      },
    });
    const member = { name, group, running, events };
    this.members.push(member);
    return member;
  }

  async produce(count: number): Promise<void> {
    const records = Array.from({ length: count }, (_, i) => ({ value: 'x', partition: i % 6 }));
    for (const { topic, partition, offset } of await this.broker.produce('orders', records)) {
      this.trace.record('producer', 'produced', { topic, partition, offset });
    }
  }

  async stable(size: number): Promise<void> {
    await this.clock.runUntil(() => {
      const owned = this.members
        .map(({ group }) => group.describe())
        .filter(({ state }) => state === 'stable');
      return (
        owned.length === size && owned.reduce((sum, { assignments }) => sum + assignments.length, 0) === 6
      );
    });
  }

  requests(api: string): number {
    return this.broker.requests.filter((request) => request.api === api).length;
  }

  async close(): Promise<void> {
    await this.clock.runUntil(Promise.all(this.members.map(({ group }) => group.close())));
    await this.clock.runUntil(Promise.all(this.members.map(({ running }) => running.catch(() => undefined))));
    await this.clock.runUntil(this.broker.close());
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  await world.close();
  assertSafety(world.trace);
  expect(world.clock.pending).toBe(0);
});

const partitionsOf = (trace: Trace, actor: string, type: string) =>
  trace.filter({ actor, type }).events.map(({ fields }) => fields.partition);

describe('a cooperative group', () => {
  it('P6, S43, I12: a newcomer takes only its share; what stays is not revoked', async () => {
    world.join('m1');
    await world.stable(1);
    world.join('m2');
    await world.stable(2);
    const revoked = partitionsOf(world.trace, 'm1', 'revoked');
    expect(revoked).toHaveLength(3);
    expect(partitionsOf(world.trace, 'm2', 'assigned').sort()).toEqual([...revoked].sort());
    expect(partitionsOf(world.trace, 'm1', 'assigned')).toHaveLength(6);
    expect(world.trace.count({ type: 'lost' })).toBe(0);
  });

  it('L2: one change costs two generations at most, and a leave one more', async () => {
    world.join('m1');
    await world.stable(1);
    world.join('m2');
    await world.stable(2);
    expect(world.broker.group('g')?.generationId).toBeLessThanOrEqual(3);
    const leaver = world.members[1];
    if (leaver) await world.clock.runUntil(leaver.group.close());
    world.members.pop();
    await world.stable(1);
    expect(world.broker.group('g')?.generationId).toBeLessThanOrEqual(4);
    expect(partitionsOf(world.trace, 'm1', 'revoked')).toHaveLength(3);
  });

  it('P6: kept partitions are handled and committed while the rebalance waits for somebody else', async () => {
    world.join('m1');
    world.join('m2', {
      onRevoked: ({ reason }) =>
        reason === 'rebalance' ? new Promise((resolve) => world.clock.setTimer(resolve, 20_000)) : undefined,
    });
    await world.stable(2);
    world.join('m3');
    await world.clock.runUntil(() => world.trace.count({ actor: 'm2', type: 'revoked' }) > 0);
    const began = world.clock.monotonic();
    await world.clock.advance(2_000);
    const mine = world.members[0]?.group.describe().assignments.map(({ partition }) => partition) ?? [];
    await world.produce(60);
    await world.clock.advance(10_000);
    const done = world.trace.filter({ actor: 'm1', type: 'record.end' }).events;
    expect(world.clock.monotonic() - began).toBeLessThan(20_000);
    expect(done).toHaveLength(mine.length * 10);
    expect(world.trace.count({ actor: 'm1', type: 'commit' })).toBeGreaterThan(0);
    await world.stable(3);
  });

  it('P1, P2: the lease of a member holds while its JoinGroup is parked, by heartbeats beside it', async () => {
    world.join('m1');
    await world.stable(1);
    // A peer that never answers the call to rejoin keeps the others' JoinGroup parked until the rebalance timeout.
    world.join('m2');
    await world.stable(2);
    const thaw = world.broker.faults.onRequest({
      api: ['JoinGroup', 'Heartbeat'],
      clientId: 'm2',
      drop: 'request',
    });
    world.members[0]?.group.setTopics(['orders', 'others']);
    await world.clock.advance(29_000);
    expect(world.members[0]?.group.describe()).toMatchObject({ state: 'joining', active: true });
    expect(world.trace.count({ actor: 'm1', type: 'lost' })).toBe(0);
    expect(world.members[0]?.events.some(({ type }) => type === 'lease.expired')).toBe(false);
    thaw.remove();
    await world.clock.advance(60_000);
  });

  it('P2: a leader that offers an eager assignor as well gives nobody what a cooperative member still has', async () => {
    const slowly = () => new Promise<void>((resolve) => world.clock.setTimer(resolve, 5_000));
    world.join('b', { assignors: [cooperativeSticky(), roundRobin()] });
    await world.stable(1);
    world.join('c', { handle: slowly });
    await world.stable(2);
    await world.produce(60);
    await world.clock.advance(1_000);
    world.join('d');
    await world.stable(3);
    expect(world.members[0]?.group.describe()).toMatchObject({ isLeader: true, protocol: 'eager' });
    expect(partitionsOf(world.trace, 'c', 'revoked')).toHaveLength(1);
    expect(world.trace.count({ type: 'lost' })).toBe(0);
  });

  it('P3, S13: an onRevoked that outlasts the next rebalance keeps its partitions claimed until it is over', async () => {
    let isOver = false;
    world.join('m1', {
      onRevoked: async ({ reason }) => {
        if (reason !== 'rebalance' || isOver) return;
        await new Promise<void>((resolve) => world.clock.setTimer(resolve, 200_000));
        isOver = true;
      },
    });
    await world.stable(1);
    world.join('m2');
    await world.clock.runUntil(() => world.trace.count({ actor: 'm1', type: 'revoked' }) > 0);
    const givenBack = partitionsOf(world.trace, 'm1', 'revoked');
    world.join('m3');
    await world.clock.advance(150_000);
    expect(isOver).toBe(false);
    expect(world.broker.group('g')?.members).toHaveLength(3);
    const others = [
      ...partitionsOf(world.trace, 'm2', 'assigned'),
      ...partitionsOf(world.trace, 'm3', 'assigned'),
    ];
    expect(others.filter((partition) => givenBack.includes(partition))).toEqual([]);
    await world.stable(3);
    expect(isOver).toBe(true);
    expect(world.trace.count({ type: 'lost' })).toBe(0);
    expect(world.members.map(({ group }) => group.describe().assignments.length)).toEqual([2, 2, 2]);
  });

  it.each([
    ['leader', 0],
    ['follower', 1],
  ] as const)('P3, P7: a %s that closes during a rebalance commits what it finishes', async (role, which) => {
    const slowly = () => new Promise<void>((resolve) => world.clock.setTimer(resolve, 8_000));
    world.join('m1', { handle: slowly });
    await world.stable(1);
    world.join('m2', { handle: slowly });
    await world.stable(2);
    await world.produce(12);
    await world.clock.advance(1_000);
    world.join('m3', { handle: slowly });
    const leaver = world.members[which];
    await world.clock.runUntil(() => leaver?.group.describe().state === 'joining');
    expect(leaver?.group.describe().isLeader).toBe(role === 'leader');
    world.members.splice(which, 1);
    if (leaver) expect(await world.clock.runUntil(leaver.group.close())).toMatchObject({ drained: true });
    await world.stable(2);
    await world.clock.runUntil(world.broker.settled('g'));
    expect(world.trace.count({ type: 'record.start' })).toBe(12);
  });

  it('P3, P7: a commit of a closing member that the new generation overtakes goes again under that', async () => {
    world.join('m1');
    await world.stable(1);
    world.join('m2', { handle: () => new Promise<void>((resolve) => world.clock.setTimer(resolve, 6_000)) });
    await world.stable(2);
    await world.produce(6);
    // The rebalance waits for m1, until after the commit has been sent and before it arrives.
    world.broker.faults.onRequest({ api: 'JoinGroup', clientId: 'm1', delay: 3_000, times: 1 });
    world.join('m3');
    const [leaver] = world.members.splice(1, 1);
    await world.clock.runUntil(() => leaver?.group.describe().state === 'joining');
    const generation = world.broker.group('g')?.generationId ?? 0;
    world.broker.faults.onRequest({ api: 'OffsetCommit', clientId: 'm2', delay: 5_000, times: 1 });
    if (leaver) expect(await world.clock.runUntil(leaver.group.close())).toMatchObject({ drained: true });
    expect(world.broker.group('g')?.generationId).toBeGreaterThan(generation);
    await world.stable(2);
    await world.clock.runUntil(world.broker.settled('g'));
    const commits = world.broker.requests.filter(
      ({ api, clientId }) => api === 'OffsetCommit' && clientId === 'm2',
    );
    expect(commits.length).toBeGreaterThan(1);
    expect(world.trace.count({ type: 'record.start' })).toBe(6);
  });

  it('a rolling upgrade from an eager assignor loses nothing, and ends cooperative', async () => {
    const old = [roundRobin()];
    const both = [cooperativeSticky(), roundRobin()];
    const next = [cooperativeSticky()];
    world.join('a1', { assignors: old });
    world.join('a2', { assignors: old });
    await world.stable(2);
    for (const [prefix, assignors] of [
      ['b', both],
      ['c', next],
    ] as const) {
      for (const i of [0, 1]) {
        await world.produce(12);
        const leaver = world.members.shift();
        if (leaver) await world.clock.runUntil(leaver.group.close());
        world.join(`${prefix}${i}`, { assignors });
        await world.stable(2);
      }
    }
    await world.clock.runUntil(world.broker.settled('g'));
    for (const { group } of world.members)
      expect(group.describe()).toMatchObject({ protocol: 'cooperative', assignor: 'cooperative-sticky' });
    const settled = new Set(
      world.trace
        .filter({ type: 'record.end' })
        .events.map(({ fields }) => `${fields.partition} ${fields.offset}`),
    );
    expect(settled.size).toBe(48);
  });
});
