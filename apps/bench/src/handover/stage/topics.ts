/** Topics of a run, and whether the cluster has recovered from what was done to it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, PartitionMetadata } from 'kafkajs';
import { benchKafka } from '../../workload/fill-topic.ts';
import { now } from '../clock.ts';

const WAIT_MS = 90_000;
const POLL_MS = 200;

/**
 * Creates a topic and waits until all its replicas are in sync. Each partition has two replicas: when a broker dies, records
 * of the partitions that it has nothing to do with can still be read, while those that wait for its acknowledgement cannot.
 */
export async function createReplicatedTopic(
  { bootstrap, brokers }: { readonly bootstrap: readonly string[]; readonly brokers: readonly number[] },
  topic: string,
  partitions: number,
  signal: AbortSignal,
): Promise<void> {
  const replicaAssignment = Array.from({ length: partitions }, (_, partition) => ({
    partition,
    replicas: replicasOf(partition, brokers),
  }));
  await withAdmin(bootstrap, async (admin) => {
    // kafkajs' own wait fails when the broker that it asks has not heard of the topic yet.
    await admin.createTopics({ topics: [{ topic, replicaAssignment }], waitForLeaders: false });
    await untilInSync(admin, topic, signal);
  });
}

/** Waits until the group coordinators' own topic has all its replicas: nothing of an earlier fault is left. */
export async function untilRecovered(bootstrap: readonly string[], signal: AbortSignal): Promise<void> {
  await withAdmin(bootstrap, (admin) => untilInSync(admin, '__consumer_offsets', signal));
}

/** Removes the topics of scenarios that are over: each broker that starts would have to recover them. */
export async function deleteTopics(bootstrap: readonly string[]): Promise<void> {
  await withAdmin(bootstrap, async (admin) => {
    const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
}

/** The leader and one more, each pair as often as any other. */
export function replicasOf(partition: number, brokers: readonly number[]): number[] {
  const round = Math.floor(partition / brokers.length);
  const distance = 1 + (round % (brokers.length - 1));
  return [partition, partition + distance].flatMap((place) => brokers[place % brokers.length] ?? []);
}

async function untilInSync(admin: Admin, topic: string, signal: AbortSignal): Promise<void> {
  const deadline = now() + WAIT_MS;
  for (;;) {
    // A broker that has just started does not know every topic yet.
    const seen = await admin.fetchTopicMetadata({ topics: [topic] }).catch((error: unknown) => String(error));
    const partitions = typeof seen === 'string' ? [] : (seen.topics[0]?.partitions ?? []);
    if (partitions.length > 0 && partitions.every(inSync)) return;
    if (now() > deadline) throw new Error(`${topic} is not in sync: ${JSON.stringify(seen)}`);
    await delay(POLL_MS, undefined, { signal });
  }
}

function inSync({ replicas, isr }: PartitionMetadata): boolean {
  return isr.length === replicas.length;
}

async function withAdmin(bootstrap: readonly string[], use: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = benchKafka(bootstrap).admin();
  await admin.connect();
  try {
    await use(admin);
  } finally {
    await admin.disconnect();
  }
}
