/** Topics that somebody subscribes to and that have partitions, by name and by number. */
import type { AssignmentTopic } from '../contracts/assignor.ts';
import type { BrokerAddress } from '../contracts/topic-partition.ts';
import type { TopicMetadata } from '../contracts/transport.ts';
import { byCodeUnits } from '../wire/topic-partitions.ts';

/** What an assignment needs of a cluster: a metadata answer fits. */
export interface AssignmentCluster {
  readonly brokers: readonly BrokerAddress[];
  readonly topics: readonly TopicMetadata[];
}

export interface TopicIndex {
  readonly topics: readonly AssignmentTopic[];
  /** Index into `topics` by name. */
  readonly byName: ReadonlyMap<string, number>;
  readonly partitionCount: number;
  /** By index into `topics`. */
  readonly metadata: readonly TopicMetadata[];
  /** Subscribed topics that the cluster does not know, in order. */
  readonly withoutMetadata: readonly string[];
}

export function indexTopics(subscribed: ReadonlySet<string>, cluster: AssignmentCluster): TopicIndex {
  const known = new Map(cluster.topics.map((topic) => [topic.name, topic]));
  const topics: AssignmentTopic[] = [];
  const metadata: TopicMetadata[] = [];
  const byName = new Map<string, number>();
  const withoutMetadata: string[] = [];
  let base = 0;
  for (const name of [...subscribed].sort(byCodeUnits)) {
    const topic = known.get(name);
    if (topic === undefined || topic.partitions.length === 0) {
      withoutMetadata.push(name);
      continue;
    }
    byName.set(name, topics.length);
    topics.push(Object.freeze({ name, partitionCount: topic.partitions.length, base }));
    metadata.push(topic);
    base += topic.partitions.length;
  }
  return { topics, byName, partitionCount: base, metadata, withoutMetadata };
}
