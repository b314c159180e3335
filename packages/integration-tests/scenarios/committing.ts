/** Commits around rebalances, refusals and crashes: never back, never for others, never of what has not settled. */
import { cooperativeSticky, roundRobin } from '@kohort/assignors';
import type { ConsumerRecord, HandlerContext } from '@kohort/core';
import { expect } from 'vitest';
import type { ConsumerMember, ConsumerSetup } from './consumer-member.ts';
import { Gate } from './gate.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf, type World } from './world.ts';

const refusedTwice: Scenario = {
  title:
    'S16 P5 I21 a commit meets a rebalance and then an old generation: it rejects as lost, and records flow on',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(2);
    const gate = new Gate();
    const m1 = world.consumer('m1', [topic], {
      commitInterval: 60_000,
      commitThreshold: 1_000,
      handle: ({ offset }) => (offset === 1n ? gate.pass() : undefined),
    });
    await world.untilShared([m1], partitionsOf(topic, 2));
    await world.produce(topic, 10, { partitions: 2 });
    await world.until('one of each is handled, one at work', () => gate.waiting === 2);
    const commit = { api: 'OffsetCommit', clientId: 'm1' } as const;
    world.broker.faults.onRequest({ ...commit, nth: 1, error: 27 });
    world.broker.faults.onRequest({ ...commit, nth: 2, error: 22 });
    const rejection = expect(m1.group.commit()).rejects.toMatchObject({ code: 'KOHORT_COMMIT_LOST' });
    gate.open();
    await world.backend.settled(rejection);
    await world.untilAllHandled();
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    await world.untilShared([m1], partitionsOf(topic, 2));
    await m1.close();
    await world.untilCommitted(topic, [10n, 10n]);
  },
};

const refused = (['OffsetCommit', 'SyncGroup'] as const).map(
  (api): Scenario => ({
    title: `${api === 'SyncGroup' ? 'S21' : 'S21 S80'} P5 ${api} is answered ILLEGAL_GENERATION while a handler runs: the member rejoins under its id, and lives`,
    needs: ['faults'],
    async run(world) {
      const topic = await world.topic(2);
      const gate = new Gate();
      const m1 = world.consumer('m1', [topic], {
        handle: ({ partition, offset }) => (partition === 0 && offset === 2n ? gate.pass() : undefined),
      });
      await world.untilShared([m1], partitionsOf(topic, 2));
      const { memberId, generationId } = m1.description;
      const rule = world.broker.faults.onRequest({ api, clientId: 'm1', error: 22, times: 1 });
      await world.produce(topic, 10, { partitions: 2 });
      await world.until('a handler runs', () => gate.waiting > 0);
      if (api === 'SyncGroup') m1.group.setTopics([topic, world.unique('nothing')]);
      await world.until('it has been refused', () => rule.applied === 1);
      gate.open();
      await world.until('it has rejoined', () => m1.isStable && m1.description.generationId > generationId);
      expect(m1.description.memberId).toBe(memberId);
      await world.untilAllHandled();
      await world.produce(topic, 10, { partitions: 2 });
      await world.untilAllHandled();
      await world.untilCommitted(topic, [10n, 10n]);
      expect(m1.ending.state).toBe('open');
    },
  }),
);

const ofOthers: Scenario = {
  title: 'S78 P2 I6 offsets of a partition that went away: refused at once, and forgotten when it comes back',
  async run(world) {
    const topic = await world.topic(2);
    const kept = new Map<number, readonly [ConsumerRecord, HandlerContext]>();
    const m1 = world.consumer('m1', [topic], {
      run: { settle: 'manual' },
      drainTimeout: world.times.heartbeatInterval,
      handle: (record, context) => {
        if (!kept.has(record.partition)) kept.set(record.partition, [record, context]);
        else context.settle(record);
      },
    });
    await world.untilShared([m1], partitionsOf(topic, 2));
    await world.produce(topic, 2, { partitions: 2 });
    await world.until('both are kept unsettled', () => kept.size === 2);
    const m2 = world.consumer('m2', [topic]);
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    const [theirs] = m2.description.assignments;
    if (theirs === undefined) throw new Error('the peer owns one of two');
    await world.produce(topic, 8, { partitions: 2 });
    await world.until('the peer has handled its own', () => m2.handled.length === 5);
    await world.eventually('and committed it', async () => {
      const committed = await world.backend.committed(world.groupId, topic);
      return committed.get(theirs.partition) === 5n;
    });
    const [record, context] = kept.get(theirs.partition) ?? [];
    if (record !== undefined) context?.settle(record);
    const late = m1.group.commit([{ ...theirs, offset: 1n }]);
    await expect(world.backend.settled(late)).rejects.toMatchObject({ code: 'KOHORT_NOT_OWNED' });
    await m2.close();
    await world.untilShared([m1], partitionsOf(topic, 2));
    if (record !== undefined) context?.settle(record);
    await world.backend.settled(m1.group.commit());
    const committed = await world.backend.settled(world.backend.committed(world.groupId, topic));
    expect(committed.get(theirs.partition)).toBe(5n);
    expect(world.trace.count({ actor: 'm1', type: 'commit', partition: theirs.partition, offset: 1n })).toBe(
      0,
    );
  },
};

