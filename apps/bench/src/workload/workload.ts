/** What is consumed: how many records of which kind, and what their sum must be. */

export const COMPRESSIONS = ['none', 'gzip'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** A topic that has been filled. */
export interface Workload {
  readonly topic: string;
  readonly records: number;
  /** Bytes of each value. */
  readonly valueSize: number;
  readonly compression: Compression;
  readonly partitions: number;
  readonly recordsPerBatch: number;
  /** Sum of all records' fingerprints. */
  readonly checksum: number;
}

/** The record's number, and one byte that is not part of it. */
export const MIN_VALUE_SIZE = 5;

/** Enough for a steady state, and no more than 300 MB of values. */
export function defaultRecords(valueSize: number): number {
  return Math.max(1, Math.min(1_000_000, Math.floor(300_000_000 / valueSize)));
}

/** Bytes of a batch before compression: `batch.size` of Java's producer by default. */
const BATCH_BYTES = 16_384;
/** Of a record beside key and value: lengths, deltas, attributes, count of headers. */
const RECORD_OVERHEAD = 9;
const KEY_SIZE = 8;

export function recordsPerBatch(valueSize: number): number {
  return Math.max(1, Math.floor(BATCH_BYTES / (valueSize + KEY_SIZE + RECORD_OVERHEAD)));
}
