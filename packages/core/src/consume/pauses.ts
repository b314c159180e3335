/**
 * Which partitions are paused. A pause outlives a rebalance in which the partition comes back to this member, but not a loss:
 * somebody else may have owned it in between.
 */
import type { GroupSession } from '../contracts/session.ts';
import { partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';

export class Pauses {
  readonly #paused = new Map<string, TopicPartition>();
  /** Lost while paused, and under which member and generation. */
  readonly #lost = new Map<string, Pick<GroupSession, 'memberId' | 'generationId'>>();
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
    const key = partitionKey(partition);
    this.#lost.delete(key);
    return this.#paused.delete(key);
  }

  /** Ownership has ended without consent. */
  lose(partition: TopicPartition, { memberId, generationId }: GroupSession): void {
    const key = partitionKey(partition);
    if (this.#paused.has(key)) this.#lost.set(key, { memberId, generationId });
  }

  /** An assignment arrives: pauses of lost partitions end, unless it confirms the very ownership that was in doubt. */
  endLost({ memberId, generationId }: GroupSession): void {
    for (const [key, lost] of this.#lost) {
      if (lost.memberId === memberId && lost.generationId === generationId) continue;
      const partition = this.#paused.get(key);
      if (partition && this.#paused.delete(key)) this.#onEnded(partition);
    }
    this.#lost.clear();
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
