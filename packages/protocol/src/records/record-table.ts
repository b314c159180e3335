/**
 * The index of a batch's records: one pass over the bytes, one flat table, no object for each record.
 * Record layout: Kafka protocol guide, "Record".
 */
import { ProtocolError } from '@kohort/core/spi';
import { VarintCursor } from './varint-cursor.ts';

/** Columns of the table. Positions are offsets into the bytes; a length of -1 is null. */
export const COLUMNS = 7;
export const OFFSET_DELTA = 0;
/** Where the varint of the timestamp delta begins. */
export const TIMESTAMP_AT = 1;
export const KEY_AT = 2;
export const KEY_LENGTH = 3;
export const VALUE_AT = 4;
export const VALUE_LENGTH = 5;
/** Where the count of headers begins. */
export const HEADERS_AT = 6;

/** Length, attributes, timestamp delta, offset delta, key length, value length, count of headers: a byte each. */
const MIN_RECORD_SIZE = 7;
/** Name length and value length: a byte each. */
const MIN_HEADER_SIZE = 2;

/** What the batch's header says about its records. */
export interface RecordBounds {
  readonly recordCount: number;
  readonly lastOffsetDelta: number;
}

/**
 * Indexes the records that fill `bytes` from `at` to their end.
 *
 * Everything that reading a record later relies on is checked here, so that reading cannot fail: lengths against what
 * remains, offsets ascending and inside the batch, headers, and that the records fill the section exactly.
 * @throws ProtocolError
 */
export function indexRecords(bytes: Uint8Array, at: number, bounds: RecordBounds): Int32Array {
  const { recordCount, lastOffsetDelta } = bounds;
  const size = bytes.length - at;
  // Before the table is allocated, so that a lie about the count costs nothing.
  if (recordCount < 0 || recordCount * MIN_RECORD_SIZE > size) {
    throw new ProtocolError(`${recordCount} records in ${size} bytes`);
  }
  const table = new Int32Array(recordCount * COLUMNS);
  const cursor = new VarintCursor(bytes, at, bytes.length);
  let previousDelta = -1;
  for (let row = 0; row < table.length; row += COLUMNS) {
    indexRecord(cursor, table, row);
    const delta = table[row + OFFSET_DELTA] as number;
    if (delta <= previousDelta || delta > lastOffsetDelta) {
      throw new ProtocolError(
        `offset delta ${delta} after ${previousDelta}, the batch ends at ${lastOffsetDelta}`,
      );
    }
    previousDelta = delta;
  }
  if (cursor.at !== cursor.end) {
    throw new ProtocolError(`${cursor.end - cursor.at} bytes after the last of ${recordCount} records`);
  }
  return table;
}

function indexRecord(cursor: VarintCursor, table: Int32Array, row: number): void {
  const length = cursor.varint();
  const end = cursor.at + length;
  if (length < MIN_RECORD_SIZE - 1 || end > cursor.end) {
    throw new ProtocolError(
      `record of ${length} bytes at offset ${cursor.at}, ${cursor.end - cursor.at} remain`,
    );
  }
  cursor.at += 1; // Attributes of a record are unused.
  table[row + TIMESTAMP_AT] = cursor.at;
  cursor.skipVarlong();
  table[row + OFFSET_DELTA] = cursor.varint();
  const keyLength = cursor.varint();
  table[row + KEY_LENGTH] = keyLength;
  table[row + KEY_AT] = cursor.at;
  if (keyLength > 0) cursor.skip(keyLength);
  const valueLength = cursor.varint();
  table[row + VALUE_LENGTH] = valueLength;
  table[row + VALUE_AT] = cursor.at;
  if (valueLength > 0) cursor.skip(valueLength);
  table[row + HEADERS_AT] = cursor.at;
  const headers = cursor.varint();
  if (headers !== 0) checkHeaders(cursor, headers, end);
  if (cursor.at !== end) {
    throw new ProtocolError(`record ends at offset ${cursor.at}, its length says ${end}`);
  }
}

function checkHeaders(cursor: VarintCursor, count: number, end: number): void {
  if (count < 0 || count * MIN_HEADER_SIZE > end - cursor.at) {
    throw new ProtocolError(`${count} headers at offset ${cursor.at}, ${end - cursor.at} bytes remain`);
  }
  for (let i = 0; i < count; i++) {
    cursor.skip(cursor.varint());
    const valueLength = cursor.varint();
    if (valueLength > 0) cursor.skip(valueLength);
  }
}
