/** Flat lists of partitions and Kafka's nested ones, both ways. Names may be anything, `__proto__` included. */
import type { TopicPartition } from '@kohort/core/spi';

/** Groups by topic, in order of first mention. */
export function byTopic<P extends TopicPartition, T>(
  partitions: readonly P[],
  make: (partition: P) => T,
): readonly { readonly topic: string; readonly partitions: readonly T[] }[] {
  const topics = new Map<string, T[]>();
  for (const partition of partitions) {
    const known = topics.get(partition.topic);
    if (known === undefined) topics.set(partition.topic, [make(partition)]);
    else known.push(make(partition));
  }
  return [...topics].map(([topic, made]) => ({ topic, partitions: made }));
}
