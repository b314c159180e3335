/** Topics of a run, and whether the cluster has recovered from what was done to it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { benchKafka } from '../../workload/fill-topic.ts';
import { now } from '../clock.ts';

const REPLICAS = 3;
const WAIT_MS = 90_000;
const POLL_MS = 200;

/** Creates a topic and waits until all its replicas are in sync. */
export async function createReplicatedTopic(
  bootstrap: readonly string[],
  topic: string,
  partitions: number,
  signal: AbortSignal,
): Promise<void> {
  await withAdmin(bootstrap, async (admin) => {
    // kafkajs' own wait fails when the broker that it asks has not heard of the topic yet.
    await admin.createTopics({
      topics: [{ topic, numPartitions: partitions, replicationFactor: REPLICAS }],
      waitForLeaders: false,
    });
    await untilInSync(admin, topic, signal);
  });
}

/** Waits until the group coordinators' own topic has all its replicas: nothing of an earlier fault is left. */
export async function untilRecovered(bootstrap: readonly string[], signal: AbortSignal): Promise<void> {
  await withAdmin(bootstrap, (admin) => untilInSync(admin, '__consumer_offsets', signal));
}

async function untilInSync(admin: Admin, topic: string, signal: AbortSignal): Promise<void> {
  const deadline = now() + WAIT_MS;
  for (;;) {
    // A broker that has just started does not know every topic yet.
    const seen = await admin.fetchTopicMetadata({ topics: [topic] }).catch((error: unknown) => String(error));
    const partitions = typeof seen === 'string' ? [] : (seen.topics[0]?.partitions ?? []);
    if (partitions.length > 0 && partitions.every(({ isr }) => isr.length === REPLICAS)) return;
    if (now() > deadline) throw new Error(`${topic} is not in sync: ${JSON.stringify(seen)}`);
    await delay(POLL_MS, undefined, { signal });
  }
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
