// A topic is deleted and created again under its name, on real Kafka, while a group consumes it.

import { type ConsumerGroup, createConsumerGroup, type KohortEvent } from '@kohort/core';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { type Admin, Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { kafkajsConfig } from '../../kafka/client-properties.ts';
import { type KafkaCluster, startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { createTopic, kafkajsProduce, uniqueName } from '../../kafka/topics.ts';
import { realTimeWaits } from '../../scenarios/real-time.ts';

const missing = await kafkaAvailable();
const { until, eventually } = realTimeWaits(40_000);

describeKafka('a topic that is created again', missing, () => {
  let cluster: KafkaCluster;
  let admin: Admin;
  const groups: ConsumerGroup[] = [];
  beforeAll(async () => {
    cluster = await startKafka();
    admin = new Kafka(kafkajsConfig(cluster)).admin();
    await admin.connect();
  });
  afterAll(async () => {
    await Promise.all(groups.map((group) => group.close()));
    await admin?.disconnect();
    await cluster?.stop();
  });

  function consume(groupId: string, topic: string) {
    const seen: string[] = [];
    const events: KohortEvent[] = [];
    const group = createConsumerGroup({
      groupId,
      topics: [topic],
      transport: kafkajsTransport(kafkajsConfig(cluster)),
      autoOffsetReset: 'latest',
      metadataMaxAge: 500,
      commitInterval: 100,
      fetchMaxWait: 100,
      hooks: [(event) => events.push(event)],
    });
    groups.push(group);
    group
      .run({ eachRecord: ({ partition, value }) => void seen.push(`${partition}:${value?.toString()}`) })
      .catch((error: unknown) => {
        throw error; // no group ends by itself here
      });
    return { seen, events };
  }

  /** Partitions of which something is committed, each with that offset. */
  async function committed(groupId: string, topic: string): Promise<readonly string[]> {
    const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const known = (answer?.partitions ?? []).filter(({ offset }) => offset !== '-1');
    return known.map(({ partition, offset }) => `${partition}:${offset}`).toSorted();
  }

  /** Everything that is in the topic is committed. */
  async function isDone(groupId: string, topic: string): Promise<boolean> {
    const ends = await admin.fetchTopicOffsets(topic);
    const wanted = ends.map(({ partition, high }) => `${partition}:${high}`).toSorted();
    return JSON.stringify(await committed(groupId, topic)) === JSON.stringify(wanted);
  }

  test.each([
    ['more partitions', 2, 4],
    ['fewer partitions', 4, 2],
  ])('with %s: all of the new one is read, from its beginning', async (_name, before, after) => {
    const topic = uniqueName('recreated');
    const groupId = uniqueName('group');
    await createTopic(cluster, topic, before);
    const { seen, events } = consume(groupId, topic);
    await eventually('it knows where it is', async () => (await committed(groupId, topic)).length === before);
    await kafkajsProduce(cluster, topic, before, before * 10);
    await eventually('it has committed the old one', () => isDone(groupId, topic));
    const old = seen.length;
    await admin.deleteTopics({ topics: [topic] });
    await createTopic(cluster, topic, after);
    // More than was read of the old one: going on at the old position would pass the first ten over.
    await kafkajsProduce(cluster, topic, after, after * 20);
    const expected = Array.from({ length: after * 20 }, (_, n) => `${n % after}:value-${n}`);
    // The producer may have written some of them twice: it is not idempotent.
    const fresh = () => [...new Set(seen.slice(old))].toSorted();
    await until('it has read the new one', () => fresh().length === expected.length);
    expect(fresh()).toEqual(expected.toSorted());
    await eventually('it has committed the new one', () => isDone(groupId, topic));
    const resets = events.filter((event) => event.type === 'offsets.reset').map(({ reason }) => reason);
    expect(resets.filter((reason) => reason === 'recreated').length).toBeGreaterThanOrEqual(after);
  });
});
