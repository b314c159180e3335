/** Where consumption begins: reset policies, committed offsets, and what happens without either. */
import { expect } from 'vitest';
import { failureOf } from './failure.ts';
import type { Scenario } from './scenario.ts';
import { askedFor } from './wiretap.ts';
import { partitionsOf } from './world.ts';

const HOUR = 3_600_000;

const earliest: Scenario = {
  title: 'earliest: everything that is there',
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 10, { partitions: 2 });
    const m1 = world.consumer('m1', [topic], { autoOffsetReset: 'earliest' });
    await world.untilAllHandled();
    expect(m1.eventsOf('offsets.reset')).toHaveLength(2);
    expect(m1.eventsOf('offsets.reset')[0]).toMatchObject({
      policy: 'earliest',
      reason: 'no-committed-offset',
      to: '0',
    });
  },
};

const latest: Scenario = {
  title: 'S65 latest: what is produced after ready() is delivered, and nothing from before',
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 10, { partitions: 2, audited: false });
    const m1 = world.consumer('m1', [topic], { autoOffsetReset: 'latest' });
    await m1.ready();
    await world.produce(topic, 6, { partitions: 2 });
    await world.untilAllHandled();
    expect(m1.handled).toHaveLength(6);
    await world.untilCommitted(topic, [8n, 8n]);
  },
};

const idle: Scenario = {
  title:
    'a position from the reset policy is committed: an idle partition is not reset again by its next owner',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 5, { audited: false });
    const m1 = world.consumer('m1', [topic], { autoOffsetReset: 'latest' });
    await m1.ready();
    await world.untilCommitted(topic, [5n]);
    await m1.close();
    await world.produce(topic, 3);
    const m2 = world.consumer('m2', [topic], { autoOffsetReset: 'latest' });
    await world.untilAllHandled();
    expect(m2.eventsOf('offsets.reset')).toEqual([]);
  },
};

const committed: Scenario = {
  title: 'committed: the reset policy does not matter where an offset is committed',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 10);
    const m1 = world.consumer('m1', [topic]);
    await world.untilAllHandled();
    await m1.close();
    await world.produce(topic, 5);
    const m2 = world.consumer('m2', [topic], { autoOffsetReset: 'none' });
    await world.untilAllHandled();
    expect(m2.handled).toEqual([10, 11, 12, 13, 14].map((n) => `value-${n}`));
  },
};

const none: Scenario = {
  title: 'none: without a committed offset the group ends with the class `offsets`',
  async run(world) {
    const topic = await world.topic(1);
    const m1 = world.consumer('m1', [topic], { autoOffsetReset: 'none' });
    const error = await failureOf(world, m1);
    expect(error).toMatchObject({ code: 'KOHORT_OFFSETS', terminalClass: 'offsets' });
    expect(error.message).toContain(topic);
    expect(m1.eventsOf('member.terminated')).toHaveLength(1);
  },
};

const fromDate: Scenario = {
  title: 'a Date: the first record at or after it',
  async run(world) {
    const topic = await world.topic(1);
    const now = world.backend.clock.wall();
    await world.produce(topic, 5, { timestamp: now - 2 * HOUR, audited: false });
    await world.produce(topic, 5, { timestamp: now - HOUR });
    const m1 = world.consumer('m1', [topic], { autoOffsetReset: new Date(now - HOUR) });
    await world.untilAllHandled();
    expect(m1.handled).toHaveLength(5);
  },
};

const ago: Scenario = {
  title: '{ ago }: so much before now, and the end where nothing is as young',
  async run(world) {
    const topic = await world.topic(2);
    const now = world.backend.clock.wall();
    await world.produce(topic, 5, { partition: 0, timestamp: now - 2 * HOUR, audited: false });
    await world.produce(topic, 5, { partition: 0, timestamp: now });
    await world.produce(topic, 5, { partition: 1, timestamp: now - 2 * HOUR, audited: false });
    const m1 = world.consumer('m1', [topic], { autoOffsetReset: { ago: HOUR } });
    await m1.ready();
    await world.produce(topic, 1, { partition: 1 });
    await world.untilAllHandled();
    expect(m1.handled).toHaveLength(6);
  },
};

