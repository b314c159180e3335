/**
 * Which batches of a fetched partition belong to aborted transactions. Follows `CompletedFetch` of Kafka's consumer:
 * a producer counts as aborted from the first offset of an aborted transaction to that transaction's ABORT marker.
 */
import { ByteReader, ProtocolError } from '@kohort/core/spi';
import { BATCH_HEADER_SIZE, type BatchHeader } from './batch-header.ts';
import { indexRecords, KEY_AT, KEY_LENGTH } from './record-table.ts';

/** As a fetch response under `read_committed` lists them. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/** Types of control records (Kafka protocol guide, "Control Batch"). */
export const ABORT_MARKER = 0;
export const COMMIT_MARKER = 1;

/** Walks the batches of one partition in offset order. */
export class AbortedTransactions {
  readonly #waiting: AbortedTransaction[];
  readonly #aborted = new Set<bigint>();

  constructor(transactions: readonly AbortedTransaction[]) {
    // Last element first to begin, so that taking one is `pop`.
    this.#waiting = [...transactions].sort((a, b) => (a.firstOffset > b.firstOffset ? -1 : 1));
  }

  /**
   * Whether the batch belongs to an aborted transaction. Must be called once for each batch, in order.
   * @param bytes the whole batch
   * @throws ProtocolError when a control batch holds no marker that can be read
   */
  covers(header: BatchHeader, bytes: Uint8Array): boolean {
    if (header.producerId < 0n) return false;
    this.#beginUpTo(header.baseOffset + BigInt(header.lastOffsetDelta));
    if (header.control) {
      if (markerType(header, bytes) === ABORT_MARKER) this.#aborted.delete(header.producerId);
      return false;
    }
    return header.transactional && this.#aborted.has(header.producerId);
  }

  #beginUpTo(offset: bigint): void {
    for (let next = this.#waiting.at(-1); next !== undefined; next = this.#waiting.at(-1)) {
      if (next.firstOffset > offset) return;
      this.#aborted.add(next.producerId);
      this.#waiting.pop();
    }
  }
}

/** The type in the key of a control batch's record, -1 for a batch from which compaction removed it. */
function markerType(header: BatchHeader, bytes: Uint8Array): number {
  if (header.compression !== 'none')
    throw new ProtocolError(`control batch compressed with ${header.compression}`);
  if (header.recordCount === 0) return -1;
  const table = indexRecords(bytes, BATCH_HEADER_SIZE, header);
  if ((table[KEY_LENGTH] as number) < 4) throw new ProtocolError('control record without a type');
  const key = new ByteReader(bytes, table[KEY_AT] as number);
  key.skip(2); // Version of the key.
  return key.int16();
}
