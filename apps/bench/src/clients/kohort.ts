/** Kohort over kafkajs' connections, with its default settings. */
import { createConsumerGroup, type RunOptions } from '@kohort/core';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { hooksOf, listenTo } from '../hooks/hook-sets.ts';
import type { Meter } from '../measure/meter.ts';
import type { Client, ConsumeJob } from './client.ts';

async function run(job: ConsumeJob, meter: Meter, handlers: RunOptions): Promise<void> {
  const hooks = await hooksOf(job.hooks ?? 'none');
  const group = createConsumerGroup({
    groupId: job.groupId,
    topics: [job.topic],
    autoOffsetReset: 'earliest',
    transport: kafkajsTransport({ clientId: 'bench', brokers: [...job.bootstrap] }),
    hooks,
    // Called before anything of the assignment is fetched.
    onAssigned: () => meter.start(),
  });
  await listenTo(group, job.hooks ?? 'none');
  await group.run(handlers);
}

export const kohortBatch: Client = (job, meter) =>
  run(job, meter, {
    eachBatch: (batch) => {
      for (const { key, value } of batch.records) meter.take(key, value);
    },
  });

export const kohortRecord: Client = (job, meter) =>
  run(job, meter, { eachRecord: ({ key, value }) => meter.take(key, value) });

export const kohortRecordAsync: Client = (job, meter) =>
  run(job, meter, { eachRecord: async ({ key, value }) => meter.take(key, value) });
