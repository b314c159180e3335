/** A record batch as the log keeps it: its bytes, and the header fields that the broker looks at. */

/** A batch on its way into a log: checked, but without an offset. */
export interface IncomingBatch {
  /** The whole batch, header included. The log never writes into it. */
  readonly bytes: Uint8Array;
  /** Last offset minus base offset. */
  readonly lastOffsetDelta: number;
  /** Milliseconds since the epoch, -1 without. */
  readonly maxTimestamp: number;
  /** -1 without idempotence. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly isTransactional: boolean;
  /** What a control batch says; null for data. */
  readonly marker: 'commit' | 'abort' | null;
}

/** One appended batch. `bytes` are the broker's own copy with offset and leader epoch filled in. */
export interface StoredBatch extends IncomingBatch {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly leaderEpoch: number;
}

/**
 * Index of the first batch whose last offset is at or above `offset`: the one to begin reading with.
 * `batches.length` when all lie below.
 */
export function firstBatchAt(batches: readonly StoredBatch[], offset: bigint): number {
  let low = 0;
  let high = batches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const batch = batches[middle];
    if (batch !== undefined && batch.lastOffset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
