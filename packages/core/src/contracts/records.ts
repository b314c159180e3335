/** Fetched records as the transport hands them over: batches that are decoded only when they are read. */

/** A header of a record: Kafka allows several with one name, and null values. */
export type RecordHeader = readonly [name: string, value: Uint8Array | null];

/**
 * The records of one batch, indexed but not copied: nothing is materialised until it is asked for.
 * `i` runs from 0 to `count - 1` in offset order. Returned arrays are views of the fetched bytes.
 */
export interface RecordSet {
  readonly count: number;
  /** Offset of record `i` minus the batch's base offset. */
  offsetDelta(i: number): number;
  /** Milliseconds since the epoch; -1 where the producer gave none. */
  timestamp(i: number): number;
  key(i: number): Uint8Array | null;
  value(i: number): Uint8Array | null;
  headers(i: number): readonly RecordHeader[];
}

/** One record batch of a fetch response. */
export interface RecordBatch {
  readonly baseOffset: bigint;
  /** Last offset that the batch covers, even where compaction has removed its record. */
  readonly lastOffset: bigint;
  /** Leader epoch under which the batch was appended, -1 where unknown. */
  readonly leaderEpoch: number;
  readonly timestampType: 'create' | 'logAppend';
  /**
   * Milliseconds since the epoch, known without decoding: of the first record, of the latest one where the format says no
   * other; -1 where there is none.
   */
  readonly timestamp: number;
  /** Size on the wire in bytes, header included. */
  readonly sizeInBytes: number;
  /** False for control batches and, under `read_committed`, for aborted transactions: they only move the position. */
  readonly delivers: boolean;
  /**
   * Checks the CRC where enabled, decompresses and indexes the batch.
   * @throws TransportError kind `decode` (corrupt), or `codecMissing`
   */
  records(): RecordSet | Promise<RecordSet>;
}
