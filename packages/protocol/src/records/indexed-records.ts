/** The records of one batch of magic 2, read out of their table on demand. */
import type { RecordHeader, RecordSet } from '@kohort/core/spi';
import {
  COLUMNS,
  HEADERS_AT,
  KEY_AT,
  KEY_LENGTH,
  OFFSET_DELTA,
  TIMESTAMP_AT,
  VALUE_AT,
  VALUE_LENGTH,
} from './record-table.ts';
import { VarintCursor, varlongAt } from './varint-cursor.ts';

/** How the records of a batch get their time. */
export interface BatchTime {
  readonly baseTimestamp: number;
  /** Set for `logAppend`: the time of every record. */
  readonly appendTimestamp: number | null;
}

/** Keys and values are Node `Buffer`s over the fetched bytes, made anew by each call. */
export class IndexedRecords implements RecordSet {
  readonly count: number;
  readonly #bytes: Buffer;
  /** Memory under `#bytes` and where it begins there, kept because asking a Buffer costs as much as making a view. */
  readonly #memory: ArrayBufferLike;
  readonly #base: number;
  readonly #table: Int32Array;
  readonly #time: BatchTime;

  constructor(bytes: Uint8Array, table: Int32Array, time: BatchTime) {
    this.count = table.length / COLUMNS;
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#memory = bytes.buffer;
    this.#base = bytes.byteOffset;
    this.#table = table;
    this.#time = time;
  }

  offsetDelta(i: number): number {
    return this.#column(i, OFFSET_DELTA);
  }

  timestamp(i: number): number {
    const { baseTimestamp, appendTimestamp } = this.#time;
    if (appendTimestamp !== null) return appendTimestamp;
    return baseTimestamp + varlongAt(this.#bytes, this.#column(i, TIMESTAMP_AT));
  }

  key(i: number): Buffer | null {
    return this.#view(this.#column(i, KEY_AT), this.#column(i, KEY_LENGTH));
  }

  value(i: number): Buffer | null {
    return this.#view(this.#column(i, VALUE_AT), this.#column(i, VALUE_LENGTH));
  }

  headers(i: number): readonly RecordHeader[] {
    const cursor = new VarintCursor(this.#bytes, this.#column(i, HEADERS_AT), this.#bytes.length);
    const count = cursor.varint();
    const headers: RecordHeader[] = [];
    for (let k = 0; k < count; k++) {
      const nameAt = cursor.skip(cursor.varint());
      const name = this.#bytes.toString('utf8', nameAt, cursor.at);
      const length = cursor.varint();
      const value = this.#view(cursor.at, length);
      if (length > 0) cursor.skip(length);
      headers.push([name, value]);
    }
    return headers;
  }

  /** @throws RangeError for an index that is no record's */
  #column(i: number, column: number): number {
    const cell = this.#table[i * COLUMNS + column];
    if (cell === undefined) throw new RangeError(`record ${i} of ${this.count}`);
    return cell;
  }

  #view(at: number, length: number): Buffer | null {
    return length < 0 ? null : Buffer.from(this.#memory, this.#base + at, length);
  }
}
