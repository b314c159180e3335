// Who may do what, on a cluster with SASL/PLAIN and Kafka's StandardAuthorizer.

import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Grant, grant, revoke } from '../../kafka/acls.ts';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { kafkajsConfig } from '../../kafka/client-properties.ts';
import { type KafkaCluster, startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { failureOf } from '../../scenarios/failure.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenario } from '../../scenarios/run-scenarios.ts';
import type { World } from '../../scenarios/world.ts';

const foreign =
  process.env.KOHORT_BROKERS === undefined
    ? undefined
    : 'KOHORT_BROKERS names a cluster with rules of its own';
const missing = foreign ?? (await kafkaAvailable());

describeKafka('access', missing, () => {
  let cluster: KafkaCluster;
  const kind = new KafkaKind('access');
  beforeAll(async () => {
    cluster = await startKafka({ security: 'sasl-plain' });
    await kind.use(cluster);
  });
  afterAll(() => kind.end());

  const scenario = (title: string, run: (world: World) => Promise<void>) =>
    test(title, () => runScenario(kind, { title, run }));

  /** A member in the name of alice, who may do nothing by herself. */
  function asAlice(world: World, topic: string) {
    return world.consumer('m1', [topic], { transport: kafkajsTransport(kafkajsConfig(cluster, 'alice')) });
  }

  function mayRead(resource: Grant['resource'], name: string): Grant {
    return { user: 'alice', resource, name, operation: 'read' };
  }

  scenario('a user with the rights for group and topic consumes', async (world) => {
    const topic = await world.topic(2);
    await grant(cluster, [mayRead('group', world.groupId), mayRead('topic', topic)]);
    await world.produce(topic, 20, { partitions: 2 });
    asAlice(world, topic);
    await world.untilAllHandled();
    await world.untilCommitted(topic, [10n, 10n]);
  });

  scenario(
    'S24 P5 no right for the group: terminal in time, class `authorization`, no retry',
    async (world) => {
      const topic = await world.topic(1);
      await grant(cluster, [mayRead('topic', topic)]);
      const m1 = asAlice(world, topic);
      expect(await failureOf(world, m1, 10_000)).toMatchObject({
        code: 'KOHORT_AUTHORIZATION',
        terminalClass: 'authorization',
        kafkaCode: 30,
      });
      const requests = m1.wiretap.count('findCoordinator', 'joinGroup');
      await world.pass(world.times.heartbeatInterval * 3);
      expect(m1.wiretap.count('findCoordinator', 'joinGroup')).toBe(requests);
    },
  );

  scenario('S24 P5 no right for the topic: it is waited for, and consumed when granted', async (world) => {
    const topic = await world.topic(2);
    await world.produce(topic, 20, { partitions: 2 });
    await grant(cluster, [mayRead('group', world.groupId)]);
    const m1 = asAlice(world, topic);
    await m1.ready();
    await world.pass(world.times.metadataMaxAge * 3);
    expect([m1.ending.state, m1.handled.length]).toEqual(['open', 0]);
    await grant(cluster, [mayRead('topic', topic)]);
    await world.untilAllHandled();
  });

  scenario(
    'S24 P5 the right for the topic is taken away and given back: the partitions wait, the group lives on',
    async (world) => {
      const topic = await world.topic(2);
      await grant(cluster, [mayRead('group', world.groupId), mayRead('topic', topic)]);
      await world.produce(topic, 20, { partitions: 2 });
      const m1 = asAlice(world, topic);
      await world.untilAllHandled();
      await revoke(cluster, [mayRead('topic', topic)]);
      await world.until('the partitions are refused', () => m1.eventsOf('partition.error').length > 0);
      await world.produce(topic, 20, { partitions: 2 });
      await grant(cluster, [mayRead('topic', topic)]);
      await world.untilAllHandled();
      expect(m1.ending.state).toBe('open');
    },
  );

  scenario('wrong credentials: terminal in time, and no password in the message', async (world) => {
    const topic = await world.topic(1);
    const sasl = { mechanism: 'plain', username: 'alice', password: 'wrong-secret' } as const;
    const transport = kafkajsTransport({ ...kafkajsConfig(cluster), sasl });
    const error = await failureOf(world, world.consumer('m1', [topic], { transport }), 10_000);
    expect(error).toMatchObject({ code: 'KOHORT_AUTHORIZATION', terminalClass: 'authorization' });
    expect(`${error.message} ${String(error.cause)}`).not.toContain('wrong-secret');
  });
});
