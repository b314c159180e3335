/** The committed offsets of all groups of a coordinator, and those that an open transaction has yet to decide on. */
import type { StoredOffset } from './stored-state.ts';

type TopicOffsets = Map<string, Map<number, StoredOffset>>;

export class OffsetStore {
  readonly #byGroup = new Map<string, TopicOffsets>();
  /** By producer id, in the order of the commits. */
  readonly #pending = new Map<bigint, StoredOffset[]>();

  set(offset: StoredOffset): void {
    const topics = getOrMake(this.#byGroup, offset.groupId, () => new Map());
    getOrMake(topics, offset.topic, () => new Map()).set(offset.partition, offset);
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
    getOrMake(this.#pending, producerId, () => []).push(offset);
  }

  /** Offsets of a transaction that has ended; they are no longer pending. */
  takePending(producerId: bigint): StoredOffset[] {
    const pending = this.#pending.get(producerId) ?? [];
    this.#pending.delete(producerId);
    return pending;
  }

  /** Whether a transaction has yet to decide on an offset of the group, or of one of its partitions. */
  hasPending(groupId: string, topic?: string, partition?: number): boolean {
    return [...this.#pending.values()].some((offsets) => offsets.some(matching(groupId, topic, partition)));
  }

  /** Undecided offsets of a group, or of one of its partitions, that is being deleted go with it. */
  dropPending(groupId: string, topic?: string, partition?: number): void {
    const drops = matching(groupId, topic, partition);
    for (const [producerId, offsets] of this.#pending) {
      const others = offsets.filter((offset) => !drops(offset));
      if (others.length === 0) this.#pending.delete(producerId);
      else this.#pending.set(producerId, others);
    }
  }
}

/** The value under a key, made and put there when there is none. */
function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}

/** Undefined matches everything. */
function matching(groupId: string, topic?: string, partition?: number): (offset: StoredOffset) => boolean {
  return (offset) =>
    offset.groupId === groupId &&
    (topic === undefined || offset.topic === topic) &&
    (partition === undefined || offset.partition === partition);
}
