/** Records, handlers and contexts: what the user of a consumer group writes and is given. */
import type { TopicPartition } from './topic-partition.ts';

/** Headers of a record, in order, with duplicates. Names are decoded when first read. */
export interface ConsumerHeaders extends Iterable<readonly [name: string, value: Buffer | null]> {
  /** The last value under this name, as Kafka's `lastHeader`; undefined without one. */
  get(name: string): Buffer | null | undefined;
  getAll(name: string): (Buffer | null)[];
  readonly size: number;
}

/**
 * A record. `key` and `value` are views that keep the fetched frame alive: `Buffer.from(record.value)` to keep one.
 * What costs something to decode is decoded when it is read.
 */
export interface ConsumerRecord extends TopicPartition {
  readonly offset: bigint;
  /** Milliseconds since the epoch; -1 where the producer gave none. */
  readonly timestamp: number;
  readonly timestampType: 'create' | 'logAppend';
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: ConsumerHeaders;
  /** -1 where unknown. */
  readonly leaderEpoch: number;
  /** Topic, partition, offset (decimal string) and timestamp; never key, value or headers. */
  toJSON(): { topic: string; partition: number; offset: string; timestamp: number };
}

/** Records of one partition that were at hand together, in order. */
export interface RecordBatchView extends TopicPartition, Iterable<ConsumerRecord> {
  readonly records: readonly ConsumerRecord[];
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  readonly highWatermark: bigint;
}

/** What a handler knows about its own work. */
export interface HandlerContext {
  readonly topicPartition: TopicPartition;
  /** Aborted when ownership ends, or the drain budget does. */
  readonly signal: AbortSignal;
  /** Whether this member still owns the partition, at the moment it is read. */
  readonly owned: boolean;
  /** From 1. */
  readonly attempt: number;
  /** Records between this one and the end of the partition, as of the last fetch; undefined while unknown. */
  lag(): bigint | undefined;
  /** Pauses this partition after the present work. */
  pause(): void;
  /** Closes the group without waiting for this handler. */
  close(): void;
  /** Settles one record. */
  settle(record: ConsumerRecord): void;
  /** Settles a record and all before it in this partition. */
  settleThrough(record: ConsumerRecord): void;
}

export type RecordHandler = (record: ConsumerRecord, context: HandlerContext) => unknown;
export type BatchHandler = (batch: RecordBatchView, context: HandlerContext) => unknown;

/** What to do about a handler that threw. */
export type HandlerErrorAction = 'retry' | 'skip' | 'pause' | 'stop' | { readonly retryAfter: number };

export type HandlerErrorPolicy = (
  error: unknown,
  record: ConsumerRecord,
  context: { readonly attempt: number; readonly signal: AbortSignal; readonly batch?: RecordBatchView },
) => HandlerErrorAction | Promise<HandlerErrorAction>;

/** How records are handled. Exactly one of `eachRecord` and `eachBatch`. */
export interface RunOptions {
  readonly eachRecord?: RecordHandler;
  readonly eachBatch?: BatchHandler;
  /** `manual`: returning settles nothing; call `context.settle` later, while owned. */
  readonly settle?: 'auto' | 'manual';
  /** Aborting closes the group. */
  readonly signal?: AbortSignal;
  /** Ends the run when the end offsets seen at start are reached. */
  readonly until?: 'end';
}

/** One partition's distance to the end. `toJSON` gives decimal strings. */
export interface PartitionLag extends TopicPartition {
  readonly position: bigint;
  readonly committed: bigint | null;
  readonly endOffset: bigint;
  readonly lag: bigint;
  toJSON(): {
    topic: string;
    partition: number;
    position: string;
    committed: string | null;
    endOffset: string;
    lag: string;
  };
}

export interface CloseOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  /** A static member leaves only when asked; a dynamic one always does. */
  readonly leave?: boolean;
}

export interface CloseResult {
  /** Everything in flight settled in time. */
  readonly drained: boolean;
  /** Partitions whose handlers did not. */
  readonly abandoned: readonly TopicPartition[];
  /** A LeaveGroup was answered. */
  readonly left: boolean;
}
