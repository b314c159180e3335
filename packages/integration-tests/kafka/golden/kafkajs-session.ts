// Walks kafkajs through the APIs of a consumer group, so that its request versions are captured too.

import { Kafka, logLevel, type SASLOptions } from 'kafkajs';

/** Runs once against `bootstrap`; `name` makes topic and group unique. Takes a few seconds. */
export async function kafkajsSession(bootstrap: string, name: string, sasl?: SASLOptions): Promise<void> {
  const kafka = new Kafka({
    clientId: 'kafkajs-capture',
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    requestTimeout: 6_000,
    retry: { retries: 2 },
    ...(sasl === undefined ? {} : { sasl }),
  });
  const topic = `${name}-topic`;
  const groupId = `${name}-group`;
  const admin = kafka.admin();
  const consumer = kafka.consumer({
    groupId,
    heartbeatInterval: 100,
    maxWaitTimeInMs: 100,
    sessionTimeout: 6_000,
  });
  try {
    await admin.connect();
    await admin.createTopics({
      topics: [{ topic, numPartitions: 2, replicationFactor: 1 }],
      waitForLeaders: true,
    });
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    await produce(kafka, topic, name);
    await consumeAll(consumer, topic);
    await admin.fetchTopicOffsets(topic);
    await admin.fetchTopicOffsetsByTimestamp(topic, 1);
    await admin.fetchOffsets({ groupId, topics: [topic] });
    await admin.describeGroups([groupId]);
    await admin.listGroups();
    await consumer.disconnect();
    await admin.deleteGroups([groupId]);
    await admin.deleteTopics({ topics: [topic] });
  } finally {
    await consumer.disconnect();
    await admin.disconnect();
  }
}

async function produce(kafka: Kafka, topic: string, name: string): Promise<void> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    transactionalId: `${name}-transactional`,
  });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    await transaction.send({
      topic,
      messages: [0, 1, 2].map((n) => ({
        partition: n,
        key: `key-${n}`,
        value: `value-${n}`,
        headers: { n: String(n) },
      })),
    });
    await transaction.sendOffsets({
      consumerGroupId: `${name}-transactional-group`,
      topics: [{ topic, partitions: [{ partition: 0, offset: '1' }] }],
    });
    await transaction.commit();
  } finally {
    await producer.disconnect();
  }
}

async function consumeAll(consumer: ReturnType<Kafka['consumer']>, topic: string): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let seen = 0;
  let stopWaiting: NodeJS.Timeout | undefined;
  const done = new Promise<void>((resolve, reject) => {
    stopWaiting = setTimeout(() => reject(new Error(`kafkajs saw ${seen} of 3 records`)), 15_000);
    consumer
      .run({
        eachMessage: async () => {
          seen += 1;
          // Two heartbeats' time, so that a Heartbeat is captured before the group is left.
          if (seen === 3) setTimeout(resolve, 400);
        },
      })
      .catch(reject);
  });
  await done.finally(() => clearTimeout(stopWaiting));
  await consumer.commitOffsets(
    [0, 1, 2].map((partition) => ({ topic, partition, offset: '1', metadata: 'by kafkajs' })),
  );
}
