/** What a timeline knows: who owned which partition, from when to when, and the rebalances that changed it. Bounded. */
import type { RebalanceTrigger, TopicPartition } from '@kohort/core/spi';

/** One member of a group, as the pictures call it. */
export interface TimelineMember {
  readonly groupId: string;
  readonly name: string;
}

/** One partition in the hands of one member. Times in milliseconds since the epoch. */
export interface Ownership extends TopicPartition {
  readonly member: TimelineMember;
  readonly from: number;
  /** null while it lasts. */
  to: number | null;
  readonly generation: number;
  /** Why it began. */
  readonly began: string;
  /** Why it ended: `revoked`, `closed`, or `lost` with the reason. */
  ended: string | null;
}

export interface TimelineRebalance {
  readonly member: TimelineMember;
  readonly from: number;
  /** null while it is under way. */
  to: number | null;
  readonly trigger: RebalanceTrigger;
  readonly reason: string;
  /** Of the generation that came out; -1 until then. */
  generation: number;
  outcome: 'ok' | 'abandoned' | null;
}

/** The last so many things of one kind. */
export class Bounded<Item> {
  readonly #limit: number;
  readonly #items: Item[] = [];
  /** How many were forgotten. */
  dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: Item): void {
    this.#items.push(item);
    // In large steps, so that it costs nothing on average.
    if (this.#items.length >= this.#limit * 2) {
      this.dropped += this.#items.length - this.#limit;
      this.#items.splice(0, this.#items.length - this.#limit);
    }
  }

  get items(): readonly Item[] {
    return this.#items.slice(-this.#limit);
  }

  /** How many items are not in `items`. */
  get missing(): number {
    return this.dropped + Math.max(0, this.#items.length - this.#limit);
  }
}

/** What is drawn. */
export interface History {
  readonly ownerships: readonly Ownership[];
  readonly rebalances: readonly TimelineRebalance[];
  /** The first and the last moment that anything is known of; equal while nothing is. */
  readonly from: number;
  readonly to: number;
  /** Ownerships and rebalances that were forgotten for the sake of memory. */
  readonly forgotten: number;
}
