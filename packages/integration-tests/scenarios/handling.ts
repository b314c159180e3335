/** Handlers that are slow, throw, or never return. */
import { expect } from 'vitest';
import { failureOf } from './failure.ts';
import { Gate } from './gate.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf } from './world.ts';

const slow: Scenario = {
  title:
    'S01 P1 a handler takes longer than the session: heartbeats go on, no rebalance, handled and committed once',
  needs: ['long runs'],
  async run(world) {
    const { sessionTimeout, heartbeatInterval } = world.times;
    const topic = await world.topic(1);
    await world.produce(topic, 1);
    const m1 = world.consumer('m1', [topic], { handle: () => world.sleep(2 * sessionTimeout) });
    await world.until('the handler has begun', () => world.trace.count({ type: 'record.start' }) === 1);
    const before = m1.wiretap.count('heartbeat');
    await world.untilAllHandled();
    const expected = (2 * sessionTimeout) / heartbeatInterval;
    const heartbeats = m1.wiretap.count('heartbeat') - before;
    expect(heartbeats).toBeGreaterThan(expected * 0.7);
    expect(heartbeats).toBeLessThan(expected * 1.3);
    expect([m1.joins, m1.description.generationId]).toEqual([2, 1]);
    await world.untilCommitted(topic, [1n]);
    expect(m1.handled).toHaveLength(1);
  },
};

const retrying: Scenario = {
  title:
    'P5 a handler throws: it is tried again with backoff, an event each time, while other partitions go on',
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 10, { partitions: 2 });
    const attempts: number[] = [];
    const m1 = world.consumer('m1', [topic], {
      handle: ({ partition, offset }, { attempt }) => {
        if (partition !== 0 || offset !== 2n) return;
        attempts.push(attempt);
        if (attempt < 4) throw new Error('not today');
      },
    });
    await world.untilAllHandled();
    expect(attempts).toEqual([1, 2, 3, 4]);
    const errors = m1.eventsOf('handler.error');
    expect(errors).toHaveLength(3);
    expect(errors[0]).toMatchObject({ partition: 0, offset: '2', attempt: 1, action: 'retry' });
    expect(errors[1]?.delayMs).toBeGreaterThan(errors[0]?.delayMs ?? 0);
    await world.untilCommitted(topic, [5n, 5n]);
    expect(m1.joins).toBe(2);
  },
};

const later: Scenario = {
  title: 'S07 P1 retryAfter: the partition waits five minutes, the others progress, heartbeats go on',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(2);
    const m1 = world.consumer('m1', [topic], {
      onHandlerError: () => ({ retryAfter: 300_000 }),
      handle: ({ partition }, { attempt }) => {
        if (partition === 0 && attempt === 1) throw new Error('not now');
      },
    });
    await world.untilShared([m1], partitionsOf(topic, 2));
    await world.produce(topic, 1, { partition: 0 });
    await world.produce(topic, 10, { partition: 1 });
    await world.until('the others are handled', () => m1.handled.length === 10);
    await world.pass(299_000);
    expect(m1.handled).toHaveLength(10);
    await world.pass(2_000);
    expect(m1.handled).toHaveLength(11);
    expect(m1.joins).toBe(2);
    await world.untilCommitted(topic, [1n, 10n]);
  },
};

const skipping: Scenario = {
  title: 'skip: the record is settled and passed over, and committed',
  async run(world) {
    const topic = await world.topic(1);
    const places = await world.produce(topic, 5, { audited: false });
    const failures: bigint[] = [];
    const m1 = world.consumer('m1', [topic], {
      onHandlerError: (_, { offset }) => {
        failures.push(offset);
        return 'skip';
      },
      handle: ({ offset }) => {
        if (offset % 2n === 1n) throw new Error('unreadable');
      },
    });
    await world.untilCommitted(topic, [BigInt(places.length)]);
    expect(failures).toEqual([1n, 3n]);
    expect(m1.handled).toEqual(['value-0', 'value-2', 'value-4']);
  },
};

const stopping: Scenario = {
  title:
    'stop: run() rejects with KOHORT_HANDLER and the cause; what had settled is committed; others take over at once',
  async run(world) {
    const topic = await world.topic(2);
    const m2 = world.consumer('m2', [topic]);
    const poison = new Error('poison');
    const m1 = world.consumer('m1', [topic], {
      onHandlerError: () => 'stop',
      handle: ({ offset }) => {
        if (offset === 2n) throw poison;
      },
    });
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    const mine = m1.description.assignments[0]?.partition;
    const stoppedFrom = world.backend.clock.monotonic();
    await world.produce(topic, 10, { partitions: 2 });
    expect(await failureOf(world, m1)).toMatchObject({
      code: 'KOHORT_HANDLER',
      terminalClass: 'handler',
      cause: poison,
    });
    await world.untilShared([m2], partitionsOf(topic, 2));
    await world.untilAllHandled();
    // It has left, so that nobody had to wait for its session; in real time the machine may be busy with other tests.
    expect(m1.eventsOf('leave.end')).toMatchObject([{ outcome: 'ok' }]);
    const tookMs = world.backend.clock.monotonic() - stoppedFrom;
    if (world.backend.name === 'memory') expect(tookMs).toBeLessThan(world.times.sessionTimeout);
    expect(world.trace.count({ actor: 'm1', type: 'commit', partition: mine, offset: 2n })).toBeGreaterThan(
      0,
    );
    world.auditor.checkNoDuplicates();
  },
};

