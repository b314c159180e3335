/** Commit, restart, go on exactly there. */
import { expect } from 'vitest';
import type { ConsumerMember } from './consumer-member.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf } from './world.ts';

const restarting: Scenario = {
  title: 'P3 P7 restart after restart: it goes on exactly where it stopped, nothing lost and nothing twice',
  async run(world) {
    const topic = await world.topic(3);
    for (const round of [1, 2, 3]) {
      const member = world.consumer(`m${round}`, [topic], { handle: () => world.sleep(1) });
      await world.produce(topic, 60, { partitions: 3 });
      await world.until('half is handled', () => member.handled.length >= 30);
      expect(await member.close()).toMatchObject({ drained: true, left: true });
    }
    world.consumer('m4', [topic]);
    await world.untilAllHandled();
    await world.untilCommitted(topic, [60n, 60n, 60n]);
    world.auditor.checkNoDuplicates();
  },
};

const crashed: Scenario = {
  title: 'P3 after a crash it goes on at the lowest offset that had not settled',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 20);
    const stuck = new Promise<void>(() => undefined);
    const handle = ({ offset }: { offset: bigint }) => (offset === 7n ? stuck : undefined);
    const m1 = world.consumer('m1', [topic], { handle });
    await world.untilCommitted(topic, [7n]);
    await m1.crash();
    await m1.close({ timeout: 100 });
    const m2 = world.consumer('m2', [topic]);
    await world.untilAllHandled();
    expect(m2.handled[0]).toBe('value-7');
    expect(m2.handled).toHaveLength(13);
    world.auditor.checkNoDuplicates();
  },
};

const byHand: Scenario = {
  title: 'S40 commit() when all is consumed: committed is the end, and the lag is 0',
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 10, { partitions: 2 });
    const m1 = world.consumer('m1', [topic], { commitInterval: 60_000, commitThreshold: 1_000 });
    await world.untilAllHandled();
    await world.backend.settled(m1.group.commit());
    await world.untilCommitted(topic, [5n, 5n]);
    const committed = await world.backend.settled(m1.group.committed());
    expect(committed.map(({ partition, offset }) => [partition, offset]).toSorted()).toEqual([
      [0, 5n],
      [1, 5n],
    ]);
    expect(m1.group.lag().map(({ lag }) => lag)).toEqual([0n, 0n]);
    expect(JSON.parse(JSON.stringify(m1.group.lag()))).toMatchObject([
      { lag: '0', position: '5' },
      { lag: '0' },
    ]);
  },
};

const explicit: Scenario = {
  title:
    'commit(offsets): what is given is committed; for what is not owned it rejects with KOHORT_NOT_OWNED',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 10, { audited: false });
    const m1 = world.consumer('m1', [topic], { run: { settle: 'manual' } });
    await world.until('all was handed over', () => m1.handled.length === 10);
    await world.backend.settled(m1.group.commit([{ topic, partition: 0, offset: 4n, metadata: 'by hand' }]));
    await world.untilCommitted(topic, [4n]);
    const stranger = m1.group.commit([{ topic, partition: 7, offset: 1n }]);
    await expect(world.backend.settled(stranger)).rejects.toMatchObject({ code: 'KOHORT_NOT_OWNED' });
    await m1.close();
    const m2: ConsumerMember = world.consumer('m2', [topic]);
    await world.until('the rest came', () => m2.handled.length === 6);
    expect(m2.handled[0]).toBe('value-4');
  },
};

const toTheEnd: Scenario = {
  title: 'until: end stops at the end that was there at the start, with everything committed',
  async run(world) {
    const topic = await world.topic(3);
    await world.produce(topic, 30, { partitions: 3 });
    const m1 = world.consumer('m1', [topic], { run: { until: 'end' } });
    await world.until('the run has ended', () => m1.ending.state !== 'open');
    expect(m1.ending.state).toBe('closed');
    expect(m1.handled).toHaveLength(30);
    await world.untilCommitted(topic, [10n, 10n, 10n]);
  },
};

const paused: Scenario = {
  title: 'S56 pause survives a rebalance in which the partition stays, and resume goes on where it was',
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 2));
    const p0 = { topic, partition: 0 };
    await m1.group.pause([p0]);
    await world.produce(topic, 10, { partition: 1 });
    await world.untilAllHandled();
    await world.produce(topic, 5, { partition: 0 });
    m1.group.setTopics([topic, world.unique('nothing')]);
    await world.until('it has rejoined', () => m1.eventsOf('rebalance.end').length === 2 && m1.isStable);
    await world.pass(world.times.heartbeatInterval * 2);
    expect(m1.handled).toHaveLength(10);
    await m1.group.resume([p0]);
    await world.untilAllHandled();
    world.auditor.checkNoDuplicates();
  },
};

export const resuming: readonly Scenario[] = [restarting, crashed, byHand, explicit, toTheEnd, paused];
