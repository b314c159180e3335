/** Which topics the group subscribes to: names as they are, patterns against what the cluster has. */
import type { ClusterMetadata } from '../cluster/cluster-metadata.ts';
import { KafkaCode } from '../errors/kafka-codes.ts';

const WATCHER = 'subscription';

export class Subscription {
  readonly #metadata: ClusterMetadata;
  #names: readonly string[] = [];
  #patterns: readonly RegExp[] = [];

  constructor(metadata: ClusterMetadata, topics: readonly (string | RegExp)[]) {
    this.#metadata = metadata;
    this.set(topics);
  }

  set(topics: readonly (string | RegExp)[]): void {
    this.#names = topics.filter((topic) => typeof topic === 'string');
    this.#patterns = topics.filter((topic) => topic instanceof RegExp);
    this.#metadata.watch(WATCHER, this.hasPatterns ? null : this.#names);
  }

  /** A pattern needs to see the cluster's topics before the first join. */
  get hasPatterns(): boolean {
    return this.#patterns.length > 0;
  }

  /** Sorted, without doubles. Internal topics match no pattern. */
  resolve(): readonly string[] {
    const matched = [...this.#metadata.topics.values()]
      .filter(({ internal, errorCode }) => !internal && errorCode !== KafkaCode.unknownTopicOrPartition)
      .map(({ name }) => name)
      .filter((name) => this.#patterns.some((pattern) => pattern.test(name)));
    return [...new Set([...this.#names, ...matched])].sort();
  }
}
