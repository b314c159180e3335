/** The two things that a user holds in hand: a group manager (membership alone) and a consumer group. */
import type { CloseOptions, CloseResult, PartitionLag, RecordBatchView, RunOptions } from './consumer.ts';
import type { GroupDescription } from './description.ts';
import type { HookLike } from './hooks.ts';
import type { AutoOffsetReset } from './options.ts';
import type { PartitionOffset, TopicPartition } from './topic-partition.ts';

/** An offset, or what leads to one: see the option `autoOffsetReset`. */
export type SeekTarget = bigint | Exclude<AutoOffsetReset, 'none' | { readonly ago: number }>;

/** What both have in common. */
export interface Group extends AsyncDisposable {
  /** A snapshot of the member. */
  describe(): GroupDescription;
  /** Subscribes to other topics; a rebalance follows. @throws KohortError `KOHORT_CONFIG` */
  setTopics(topics: readonly (string | RegExp)[]): void;
  /** Listens to events; returns the function that ends it. */
  subscribe(hook: HookLike): () => void;
  /** Gives back what is owned, leaves, and ends. Always resolves; repeated calls share one end, and the shortest time wins. */
  close(options?: CloseOptions): Promise<CloseResult>;
}

/** How long to wait until a group is ready. */
export interface ReadyOptions {
  /** Milliseconds; without one, until the group ends. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Membership in a consumer group without consumption: leader election, shards, any use of partitions as units of work. */
export interface GroupManager extends Group {
  /**
   * Joins the group; resolves with the first assignment, an empty one included.
   * @throws KohortError `KOHORT_STATE` when called twice or after `close`; the error of the one terminal state
   */
  start(): Promise<void>;
  /** Resolves when the group has been closed; rejects with the error of the one terminal state. */
  readonly ended: Promise<void>;
  /** Asks for a rebalance (KIP-568). */
  rejoin(reason: string): void;
}

/** Membership, fetching, handlers and commits. Used once. */
export interface ConsumerGroup extends Group {
  /**
   * Joins and consumes until the end: resolves after `close`, rejects with the error of the one terminal state.
   * @throws KohortError `KOHORT_STATE` when called twice or after `close`, `KOHORT_CONFIG` for wrong options
   */
  run(options: RunOptions): Promise<void>;
  /** The same as an iterator: asking for the next batch settles the one before. Leaving the loop closes the group. */
  batches(options?: Pick<RunOptions, 'signal' | 'until'>): AsyncIterableIterator<RecordBatchView>;
  /**
   * Resolves when the first assignment is applied (an empty one counts) and every position is known.
   * @throws KohortError `KOHORT_NOT_READY` with the last failure as cause
   */
  ready(options?: ReadyOptions): Promise<void>;
  /**
   * Stops fetching and handing out; survives a rebalance in which the partition stays here.
   * @throws KohortError `KOHORT_NOT_OWNED`, as do `resume`, `seek` and `commit`
   */
  pause(partitions: readonly TopicPartition[]): Promise<void>;
  resume(partitions: readonly TopicPartition[]): Promise<void>;
  /** Continues elsewhere. What is in flight settles without effect on the position. */
  seek(partition: TopicPartition, to: SeekTarget): Promise<void>;
  /** Commits what has settled, or these offsets. */
  commit(offsets?: readonly PartitionOffset[]): Promise<void>;
  /** Partitions whose end is not known yet are left out. */
  lag(): readonly PartitionLag[];
  /** Committed offsets of owned partitions. */
  committed(): Promise<readonly PartitionOffset[]>;
}
