/** kafkajs as its documentation shows it, with as many partitions at once as there are, so that none waits for another. */
import { Kafka, logLevel } from 'kafkajs';
import type { MemberClient } from './member-job.ts';

const PARTITIONS_AT_ONCE = 12;
const COMMIT_THRESHOLD = 100;

export const kafkajs: MemberClient = async (job, log, work) => {
  const { sessionTimeout, heartbeatInterval, rebalanceTimeout, commitInterval } = job;
  const kafka = new Kafka({
    clientId: 'handover',
    brokers: [...job.bootstrap],
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => log.note(JSON.stringify(entry.log)),
  });
  const consumer = kafka.consumer({
    groupId: job.groupId,
    sessionTimeout,
    heartbeatInterval,
    rebalanceTimeout,
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
    log.assigned(payload.memberAssignment[job.topic] ?? []),
  );
  const ended = new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.DISCONNECT, () => resolve());
    // With `restart` the client begins anew by itself.
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [job.topic], fromBeginning: true });
  await consumer.run({
    autoCommitInterval: commitInterval,
    autoCommitThreshold: COMMIT_THRESHOLD,
    partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
    eachMessage: ({ partition, message, heartbeat }) => work.handle(partition, message.offset, heartbeat),
  });
  return { ended, close: () => consumer.disconnect() };
};
