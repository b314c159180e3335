/** Slow networks, slow coordinators, work that outlasts every bound, brokers that never answer. */
import { expect } from 'vitest';
import type { Scenario } from './scenario.ts';
import { partitionsOf, type World } from './world.ts';

/** Long polls, so that hours of virtual time are made of few requests. */
function patient(world: World) {
  return { fetchMaxWait: world.times.heartbeatInterval * 4 };
}

const farAway: Scenario = {
  title:
    'S91 L1 a round trip of two seconds and a session of six: one round trip more for the member id, then it has joined',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(2);
    const heal = world.broker.faults.latency({ clientId: 'm1' }, 1_000);
    const m1 = world.consumer('m1', [topic], {
      ...patient(world),
      sessionTimeout: 6_000,
      heartbeatInterval: 1_000,
    });
    await world.untilShared([m1], partitionsOf(topic, 2), 60_000);
    expect([m1.joins, m1.description.generationId]).toEqual([2, 1]);
    expect(m1.eventsOf('retry.scheduled')).toEqual([]);
    await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    await world.pass(60_000);
    expect([m1.joins, m1.eventsOf('partitions.lost')]).toEqual([2, []]);
    heal();
  },
};

const longWork: Scenario = {
  title: 'S86 L1 L2 two members whose work takes longer than the rebalance timeout settle in one generation',
  needs: ['long runs'],
  async run(world) {
    const topic = await world.topic(2);
    const rebalanceTimeout = world.times.sessionTimeout;
    const setup = { ...patient(world), rebalanceTimeout, handle: () => world.sleep(rebalanceTimeout * 1.2) };
    const m1 = world.consumer('m1', [topic], setup);
    await world.untilShared([m1], partitionsOf(topic, 2));
    await world.produce(topic, 4, { partitions: 2 });
    await world.until('m1 is at work', () => world.trace.count({ type: 'record.start' }) === 2);
    const m2 = world.consumer('m2', [topic], setup);
    await world.untilShared([m1, m2], partitionsOf(topic, 2), rebalanceTimeout * 3);
    const { generationId } = m1.description;
    await world.untilAllHandled(rebalanceTimeout * 8);
    expect([m1, m2].map(({ description }) => description.generationId)).toEqual([generationId, generationId]);
    expect(generationId).toBeLessThanOrEqual(3);
  },
};

const drains = (
  [
    [undefined, 'within'],
    [20_000, 'beyond'],
  ] as const
).map(
  ([drainTimeout, outcome]): Scenario => ({
    title: `S92 P3 work ${outcome} the drain budget of ${drainTimeout ?? 'a third of the rebalance timeout'}: ${
      outcome === 'within' ? 'it is waited for' : 'what is cut off is counted and named'
    }`,
    needs: ['virtual time'],
    async run(world) {
      const topic = await world.topic(2);
      const setup = { ...patient(world), rebalanceTimeout: 300_000 };
      const m1 = world.consumer('m1', [topic], {
        ...setup,
        ...(drainTimeout === undefined ? {} : { drainTimeout }),
        handle: ({ partition }) => world.sleep(partition === 0 ? 90_000 : 1_000),
      });
      await world.untilShared([m1], partitionsOf(topic, 2));
      await world.produce(topic, 2, { partitions: 2 });
      await world.until('m1 is at work', () => world.trace.count({ type: 'record.start' }) === 2);
      const m2 = world.consumer('m2', [topic], setup);
      await world.untilShared([m1, m2], partitionsOf(topic, 2));
      const isWithin = outcome === 'within';
      expect(m1.eventsOf('drain.end')).toMatchObject([
        isWithin
          ? { drained: true, cutOff: [], redelivered: 0 }
          : { drained: false, cutOff: [{ topic, partition: 0 }], redelivered: 1 },
      ]);
      const { generationId } = m1.description;
      await world.untilAllHandled();
      // And nobody rebalances again.
      await world.pass(600_000);
      expect(m2.description.generationId).toBe(generationId);
      expect(world.auditor.duplicates).toBe(isWithin ? 0 : 1);
    },
  }),
);

