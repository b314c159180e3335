/**
 * What a partition remembers of idempotent and transactional producers (KIP-98): sequence numbers against duplicates,
 * open transactions for the last stable offset, aborted ones for read_committed readers.
 */
import { ErrorCodes } from '../error-codes.ts';
import type { StoredBatch } from './stored-batch.ts';

/** Kafka keeps the last five batches of a producer, as many as it may have in flight. */
const REMEMBERED_BATCHES = 5;

interface SequencedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: bigint;
}

interface ProducerState {
  epoch: number;
  batches: SequencedBatch[];
  /** First offset of the open transaction. */
  openSince: bigint | null;
}

/** An aborted transaction as a fetch response lists it. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
  /** Offset of the abort marker. */
  readonly lastOffset: bigint;
}

/** What the sequence number of a batch means. */
export type SequenceVerdict =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly baseOffset: bigint }
  | { readonly kind: 'refuse'; readonly errorCode: number };

/** Sequence numbers wrap to 0 after the largest int32 (`DefaultRecordBatch.incrementSequence`). */
function nextSequence(sequence: number, by: number): number {
  return (sequence + by) % 0x8000_0000;
}

export class ProducerStates {
  readonly #producers = new Map<bigint, ProducerState>();
  #aborted: AbortedTransaction[] = [];

  /** Checks a batch before it is appended. Only batches of idempotent producers are ever refused. */
  check(batch: Pick<StoredBatch, 'producerId' | 'producerEpoch' | 'baseSequence'>): SequenceVerdict {
    if (batch.producerId < 0n || batch.baseSequence < 0) return { kind: 'append' };
    const state = this.#producers.get(batch.producerId);
    if (state === undefined) return { kind: 'append' };
    if (batch.producerEpoch < state.epoch)
      return { kind: 'refuse', errorCode: ErrorCodes.INVALID_PRODUCER_EPOCH };
    if (batch.producerEpoch > state.epoch) {
      return batch.baseSequence === 0
        ? { kind: 'append' }
        : { kind: 'refuse', errorCode: ErrorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER };
    }
    const duplicate = state.batches.find((known) => known.firstSequence === batch.baseSequence);
    if (duplicate !== undefined) return { kind: 'duplicate', baseOffset: duplicate.baseOffset };
    const last = state.batches.at(-1);
    if (last === undefined || batch.baseSequence === nextSequence(last.lastSequence, 1))
      return { kind: 'append' };
    return { kind: 'refuse', errorCode: ErrorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER };
  }

  /** Notes a batch of data that has been appended. */
  appended(batch: StoredBatch): void {
    if (batch.producerId < 0n) return;
    const known = this.#producers.get(batch.producerId);
    const state: ProducerState = known ?? { epoch: batch.producerEpoch, batches: [], openSince: null };
    this.#producers.set(batch.producerId, state);
    if (state.epoch !== batch.producerEpoch) {
      state.epoch = batch.producerEpoch;
      state.batches = [];
    }
    if (batch.isTransactional) state.openSince ??= batch.baseOffset;
    if (batch.baseSequence < 0) return;
    state.batches.push({
      firstSequence: batch.baseSequence,
      lastSequence: nextSequence(batch.baseSequence, batch.lastOffsetDelta),
      baseOffset: batch.baseOffset,
    });
    if (state.batches.length > REMEMBERED_BATCHES) state.batches.shift();
  }

  /** Notes the marker that ends a producer's transaction. */
  ended(marker: StoredBatch): void {
    const state = this.#producers.get(marker.producerId);
    if (state === undefined || state.openSince === null) return;
    if (marker.marker === 'abort') {
      this.#aborted.push({
        producerId: marker.producerId,
        firstOffset: state.openSince,
        lastOffset: marker.lastOffset,
      });
    }
    state.openSince = null;
  }

  /** Whether this producer has a transaction open here. */
  isOpen(producerId: bigint): boolean {
    return this.#producers.get(producerId)?.openSince != null;
  }

  /** The last stable offset: no transaction that began below it is still open. */
  lastStableOffset(highWatermark: bigint): bigint {
    let stable = highWatermark;
    for (const { openSince } of this.#producers.values()) {
      if (openSince !== null && openSince < stable) stable = openSince;
    }
    return stable;
  }

  /** Aborted transactions that touch [from, to), in order of their first offset. */
  abortedBetween(from: bigint, to: bigint): AbortedTransaction[] {
    return this.#aborted
      .filter((aborted) => aborted.lastOffset >= from && aborted.firstOffset < to)
      .sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  }

  /** Whether the record at `offset` of this producer was aborted. */
  isAborted(producerId: bigint, offset: bigint): boolean {
    return this.#aborted.some(
      (aborted) =>
        aborted.producerId === producerId && aborted.firstOffset <= offset && offset <= aborted.lastOffset,
    );
  }

  clear(): void {
    this.#producers.clear();
    this.#aborted = [];
  }
}
