/** kafkajs as its documentation shows it. */
import { type EachBatchHandler, type EachMessageHandler, Kafka, logLevel } from 'kafkajs';
import type { Meter } from '../measure/meter.ts';
import type { Client, ConsumeJob } from './client.ts';

interface Handlers {
  readonly eachBatch?: EachBatchHandler;
  readonly eachMessage?: EachMessageHandler;
}

async function run(job: ConsumeJob, meter: Meter, handlers: Handlers): Promise<void> {
  const kafka = new Kafka({ clientId: 'bench', brokers: [...job.bootstrap], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: job.groupId });
  consumer.on(consumer.events.GROUP_JOIN, () => meter.start());
  consumer.on(consumer.events.CRASH, ({ payload }) => meter.fail(payload.error));
  await consumer.connect();
  await consumer.subscribe({ topics: [job.topic], fromBeginning: true });
  await consumer.run(handlers);
}

export const kafkajsBatch: Client = (job, meter) =>
  run(job, meter, {
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) meter.take(key, value);
    },
  });

export const kafkajsMessage: Client = (job, meter) =>
  run(job, meter, { eachMessage: async ({ message }) => meter.take(message.key, message.value) });
