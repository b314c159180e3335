/** The committed offsets of all groups of a coordinator, and those that an open transaction has yet to decide on. */
import type { StoredOffset } from './stored-state.ts';

type TopicOffsets = Map<string, Map<number, StoredOffset>>;

export class OffsetStore {
  readonly #byGroup = new Map<string, TopicOffsets>();
  /** By producer id, in the order of the commits. */
  readonly #pending = new Map<bigint, StoredOffset[]>();

  set(offset: StoredOffset): void {
    let topics = this.#byGroup.get(offset.groupId);
    if (topics === undefined) this.#byGroup.set(offset.groupId, (topics = new Map()));
    let partitions = topics.get(offset.topic);
    if (partitions === undefined) topics.set(offset.topic, (partitions = new Map()));
    partitions.set(offset.partition, offset);
  }

  get(groupId: string, topic: string, partition: number): StoredOffset | undefined {
    return this.#byGroup.get(groupId)?.get(topic)?.get(partition);
  }

  delete(offset: StoredOffset): void {
    const topics = this.#byGroup.get(offset.groupId);
    const partitions = topics?.get(offset.topic);
    if (topics === undefined || partitions === undefined) return;
    partitions.delete(offset.partition);
    if (partitions.size === 0) topics.delete(offset.topic);
    if (topics.size === 0) this.#byGroup.delete(offset.groupId);
  }

  /** Committed offsets of one group, topic by topic. */
  ofGroup(groupId: string): StoredOffset[] {
    const topics = this.#byGroup.get(groupId);
    return topics === undefined ? [] : [...topics.values()].flatMap((partitions) => [...partitions.values()]);
  }

  list(): StoredOffset[] {
    return [...this.#byGroup.keys()].flatMap((groupId) => this.ofGroup(groupId));
  }

  setPending(producerId: bigint, offset: StoredOffset): void {
    const pending = this.#pending.get(producerId);
    if (pending === undefined) this.#pending.set(producerId, [offset]);
    else pending.push(offset);
  }

  /** Offsets of a transaction that has ended; they are no longer pending. */
  takePending(producerId: bigint): StoredOffset[] {
    const pending = this.#pending.get(producerId) ?? [];
    this.#pending.delete(producerId);
    return pending;
  }

  hasPending(groupId: string, topic?: string, partition?: number): boolean {
    for (const offsets of this.#pending.values()) {
      const found = offsets.some(
        (offset) =>
          offset.groupId === groupId &&
          (topic === undefined || offset.topic === topic) &&
          (partition === undefined || offset.partition === partition),
      );
      if (found) return true;
    }
    return false;
  }

  /** Undecided offsets of a group that is being deleted go with it. */
  dropPending(groupId: string): void {
    for (const [producerId, offsets] of this.#pending) {
      const others = offsets.filter((offset) => offset.groupId !== groupId);
      if (others.length === 0) this.#pending.delete(producerId);
      else this.#pending.set(producerId, others);
    }
  }
}
