/** Kohort over kafkajs' connections or over plain sockets, with its default settings. */
import { createConsumerGroup, type RunOptions } from '@kohort/core';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { tcpTransport } from '@kohort/transport-tcp';
import { hooksOf, listenTo } from '../hooks/hook-sets.ts';
import type { Meter } from '../measure/meter.ts';
import type { Client, ConsumeJob } from './client.ts';

const TRANSPORTS = { kafkajs: kafkajsTransport, tcp: tcpTransport } as const;

async function run(
  job: ConsumeJob,
  meter: Meter,
  handlers: RunOptions,
  transport: keyof typeof TRANSPORTS = 'kafkajs',
): Promise<void> {
  const hooks = await hooksOf(job.hooks ?? 'none');
  const group = createConsumerGroup({
    groupId: job.groupId,
    topics: [job.topic],
    autoOffsetReset: 'earliest',
    clientId: 'bench',
    transport: TRANSPORTS[transport]({ brokers: [...job.bootstrap] }),
    hooks,
    // Called before anything of the assignment is fetched.
    onAssigned: () => meter.start(),
  });
  await listenTo(group, job.hooks ?? 'none');
  await group.run(handlers);
}

const byBatch = (meter: Meter): RunOptions => ({
  eachBatch: (batch) => {
    for (const { key, value } of batch.records) meter.take(key, value);
  },
});

const byRecord = (meter: Meter): RunOptions => ({ eachRecord: ({ key, value }) => meter.take(key, value) });

export const kohortBatch: Client = (job, meter) => run(job, meter, byBatch(meter));

export const kohortTcpBatch: Client = (job, meter) => run(job, meter, byBatch(meter), 'tcp');

export const kohortRecord: Client = (job, meter) => run(job, meter, byRecord(meter));

export const kohortTcpRecord: Client = (job, meter) => run(job, meter, byRecord(meter), 'tcp');

export const kohortRecordAsync: Client = (job, meter) =>
  run(job, meter, { eachRecord: async ({ key, value }) => meter.take(key, value) });
