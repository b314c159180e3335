/** One run of one client, in a process of its own: the job is the argument, the measurement goes to the parent. */
import type { Client, ClientId, ConsumeJob } from './clients/client.ts';
import type { ProcessMessage } from './measure/messages.ts';
import { Meter } from './measure/meter.ts';

/** Imported when needed, so that no client pays for the memory of another. */
const CLIENTS: Readonly<Record<ClientId, () => Promise<Client>>> = {
  'kohort-batch': async () => (await import('./clients/kohort.ts')).kohortBatch,
  'kohort-record': async () => (await import('./clients/kohort.ts')).kohortRecord,
  'kohort-record-async': async () => (await import('./clients/kohort.ts')).kohortRecordAsync,
  'kohort-tcp-batch': async () => (await import('./clients/kohort.ts')).kohortTcpBatch,
  'kohort-tcp-record': async () => (await import('./clients/kohort.ts')).kohortTcpRecord,
  'kafkajs-batch': async () => (await import('./clients/kafkajs.ts')).kafkajsBatch,
  'kafkajs-message': async () => (await import('./clients/kafkajs.ts')).kafkajsMessage,
  'platformatic-data': async () => (await import('./clients/platformatic.ts')).platformaticData,
  'platformatic-iterator': async () => (await import('./clients/platformatic.ts')).platformaticIterator,
};

/** Sends the outcome and ends, without a goodbye to the broker: it is not measured, and can take seconds. */
function end(message: ProcessMessage): void {
  process.send?.(message, () => process.exit(message.kind === 'measured' ? 0 : 1));
}

async function main(): Promise<void> {
  const job: ConsumeJob = JSON.parse(process.argv[2] ?? '');
  const meter = new Meter(job.records);
  setTimeout(() => {
    meter.fail(new Error(`${meter.count} of ${job.records} records after ${job.timeoutMs} ms`));
  }, job.timeoutMs);
  const client = await CLIENTS[job.client]();
  client(job, meter).catch((error: unknown) => meter.fail(error));
  end({ kind: 'measured', measurement: await meter.done });
}

// The parent has gone.
process.on('disconnect', () => process.exit(1));
main().catch((error: unknown) =>
  end({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
);
