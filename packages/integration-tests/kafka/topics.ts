// Small admin jobs of tests, done by kafkajs so that they do not depend on what is being tested.

import { randomUUID } from 'node:crypto';
import { Kafka } from 'kafkajs';
import { kafkajsConfig } from './client-properties.ts';
import type { KafkaCluster } from './cluster.ts';
import { untilTopic } from './cluster-state.ts';

/** A name nobody else uses, also on a cluster that is shared. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

/** Creates a topic replicated on all brokers of an own cluster (elsewhere as its default says) and waits for its leaders. */
export async function createTopic(cluster: KafkaCluster, topic: string, partitions: number): Promise<void> {
  const admin = new Kafka(kafkajsConfig(cluster)).admin();
  await admin.connect();
  try {
    const replicationFactor = cluster.kind === 'own' ? cluster.brokers.length : -1;
    // kafkajs' own wait for leaders fails when the broker it asks has not heard of the topic yet.
    await admin.createTopics({
      topics: [{ topic, numPartitions: partitions, replicationFactor }],
      waitForLeaders: false,
    });
  } finally {
    await admin.disconnect();
  }
  await untilTopic(cluster, topic, partitions);
}

/** Produces `count` records with kafkajs, spread over the partitions by number; acknowledged by all replicas. */
export async function kafkajsProduce(
  cluster: KafkaCluster,
  topic: string,
  partitions: number,
  count: number,
): Promise<void> {
  const producer = new Kafka(kafkajsConfig(cluster)).producer();
  await producer.connect();
  try {
    const messages = Array.from({ length: count }, (_, n) => ({
      partition: n % partitions,
      key: `key-${n}`,
      value: `value-${n}`,
    }));
    await producer.send({ topic, acks: -1, messages });
  } finally {
    await producer.disconnect();
  }
}
