// Waits until a cluster knows what a test has done to it. A killed broker counts as alive until its session
// expires, and a topic is unknown to a broker until the controller's record has reached it.

import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaCluster } from './cluster.ts';
import { type ClusterView, probeMetadata } from './wire-probe.ts';

const PROBE_TIMEOUT_MS = 2_000;

/**
 * Waits until the brokers that answer list exactly the brokers `ids`.
 * @throws Error with the last lists when `timeoutMs` is over.
 */
export async function untilLive(
  cluster: KafkaCluster,
  ids: readonly number[],
  timeoutMs = 30_000,
): Promise<void> {
  const wanted = sorted(ids);
  await untilAll(
    cluster,
    undefined,
    timeoutMs,
    `brokers ${wanted}`,
    ({ brokers }) => sorted(brokers) === wanted,
  );
}

/** Waits until every broker that answers knows a leader for each of the topic's partitions. */
export async function untilTopic(
  cluster: KafkaCluster,
  topic: string,
  partitions: number,
  timeoutMs = 30_000,
): Promise<void> {
  const what = `${partitions} led partitions of ${topic}`;
  await untilAll(cluster, topic, timeoutMs, what, ({ brokers, leaders }) => {
    return leaders.length === partitions && leaders.every((leader) => brokers.includes(leader));
  });
}

async function untilAll(
  cluster: KafkaCluster,
  topic: string | undefined,
  timeoutMs: number,
  what: string,
  holds: (view: ClusterView) => boolean,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answers = await Promise.allSettled(
      cluster.internal.map((address) => probeMetadata(address, PROBE_TIMEOUT_MS, topic)),
    );
    // A broker that is down has no view; at least one must have.
    const views = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    if (views.length > 0 && views.every(holds)) return;
    if (performance.now() > deadline)
      throw new Error(`waited ${timeoutMs} ms for ${what}: ${JSON.stringify(views)}`);
    await delay(50);
  }
}

function sorted(ids: readonly number[]): string {
  return ids.toSorted((a, b) => a - b).join(', ');
}
