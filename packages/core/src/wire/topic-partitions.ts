/** Partitions grouped by topic, as the consumer protocol writes them, and the one order that Kohort puts names in. */
import type { TopicPartition } from '../contracts/topic-partition.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** Some partitions of one topic. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** Order by UTF-16 code units: JavaScript's `<` and Java's `String.compareTo`, not byte order and not a locale's. */
export function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Grouped by topic, topics and partitions in order and without doubles: equal sets give equal bytes. */
export function groupByTopic(partitions: Iterable<TopicPartition>): TopicPartitions[] {
  const byTopic = new Map<string, Set<number>>();
  for (const { topic, partition } of partitions) {
    const known = byTopic.get(topic);
    if (known === undefined) byTopic.set(topic, new Set([partition]));
    else known.add(partition);
  }
  return [...byTopic]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([topic, numbers]) => ({ topic, partitions: [...numbers].sort((a, b) => a - b) }));
}

/** One object for each partition, in the order given. */
export function flattenTopics(topics: readonly TopicPartitions[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}

export function readTopicPartitions(reader: ByteReader): TopicPartitions[] {
  return reader.array(
    (element) => ({ topic: element.string(), partitions: element.array((number) => number.int32(), 4) }),
    6,
  );
}

export function writeTopicPartitions(writer: ByteWriter, topics: readonly TopicPartitions[]): void {
  writer.array(topics, (element, { topic, partitions }) => {
    element.string(topic).array(partitions, (number, partition) => number.int32(partition));
  });
}