const deafBroker = (['OffsetCommit', 'OffsetFetch'] as const).map(
  (api): Scenario => ({
    title: `S98 P7 L5 close() while ${
      api === 'OffsetCommit' ? 'commit()' : 'committed()'
    } waits for a broker that never answers: it settles in time, and the other call rejects`,
    needs: ['faults'],
    async run(world) {
      const topic = await world.topic(1);
      const m1 = world.consumer('m1', [topic], { run: { settle: 'manual' } });
      await world.untilShared([m1], partitionsOf(topic, 1));
      await world.produce(topic, 5, { audited: false });
      await world.until('all is handed over', () => m1.handled.length === 5);
      const deaf = world.broker.faults.onRequest({ api, clientId: 'm1', drop: 'request' });
      const waiting =
        api === 'OffsetCommit'
          ? m1.group.commit([{ topic, partition: 0, offset: 2n }])
          : m1.group.committed();
      const rejection = expect(waiting).rejects.toMatchObject({ name: 'KohortError' });
      await world.until('the broker has been asked', () => deaf.applied > 0);
      const startedAt = world.backend.clock.monotonic();
      await m1.close({ timeout: 2_000 });
      expect(world.backend.clock.monotonic() - startedAt).toBeLessThan(2_500);
      await world.backend.settled(rejection);
      await world.until('run() has resolved', () => m1.ending.state === 'closed');
    },
  }),
);

const deafAtStart: Scenario = {
  title:
    'S98 P7 L5 close() while ready() waits for positions that no broker tells: it settles in time, and ready() rejects',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(1);
    const deaf = world.broker.faults.onRequest({ api: 'OffsetFetch', clientId: 'm1', drop: 'request' });
    const m1 = world.consumer('m1', [topic]);
    const rejection = expect(m1.group.ready()).rejects.toMatchObject({ name: 'KohortError' });
    await world.until('the broker has been asked', () => deaf.applied > 0);
    const startedAt = world.backend.clock.monotonic();
    expect(await m1.close({ timeout: 2_000 })).toMatchObject({ left: true });
    expect(world.backend.clock.monotonic() - startedAt).toBeLessThan(2_500);
    await world.backend.settled(rejection);
  },
};

const partialMetadata: Scenario = {
  title:
    'S37 P5 I22 the leader does not hear of one of its topics for a while: it assigns what it knows, and one rebalance follows',
  needs: ['faults'],
  async run(world) {
    const [a, b] = [await world.topic(2, world.unique('a')), await world.topic(2, world.unique('b'))];
    const everything = [...partitionsOf(a, 2), ...partitionsOf(b, 2)];
    const m1 = world.consumer('m1', [a, b], patient(world));
    await world.untilShared([m1], everything);
    const partial = world.broker.faults.onRequest({
      api: 'Metadata',
      rewrite: (response) => {
        if (typeof response !== 'object' || response === null || !('topics' in response)) return response;
        if (!Array.isArray(response.topics)) return response;
        return { ...response, topics: response.topics.filter(({ name }) => name !== b) };
      },
    });
    const m2 = world.consumer('m2', [a, b], patient(world));
    await world.untilShared([m1, m2], partitionsOf(a, 2));
    await world.produce(a, 10, { partitions: 2 });
    await world.untilAllHandled();
    const { generationId } = m1.description;
    partial.remove();
    await world.untilShared([m1, m2], everything);
    await world.produce(b, 10, { partitions: 2 });
    await world.untilAllHandled();
    await world.pass(world.times.metadataMaxAge * 3);
    expect([m1, m2].map(({ description }) => description.generationId)).toEqual([
      generationId + 1,
      generationId + 1,
    ]);
    expect(m1.eventsOf('partitions.lost')).toEqual([]);
  },
};

export const slowness: readonly Scenario[] = [
  farAway,
  longWork,
  ...drains,
  ...deafBroker,
  deafAtStart,
  partialMetadata,
];
