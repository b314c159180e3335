/** Which partitions are paused. A pause outlives a rebalance in which the partition comes back to this member. */
import { partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';

export class Pauses {
  readonly #paused = new Map<string, TopicPartition>();
  readonly #onEnded: (partition: TopicPartition) => void;

  /** @param onEnded told when a pause ends because the partition has gone */
  constructor(onEnded: (partition: TopicPartition) => void) {
    this.#onEnded = onEnded;
  }

  has(key: string): boolean {
    return this.#paused.has(key);
  }

  /** False when it was paused already. */
  add({ topic, partition }: TopicPartition): boolean {
    const key = partitionKey({ topic, partition });
    if (this.#paused.has(key)) return false;
    this.#paused.set(key, { topic, partition });
    return true;
  }

  /** False when it was not paused. */
  remove(partition: TopicPartition): boolean {
    return this.#paused.delete(partitionKey(partition));
  }

  /** An assignment has been made: pauses of partitions that did not come back end. */
  endUnless(isOwned: (partition: TopicPartition) => boolean): void {
    for (const [key, partition] of this.#paused) {
      if (isOwned(partition)) continue;
      this.#paused.delete(key);
      this.#onEnded(partition);
    }
  }
}
