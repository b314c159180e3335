/** The partitions that are owned now, and former ones whose handlers still run. */
import { partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';
import type { Pump } from './pump.ts';

export class PumpSet {
  readonly #owned = new Map<string, Pump>();
  /** Ended, with a handler call that has not returned: no other handler may begin on the same partition. */
  readonly #lingering = new Set<Pump>();
  readonly #onUnblocked: (pump: Pump) => void;

  /** @param onUnblocked the last handler of a former ownership of this partition has returned */
  constructor(onUnblocked: (pump: Pump) => void) {
    this.#onUnblocked = onUnblocked;
  }

  [Symbol.iterator](): Iterator<Pump> {
    return this.#owned.values();
  }

  get size(): number {
    return this.#owned.size;
  }

  get lingering(): Iterable<Pump> {
    return this.#lingering;
  }

  get(partition: TopicPartition): Pump | undefined {
    return this.#owned.get(partitionKey(partition));
  }

  add(pump: Pump): void {
    pump.blocked = this.#isBlocked(pump.key);
    this.#owned.set(pump.key, pump);
  }

  /** Ownership has ended; a handler that still runs keeps its successor waiting. */
  remove(pump: Pump): void {
    if (this.#owned.get(pump.key) === pump) this.#owned.delete(pump.key);
    if (pump.busy === 0 || this.#lingering.has(pump)) return;
    this.#lingering.add(pump);
    pump.onIdle(() => this.#returned(pump));
  }

  #returned(pump: Pump): void {
    this.#lingering.delete(pump);
    const successor = this.#owned.get(pump.key);
    if (!successor?.blocked || this.#isBlocked(pump.key)) return;
    successor.blocked = false;
    this.#onUnblocked(successor);
  }

  #isBlocked(key: string): boolean {
    for (const former of this.#lingering) if (former.key === key) return true;
    return false;
  }
}
