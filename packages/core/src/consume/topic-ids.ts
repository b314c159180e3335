/** Which topic a name stands for (KIP-516): one that was deleted and created again has another id. */
import type { ClusterMetadata } from '../cluster/cluster-metadata.ts';

export class TopicIds {
  readonly #metadata: ClusterMetadata;
  /** By name, as last seen. */
  readonly #known = new Map<string, string>();
  readonly #former = new Set<string>();
  readonly #successors = new Set<string>();

  constructor(metadata: ClusterMetadata) {
    this.#metadata = metadata;
  }

  /** Undefined where the cluster has no ids. A broker that lags behind, and names the topic of before, changes nothing. */
  current(topic: string): string | undefined {
    const id = this.#metadata.topics.get(topic)?.id;
    const known = this.#known.get(topic);
    if (id === undefined || id === known || this.#former.has(id)) return known;
    this.#known.set(topic, id);
    if (known !== undefined) {
      this.#former.add(known);
      this.#successors.add(id);
    }
    return id;
  }

  /** Whether this member knew another topic by the same name: everything in this one is new to it. */
  isSuccessor(topic: string): boolean {
    const id = this.current(topic);
    return id !== undefined && this.#successors.has(id);
  }
}
