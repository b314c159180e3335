/** Creates and fills the topic that all clients of a run consume. */
import { randomUUID } from 'node:crypto';
import { CompressionTypes, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { fingerprint, recordKey, recordValue } from './records.ts';
import { type Compression, recordsPerBatch, type Workload } from './workload.ts';

export interface WorkloadPlan {
  readonly records: number;
  readonly valueSize: number;
  readonly compression: Compression;
  readonly partitions: number;
}

export function benchKafka(bootstrap: readonly string[]): Kafka {
  return new Kafka({ clientId: 'kohort-bench', brokers: [...bootstrap], logLevel: logLevel.NOTHING });
}

/** @throws Error when the broker refuses, or the signal aborts */
export async function fillTopic(kafka: Kafka, plan: WorkloadPlan, signal: AbortSignal): Promise<Workload> {
  const topic = `kohort-bench-${plan.valueSize}-${randomUUID().slice(0, 8)}`;
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions: plan.partitions, replicationFactor: 1 }] });
  } finally {
    await admin.disconnect();
  }
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    const checksum = await produceAll(producer, topic, plan, signal);
    return { ...plan, topic, recordsPerBatch: recordsPerBatch(plan.valueSize), checksum };
  } finally {
    await producer.disconnect();
  }
}

/** One request after the other, with one batch for each partition. Returns the checksum. */
async function produceAll(
  producer: Producer,
  topic: string,
  plan: WorkloadPlan,
  signal: AbortSignal,
): Promise<number> {
  const perBatch = recordsPerBatch(plan.valueSize);
  const compression = plan.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
  let checksum = 0;
  for (let n = 0; n < plan.records; ) {
    signal.throwIfAborted();
    const end = Math.min(plan.records, n + perBatch * plan.partitions);
    const messages = [];
    for (let i = 0; n < end; i++, n++) {
      const [key, value] = [recordKey(n), recordValue(n, plan.valueSize)];
      checksum += fingerprint(key, value);
      messages.push({ partition: Math.floor(i / perBatch), key, value });
    }
    await producer.send({ topic, messages, compression, acks: 1 });
  }
  return checksum;
}

/** The end of a run. A cluster that is not ours must not keep the topic. */
export async function deleteTopic(kafka: Kafka, topic: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.deleteTopics({ topics: [topic] });
  } finally {
    await admin.disconnect();
  }
}
