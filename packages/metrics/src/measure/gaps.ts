/** How long partitions stood still between being given up by a member and coming back to it. */
import type { EventEnvelope, TopicPartition } from '@kohort/core/spi';

/** What is told of a member's ownership. */
type OwnershipEvent = EventEnvelope & { readonly partitions: readonly TopicPartition[] };

export class Gaps {
  /** When each partition was given up, by member. Bounded by what members have owned since their last rebalance. */
  readonly #since = new Map<string, Map<string, number>>();

  givenUp(event: OwnershipEvent): void {
    const key = memberKey(event);
    const since = this.#since.get(key) ?? new Map<string, number>();
    this.#since.set(key, since);
    for (const place of event.partitions) {
      const partition = partitionKey(place);
      if (!since.has(partition)) since.set(partition, event.mono);
    }
  }

  /** Milliseconds, added up over the partitions that have come back. */
  takenBack(event: OwnershipEvent): number {
    const since = this.#since.get(memberKey(event));
    if (!since) return 0;
    // The callback ran before the event; work went on when it had ended.
    return event.partitions.reduce((sum, place) => {
      const from = since.get(partitionKey(place));
      since.delete(partitionKey(place));
      return from === undefined ? sum : sum + event.mono - from;
    }, 0);
  }

  /** What has not come back with this rebalance belongs to somebody else. */
  end(event: EventEnvelope): void {
    this.#since.delete(memberKey(event));
  }
}

function memberKey({ groupId, clientId }: EventEnvelope): string {
  return JSON.stringify([groupId, clientId]);
}

function partitionKey({ topic, partition }: TopicPartition): string {
  return `${partition} ${topic}`;
}