/** Commits that a member sent after the first JoinGroup of a rebalance and before its end. */
function commitsWhileJoining(member: ConsumerMember, since: number): number {
  const { calls } = member.wiretap;
  const joinedAt = calls.find(({ call, at }) => call === 'joinGroup' && at >= since)?.at ?? Number.NaN;
  const endedAt = member.eventsOf('rebalance.end').find(({ mono }) => mono > joinedAt)?.mono ?? Number.NaN;
  return calls.filter(({ call, at }) => call === 'offsetCommit' && at > joinedAt && at < endedAt).length;
}

const timed = [roundRobin(), cooperativeSticky()].map(
  (assignor): Scenario => ({
    title: `S79 P3 L4 timed commits in a long rebalance, ${assignor.name}: ${
      assignor.protocols.includes('cooperative')
        ? 'those of what is kept go on'
        : 'none once the member has asked to join'
    }`,
    needs: ['long runs'],
    async run(world) {
      const { heartbeatInterval } = world.times;
      const topic = await world.topic(6);
      const setup: ConsumerSetup = {
        assignors: [assignor],
        commitInterval: 100,
        handle: () => world.sleep(heartbeatInterval / 20),
      };
      const m1 = world.consumer('m1', [topic], setup);
      const m2 = world.consumer('m2', [topic], {
        ...setup,
        onRevoked: ({ reason }) => (reason === 'rebalance' ? world.sleep(heartbeatInterval * 4) : undefined),
      });
      await world.untilShared([m1, m2], partitionsOf(topic, 6));
      await world.produce(topic, 240, { partitions: 6 });
      await world.until('both are at work', () => m1.handled.length > 3 && m2.handled.length > 3);
      const since = world.backend.clock.monotonic();
      const m3 = world.consumer('m3', [topic], setup);
      await world.untilShared([m1, m2, m3], partitionsOf(topic, 6));
      const sent = commitsWhileJoining(m1, since);
      const refusals = m1.eventsOf('commit.end').filter(({ outcome }) => outcome !== 'ok');
      if (assignor.protocols.includes('cooperative')) {
        expect(sent).toBeGreaterThan(2);
        // One that is under way when the next generation begins is of the one before, and goes again.
        for (const { error } of refusals)
          expect(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION']).toContain(error);
      } else expect([sent, refusals]).toEqual([0, []]);
      expect([m1, m2, m3].flatMap((member) => member.eventsOf('partitions.lost'))).toEqual([]);
      await world.untilAllHandled();
      world.auditor.checkNoDuplicates();
    },
  }),
);

const neverBack: Scenario = {
  title:
    'S82 I6 nine members, 32 partitions, members come and go, one drops out for a while: no committed offset goes back',
  needs: ['long runs'],
  async run(world) {
    const topic = await world.topic(32);
    const partitions = partitionsOf(topic, 32);
    const setup = { handle: () => world.sleep(world.times.heartbeatInterval / 100) };
    let members = Array.from({ length: 9 }, (_, n) => world.consumer(`m${n}`, [topic], setup));
    await world.untilShared(members, partitions);
    let before: ReadonlyMap<number, bigint> = new Map();
    const expectNoneBack = async () => {
      const now = await world.backend.settled(world.backend.committed(world.groupId, topic));
      for (const [partition, offset] of before)
        expect(now.get(partition) ?? -1n, `partition ${partition}`).toBeGreaterThanOrEqual(offset);
      before = now;
    };
    for (const round of [1, 2, 3]) {
      await world.produce(topic, 128, { partitions: 32 });
      const [oldest, cutOff, ...others] = members;
      if (round === 2) await cutOff?.crash();
      await oldest?.close();
      await expectNoneBack();
      const staying = round === 2 || cutOff === undefined ? others : [cutOff, ...others];
      members = [...staying, world.consumer(`n${round}`, [topic], setup)];
      await world.untilShared(members, partitions);
      await expectNoneBack();
    }
    await world.untilAllHandled();
    await world.untilCommitted(
      topic,
      partitions.map(() => 12n),
    );
  },
};

/** What was committed beyond a record that had not settled. */
function committedUnsettled(world: World, topic: string): readonly string[] {
  const settled = new Set<string>();
  const broken: string[] = [];
  for (const { type, fields } of world.trace.events) {
    if (fields.topic !== topic) continue;
    if (type === 'record.end' && fields.outcome === 'ok') settled.add(`${fields.offset}`);
    if (type !== 'commit') continue;
    for (let offset = 0n; offset < BigInt(String(fields.offset)); offset += 1n)
      if (!settled.has(`${offset}`))
        broken.push(`${fields.offset} was committed before ${offset} had settled`);
  }
  return broken;
}

const modes: readonly (readonly [mode: string, setup: ConsumerSetup, byHand: boolean])[] = [
  ['by the interval', { commitInterval: 100, commitThreshold: 1_000 }, false],
  ['at every record', { commitInterval: 60_000, commitThreshold: 1 }, false],
  ['out of order', { commitInterval: 100, concurrency: { perPartition: 4, ordering: 'none' } }, false],
  ['settled by hand', { commitInterval: 100, run: { settle: 'manual' } }, false],
  ['by commit()', { commitInterval: 60_000, commitThreshold: 1_000 }, true],
];

const onlySettled = modes.map(
  ([mode, setup, byHand]): Scenario => ({
    title: `S83 P3 I5 a crash between delivery and the end of the work, commits ${mode}: only what has settled is committed`,
    needs: ['long runs'],
    async run(world) {
      const topic = await world.topic(1);
      await world.produce(topic, 20);
      const stuck = new Gate();
      const m1 = world.consumer('m1', [topic], {
        ...setup,
        handle: async (record, context) => {
          await world.sleep(world.times.heartbeatInterval / 100);
          if (record.offset === 7n) await stuck.pass();
          if (setup.run?.settle === 'manual') context.settle(record);
        },
      });
      await world.until('one hangs', () => stuck.waiting === 1 && m1.handled.length >= 7);
      if (byHand) await world.backend.settled(m1.group.commit());
      await world.untilCommitted(topic, [7n]);
      await m1.crash();
      await m1.close();
      expect(committedUnsettled(world, topic)).toEqual([]);
      const m2 = world.consumer('m2', [topic]);
      await world.untilAllHandled();
      expect(m2.handled[0]).toBe('value-7');
      expect(m2.handled).toHaveLength(13);
      await world.untilCommitted(topic, [20n]);
    },
  }),
);

const topicGone: Scenario = {
  title:
    'S19 P5 a topic is deleted while its offsets are committed all the time: the others are read on, nobody ends',
  needs: ['long runs'],
  async run(world) {
    const [a, b] = [await world.topic(2, world.unique('a')), await world.topic(2, world.unique('b'))];
    const setup = { commitInterval: 100, handle: () => world.sleep(world.times.heartbeatInterval / 50) };
    const m1 = world.consumer('m1', [a, b], setup);
    await world.untilShared([m1], [...partitionsOf(a, 2), ...partitionsOf(b, 2)]);
    await world.produce(b, 200, { partitions: 2, audited: false });
    await world.produce(a, 40, { partitions: 2 });
    await world.until('it is at work', () => m1.handled.length >= 8);
    await world.backend.settled(world.backend.deleteTopic(b));
    const m2 = world.consumer('m2', [a, b], setup);
    await world.untilShared([m1, m2], partitionsOf(a, 2));
    await world.untilAllHandled();
    await world.produce(a, 10, { partitions: 2 });
    await world.untilAllHandled();
    await world.untilCommitted(a, [25n, 25n]);
    for (const { ending, events } of [m1, m2]) {
      expect(ending.state).toBe('open');
      expect(events.filter(({ type }) => type === 'callback.error' || type === 'member.terminated')).toEqual(
        [],
      );
    }
  },
};

export const committing: readonly Scenario[] = [
  refusedTwice,
  ...refused,
  ofOthers,
  ...timed,
  neverBack,
  ...onlySettled,
  topicGone,
];
