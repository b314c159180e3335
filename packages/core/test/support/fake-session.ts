/** A group session that a test controls: what is owned, what is committed, and what a commit answers. */
import type { GroupSession, OwnedPartition } from '../../src/contracts/session.ts';
import {
  type PartitionOffset,
  partitionKey,
  type TopicPartition,
} from '../../src/contracts/topic-partition.ts';
import { ErrorCode } from '../../src/errors/error-codes.ts';
import { KohortError } from '../../src/errors/kohort-error.ts';

class FakeOwned implements OwnedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  readonly #group: FakeGroup;
  readonly #controller = new AbortController();
  ended = false;

  constructor({ topic, partition }: TopicPartition, epoch: number, group: FakeGroup) {
    this.topic = topic;
    this.partition = partition;
    this.epoch = epoch;
    this.#group = group;
  }

  get owned(): boolean {
    return !this.ended && this.#group.leaseRuns;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    this.ended = true;
    this.#controller.abort();
  }
}

/** The group as one member sees it; makes a session for each generation. */
export class FakeGroup {
  readonly committed = new Map<string, PartitionOffset>();
  readonly commits: (readonly PartitionOffset[])[] = [];
  readonly failed: KohortError[] = [];
  readonly steppedOut: { readonly stuck: readonly TopicPartition[]; readonly until: Promise<unknown> }[] = [];
  leaseRuns = true;
  memberId = 'm1';
  generationId = 0;
  /** Called for each commit; may throw, or take its time. */
  onCommit: (offsets: readonly PartitionOffset[]) => void | Promise<void> = () => undefined;
  onFetch: (partitions: readonly TopicPartition[]) => void | Promise<void> = () => undefined;
  fetchCalls = 0;
  readonly #owned = new Map<string, FakeOwned>();
  #epoch = 0;
  #controller = new AbortController();

  /** A new generation, in which these are new. */
  session(added: readonly TopicPartition[]): GroupSession {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.generationId += 1;
    return this.again(added);
  }

  /** The same generation again: after a lease that was confirmed. */
  again(added: readonly TopicPartition[]): GroupSession {
    if (this.#controller.signal.aborted) this.#controller = new AbortController();
    for (const partition of added) {
      this.#epoch += 1;
      this.#owned.set(partitionKey(partition), new FakeOwned(partition, this.#epoch, this));
    }
    const { generationId, memberId } = this;
    return {
      generationId,
      memberId,
      isLeader: false,
      signal: this.#controller.signal,
      epochOf: (partition) => this.#owned.get(partitionKey(partition))?.epoch,
      owned: (partition) => this.#owned.get(partitionKey(partition)),
      commit: (offsets) => this.#commit(offsets),
      committed: (partitions) => this.#fetch(partitions),
      stepOut: (stuck, until) => this.steppedOut.push({ stuck, until }),
      fail: (error) => this.failed.push(error),
    };
  }

  /** Ownership ends, as the manager does it. */
  end(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      this.#owned.get(partitionKey(partition))?.end();
      this.#owned.delete(partitionKey(partition));
    }
  }

  lose(partitions: readonly TopicPartition[]): void {
    this.end(partitions);
    this.#controller.abort();
  }

  committedOffset(topic: string, partition: number): bigint | undefined {
    return this.committed.get(partitionKey({ topic, partition }))?.offset;
  }

  async #commit(offsets: readonly PartitionOffset[]): Promise<void> {
    for (const offset of offsets) {
      if (this.#owned.get(partitionKey(offset))?.owned) continue;
      throw new KohortError(ErrorCode.notOwned, 'not owned', { topicPartition: offset });
    }
    this.commits.push(offsets);
    await this.onCommit(offsets);
    for (const offset of offsets) this.committed.set(partitionKey(offset), offset);
  }

  async #fetch(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    this.fetchCalls += 1;
    await this.onFetch(partitions);
    return partitions.flatMap((partition) => this.committed.get(partitionKey(partition)) ?? []);
  }
}