const outOfRange: Scenario = {
  title: 'an offset that retention has removed is reset by the policy, with an event',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 2);
    const m1 = world.consumer('m1', [topic]);
    await world.untilAllHandled();
    await m1.close();
    await world.produce(topic, 8, { audited: false });
    await world.produce(topic, 5);
    world.backend.embedded?.faults.deleteRecordsBefore(topic, 0, 10n);
    const m2 = world.consumer('m2', [topic]);
    await world.untilAllHandled();
    expect(m2.eventsOf('offsets.reset')).toMatchObject([{ from: '2', to: '10', reason: 'out-of-range' }]);
  },
};

const seeking: Scenario = {
  title: 'seek: back to the earliest, and to an offset',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 6);
    const m1 = world.consumer('m1', [topic]);
    await world.untilShared([m1], partitionsOf(topic, 1));
    await world.untilAllHandled();
    const p0 = { topic, partition: 0 };
    world.trace.record('m1', 'seek', { ...p0, offset: 0n });
    await world.backend.settled(m1.group.seek(p0, 'earliest'));
    await world.until('it was all handled again', () => m1.handled.length === 12);
    world.trace.record('m1', 'seek', { ...p0, offset: 4n });
    await world.backend.settled(m1.group.seek(p0, 4n));
    await world.until('two were handled again', () => m1.handled.length === 14);
    expect(m1.handled.slice(12)).toEqual(['value-4', 'value-5']);
  },
};

const slowOffsets: Scenario = {
  title:
    'S34 P3 I7 the offsets of 24 gained partitions take two seconds: none of them is fetched before, and all go on where they were',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(48);
    const partitions = partitionsOf(topic, 48);
    const [m1, m2] = [world.consumer('m1', [topic]), world.consumer('m2', [topic])];
    await world.untilShared([m1, m2], partitions);
    await world.produce(topic, 96, { partitions: 48 });
    await world.untilAllHandled();
    const gained = new Set(m2.description.assignments.map(({ partition }) => partition));
    expect(gained.size).toBe(24);
    await m2.close();
    const leftAt = world.backend.clock.monotonic();
    const slow = world.broker.faults.onRequest({ api: 'OffsetFetch', clientId: 'm1', delay: 2_000 });
    await world.untilShared([m1], partitions);
    await world.produce(topic, 96, { partitions: 48 });
    await world.untilAllHandled();
    expect(slow.applied).toBeGreaterThan(0);
    const answered = m1.eventsOf('offsets.fetched').at(-1)?.mono ?? Number.NaN;
    expect(answered - leftAt).toBeGreaterThanOrEqual(1_990);
    for (const call of m1.wiretap.calls.filter(({ at }) => at > leftAt)) {
      for (const { partition, fetchOffset } of askedFor(call)) {
        if (!gained.has(partition)) continue;
        expect(call.at).toBeGreaterThanOrEqual(answered);
        expect(fetchOffset).toBeGreaterThanOrEqual(2n);
      }
    }
    expect(m1.eventsOf('offsets.reset').filter(({ to }) => to !== '0')).toEqual([]);
    world.auditor.checkNoDuplicates();
  },
};

const gainedMany: Scenario = {
  title:
    'S81 P3 I7 of two members of 48 partitions one leaves: what the other gains begins where the group has committed',
  async run(world) {
    const topic = await world.topic(48);
    const partitions = partitionsOf(topic, 48);
    const [m1, m2] = [world.consumer('m1', [topic]), world.consumer('m2', [topic])];
    await world.untilShared([m1, m2], partitions);
    await world.produce(topic, 96, { partitions: 48 });
    await world.until('m2 is at work', () => m2.handled.length >= 10);
    await m2.close();
    await world.produce(topic, 96, { partitions: 48 });
    await world.untilShared([m1], partitions);
    await world.untilAllHandled();
    await world.untilCommitted(
      topic,
      partitions.map(() => 4n),
    );
    world.auditor.checkNoDuplicates();
  },
};

export const starting: readonly Scenario[] = [
  earliest,
  latest,
  idle,
  committed,
  none,
  fromDate,
  ago,
  outOfRange,
  seeking,
  slowOffsets,
  gainedMany,
];