const pausing: Scenario = {
  title: 'pause: the partition stands still at the record that failed, and resume tries it again',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 3);
    const state = { broken: true };
    const m1 = world.consumer('m1', [topic], {
      onHandlerError: () => 'pause',
      handle: ({ offset }) => {
        if (offset === 1n && state.broken) throw new Error('out of order');
      },
    });
    await world.until('it was paused', () => m1.eventsOf('flow.paused').length === 1);
    await world.untilCommitted(topic, [1n]);
    await world.pass(world.times.heartbeatInterval * 3);
    expect(m1.handled).toHaveLength(1);
    state.broken = false;
    await m1.group.resume([{ topic, partition: 0 }]);
    await world.untilAllHandled();
  },
};

const stuck: Scenario = {
  title:
    'S02 P1 P2 a handler never settles: at the deadline the member leaves and is told, and rejoins when it has',
  async run(world) {
    const topic = await world.topic(2);
    const gate = new Gate();
    const signals: AbortSignal[] = [];
    const maxProcessingTime = world.times.heartbeatInterval * 5;
    const m1 = world.consumer('m1', [topic], {
      maxProcessingTime,
      handle: ({ partition }, { signal }) => {
        if (partition !== 0 || signals.length > 0) return;
        signals.push(signal);
        return gate.pass();
      },
    });
    await world.untilShared([m1], partitionsOf(topic, 2));
    await world.produce(topic, 10, { partitions: 2 });
    await world.until('m1 hangs', () => gate.waiting === 1);
    const hungAt = world.trace.first({ type: 'record.start', partition: 0 })?.at ?? Number.NaN;
    await world.until('m1 is out', () => m1.description.state === 'out');
    expect(world.backend.clock.monotonic() - hungAt).toBeGreaterThanOrEqual(maxProcessingTime * 0.99);
    expect(signals[0]?.aborted).toBe(true);
    expect(m1.eventsOf('processing.deadline')).toMatchObject([{ topic, partition: 0, offset: '0' }]);
    expect(m1.eventsOf('partitions.lost')).toMatchObject([
      { partitions: [{ topic, partition: 0 }], reason: 'processing-deadline' },
    ]);
    expect(m1.wiretap.count('leaveGroup')).toBe(1);
    const m2 = world.consumer('m2', [topic]);
    await world.untilShared([m2], partitionsOf(topic, 2));
    await world.untilAllHandled();
    const commits = world.trace.count({ actor: 'm1', type: 'commit' });
    const { joins } = m1;
    expect(joins).toBe(2);
    gate.open();
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    expect(m1.joins).toBeGreaterThan(joins);
    // The old handler's record was m2's by then: its offset is not committed by m1.
    const late = world.trace.filter({ actor: 'm1', type: 'commit', partition: 0 });
    expect(late.count({ offset: 1n })).toBe(0);
    expect(commits).toBeGreaterThan(0);
  },
};

const unaffected = [1, 2].map(
  (topics): Scenario => ({
    title: `S63 L7 a blocked partition does not slow the others of ${topics} topic(s) down, with two handlers at a time`,
    async run(world) {
      const names: string[] = [];
      for (let n = 0; n < topics; n += 1) names.push(await world.topic(3, world.unique(`t${n}`)));
      const [blocked] = names;
      const gate = new Gate();
      const m1 = world.consumer('m1', names, {
        concurrency: { total: 2 },
        handle: ({ topic, partition }) => (topic === blocked && partition === 0 ? gate.pass() : undefined),
      });
      await world.untilShared(
        [m1],
        names.flatMap((name) => partitionsOf(name, 3)),
      );
      for (const name of names) await world.produce(name, 150, { partitions: 3 });
      await world.until('the others are done', () => m1.handled.length === 150 * topics - 50);
      gate.open();
      await world.untilAllHandled();
      for (const name of names) await world.untilCommitted(name, [50n, 50n, 50n]);
    },
  }),
);

export const handling: readonly Scenario[] = [
  slow,
  retrying,
  later,
  skipping,
  stopping,
  pausing,
  stuck,
  ...unaffected,
];
