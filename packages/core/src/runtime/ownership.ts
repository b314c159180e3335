/** Who owns what at this very moment, readable synchronously by the data plane: epochs, signals, and the lease. */
import type { Clock } from '../contracts/clock.ts';
import type { OwnedPartition } from '../contracts/session.ts';
import { partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';
import { LEASE_SHARE } from '../membership/lease.ts';

/** Counts from the last accepted heartbeat, by whichever clock has advanced more. */
export class Lease {
  readonly #clock: Clock;
  readonly #lengthMs: number;
  #mono = Number.NEGATIVE_INFINITY;
  #wall = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, sessionTimeout: number, enforced: boolean) {
    this.#clock = clock;
    this.#lengthMs = enforced ? sessionTimeout * LEASE_SHARE : Number.POSITIVE_INFINITY;
  }

  renew(mono: number, wall: number): void {
    this.#mono = mono;
    this.#wall = wall;
  }

  get runs(): boolean {
    return (
      this.#clock.monotonic() - this.#mono < this.#lengthMs &&
      this.#clock.wall() - this.#wall < this.#lengthMs
    );
  }
}

class Owned implements OwnedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  readonly #lease: Lease;
  readonly #controller = new AbortController();
  #ended = false;

  constructor(partition: TopicPartition, epoch: number, lease: Lease) {
    this.topic = partition.topic;
    this.partition = partition.partition;
    this.epoch = epoch;
    this.#lease = lease;
  }

  get owned(): boolean {
    return !this.#ended && this.#lease.runs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    this.#ended = true;
    this.#controller.abort();
  }
}

export class OwnershipTable {
  readonly #lease: Lease;
  readonly #owned = new Map<string, Owned>();
  #lastEpoch = 0;

  constructor(lease: Lease) {
    this.#lease = lease;
  }

  begin(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      this.#lastEpoch += 1;
      this.#owned.set(partitionKey(partition), new Owned(partition, this.#lastEpoch, this.#lease));
    }
  }

  end(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      const key = partitionKey(partition);
      const owned = this.#owned.get(key);
      this.#owned.delete(key);
      owned?.end();
    }
  }

  get size(): number {
    return this.#owned.size;
  }

  get(partition: TopicPartition): OwnedPartition | undefined {
    return this.#owned.get(partitionKey(partition));
  }
}
