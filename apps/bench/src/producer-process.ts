/** Produces at a steady rate, each partition on its own, until its parent says stop; acknowledgements go to its log. */
import { setTimeout as delay } from 'node:timers/promises';
import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import { now } from './handover/clock.ts';
import { LogWriter } from './handover/log-lines.ts';
import type { ProducerJob } from './handover/producer-job.ts';

/** Pause between two batches of a partition. */
const TICK_MS = 100;
const MAX_BATCH = 500;

const job: ProducerJob = JSON.parse(process.argv[2] ?? '');
const log = new LogWriter(job.logFile);
let stopped = false;

const kafka = new Kafka({
  clientId: 'handover-producer',
  brokers: [...job.bootstrap],
  logLevel: logLevel.NOTHING,
  requestTimeout: 3_000,
  // A partition that has no leader is tried until it has one.
  retry: { initialRetryTime: 50, maxRetryTime: 300, retries: 100_000 },
});

/** With a client of its own: one that waits for a dead leader holds up everything else that it sends. */
async function producePartition(partition: number): Promise<void> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  // Spread over the tick: neither the brokers nor the members get everything at once.
  await delay((TICK_MS * partition) / job.partitions);
  const startedAt = now();
  let sent = 0;
  while (!stopped) {
    const due = Math.floor(((now() - startedAt) / 1000) * job.ratePerPartition) - sent;
    if (due > 0) {
      const messages = Array.from({ length: Math.min(due, MAX_BATCH) }, (_, i) => ({
        partition,
        value: `${partition}:${sent + i}`,
      }));
      const [written] = await producer.send({
        topic: job.topic,
        acks: -1,
        compression: CompressionTypes.None,
        messages,
      });
      sent += messages.length;
      if (written?.baseOffset !== undefined) log.acked(partition, written.baseOffset, messages.length);
    }
    await delay(TICK_MS);
  }
}

process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(1));
process.on('message', () => {
  stopped = true;
});

await Promise.all(Array.from({ length: job.partitions }, (_, partition) => producePartition(partition)));
process.exit(0);
