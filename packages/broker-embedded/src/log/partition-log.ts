/**
 * The log of one partition: batches in memory, offsets given by the broker. All virtual replicas share it, so the
 * high watermark is the log end offset: what is acknowledged is readable.
 */
import { withBaseOffset } from '@kohort/protocol';
import { EpochHistory } from './epoch-history.ts';
import { type AbortedTransaction, ProducerStates } from './producer-states.ts';
import { firstBatchAt, type IncomingBatch, type StoredBatch } from './stored-batch.ts';

/** Where a batch ended up, or why it did not. */
export type AppendResult =
  | { readonly errorCode: 0; readonly baseOffset: bigint; readonly duplicate: boolean }
  | { readonly errorCode: number; readonly baseOffset: -1n; readonly duplicate: false };

export interface ReadResult {
  /** Whole batches; the first may begin below the offset asked for. */
  readonly batches: readonly StoredBatch[];
  readonly sizeInBytes: number;
  /** Offset after the last one that was looked at: aborted transactions are listed up to here. */
  readonly endOffset: bigint;
}

export class PartitionLog {
  #batches: StoredBatch[] = [];
  #startOffset = 0n;
  #endOffset = 0n;
  readonly #producers = new ProducerStates();
  readonly #epochs = new EpochHistory();
  readonly #listeners = new Set<() => void>();

  get startOffset(): bigint {
    return this.#startOffset;
  }

  /** Offset of the next record: also the high watermark. */
  get endOffset(): bigint {
    return this.#endOffset;
  }

  get lastStableOffset(): bigint {
    return this.#producers.lastStableOffset(this.#endOffset);
  }

  get batches(): readonly StoredBatch[] {
    return this.#batches;
  }

  /** Calls `listener` after every change of the log. Returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Appends a batch of data under a leader epoch. A duplicate of an idempotent producer keeps its first offset. */
  append(batch: IncomingBatch, leaderEpoch: number): AppendResult {
    const verdict = this.#producers.check(batch);
    if (verdict.kind === 'refuse') {
      return { errorCode: verdict.errorCode, baseOffset: -1n, duplicate: false };
    }
    if (verdict.kind === 'duplicate')
      return { errorCode: 0, baseOffset: verdict.baseOffset, duplicate: true };
    const stored = this.#store(batch, leaderEpoch);
    this.#producers.appended(stored);
    this.#changed();
    return { errorCode: 0, baseOffset: stored.baseOffset, duplicate: false };
  }

  /** Appends the control batch that ends a producer's transaction. */
  appendMarker(batch: IncomingBatch, leaderEpoch: number): void {
    this.#producers.ended(this.#store(batch, leaderEpoch));
    this.#changed();
  }

  #store(batch: IncomingBatch, leaderEpoch: number): StoredBatch {
    const baseOffset = this.#endOffset;
    const lastOffset = baseOffset + BigInt(batch.lastOffsetDelta);
    // A copy: what came in is a view of a socket's buffer, or belongs to the caller.
    const bytes = withBaseOffset(new Uint8Array(batch.bytes), baseOffset, leaderEpoch);
    const stored = { ...batch, bytes, baseOffset, lastOffset, leaderEpoch };
    this.#batches.push(stored);
    this.#endOffset = lastOffset + 1n;
    this.#epochs.note(leaderEpoch, baseOffset);
    return stored;
  }

  /**
   * Batches from `offset` on, below `limit`, of together at most `maxBytes`.
   * @param atLeastOne the first batch is returned even where it is larger (KIP-74)
   */
  read(offset: bigint, limit: bigint, maxBytes: number, atLeastOne: boolean): ReadResult {
    const batches: StoredBatch[] = [];
    let sizeInBytes = 0;
    let endOffset = offset;
    for (let i = firstBatchAt(this.#batches, offset); i < this.#batches.length; i++) {
      const batch = this.#batches[i];
      if (batch === undefined || batch.baseOffset >= limit) break;
      const fits = sizeInBytes + batch.bytes.length <= maxBytes;
      if (!fits && !(atLeastOne && batches.length === 0)) break;
      batches.push(batch);
      sizeInBytes += batch.bytes.length;
      endOffset = batch.lastOffset + 1n;
    }
    return { batches, sizeInBytes, endOffset };
  }

  /** Aborted transactions that touch [from, to). */
  abortedBetween(from: bigint, to: bigint): AbortedTransaction[] {
    return this.#producers.abortedBetween(from, to);
  }

  /** Whether a producer has a transaction open in this partition. */
  hasOpenTransaction(producerId: bigint): boolean {
    return this.#producers.isOpen(producerId);
  }

  /**
   * Offset after the last record that some consumer is to see: control batches and aborted transactions do not
   * count. The log's start where there is none.
   */
  get deliverableEnd(): bigint {
    const last = this.#batches.findLast(
      (batch) =>
        batch.marker === null &&
        !(batch.isTransactional && this.#producers.isAborted(batch.producerId, batch.lastOffset)),
    );
    return last === undefined ? this.#startOffset : last.lastOffset + 1n;
  }

  /** See `EpochHistory.endOf`. */
  endOfEpoch(epoch: number, currentEpoch: number): { epoch: number; endOffset: bigint } {
    return this.#epochs.endOf(epoch, currentEpoch, this.#endOffset);
  }

  /** Leader epoch of the record at `offset`, or of the one before the end; -1 in an empty log. */
  epochAt(offset: bigint): number {
    const batch = this.#batches[firstBatchAt(this.#batches, offset)] ?? this.#batches.at(-1);
    return batch?.leaderEpoch ?? -1;
  }

  /** Cuts everything from `offset` on, as an unclean leader election does. Whole batches only. */
  truncateTo(offset: bigint): void {
    const kept = this.#batches.filter((batch) => batch.lastOffset < offset);
    const last = kept.at(-1);
    this.#endOffset = last === undefined ? this.#startOffset : last.lastOffset + 1n;
    this.#batches = [];
    this.#producers.clear();
    this.#replay(kept);
    this.#epochs.truncateTo(this.#endOffset);
    this.#changed();
  }

  /** Producer state after a truncation is what the remaining batches say. */
  #replay(batches: readonly StoredBatch[]): void {
    for (const batch of batches) {
      this.#batches.push(batch);
      if (batch.marker === null) this.#producers.appended(batch);
      else this.#producers.ended(batch);
    }
  }

  /** Moves the log's start up, as retention or DeleteRecords does. Batches wholly below it go. */
  deleteBefore(offset: bigint): void {
    if (offset <= this.#startOffset) return;
    this.#startOffset = offset < this.#endOffset ? offset : this.#endOffset;
    this.#batches = this.#batches.slice(firstBatchAt(this.#batches, this.#startOffset));
    this.#epochs.advanceTo(this.#startOffset);
    this.#changed();
  }
}
