/** Record batches made by hand. */
import type { RecordBatch, RecordHeader, RecordSet } from '../../src/contracts/records.ts';

export interface FakeRecord {
  readonly offset: number;
  readonly timestamp?: number;
  readonly key?: string | null;
  readonly value?: string;
  readonly headers?: readonly RecordHeader[];
}

export interface BatchOptions {
  readonly epoch?: number;
  readonly delivers?: boolean;
  readonly size?: number;
  /** Where the batch begins, if below its first record. */
  readonly base?: number;
  /** Where it ends, if above its last record. */
  readonly last?: number;
  /** Decoding takes a turn of the event loop. */
  readonly async?: boolean;
  readonly corrupt?: boolean;
}

class FakeSet implements RecordSet {
  readonly count: number;
  readonly #records: readonly FakeRecord[];
  readonly #base: number;

  constructor(records: readonly FakeRecord[], base: number) {
    this.count = records.length;
    this.#records = records;
    this.#base = base;
  }

  #at(i: number): FakeRecord {
    const record = this.#records[i];
    if (!record) throw new RangeError(`record ${i}`);
    return record;
  }

  offsetDelta(i: number): number {
    return this.#at(i).offset - this.#base;
  }

  timestamp(i: number): number {
    const { offset, timestamp } = this.#at(i);
    return timestamp ?? 1000 + offset;
  }

  key(i: number): Uint8Array | null {
    const { key } = this.#at(i);
    return key === undefined || key === null ? null : new TextEncoder().encode(key);
  }

  value(i: number): Uint8Array | null {
    const { value, offset } = this.#at(i);
    return new TextEncoder().encode(value ?? `v${offset}`);
  }

  headers(i: number): readonly RecordHeader[] {
    return this.#at(i).headers ?? [];
  }
}

export function fakeBatch(records: readonly FakeRecord[], options: BatchOptions = {}): RecordBatch {
  const base = options.base ?? records[0]?.offset ?? 0;
  const set = new FakeSet(records, base);
  return {
    baseOffset: BigInt(base),
    lastOffset: BigInt(options.last ?? records.at(-1)?.offset ?? base),
    leaderEpoch: options.epoch ?? 0,
    timestampType: 'create',
    timestamp: records[0]?.timestamp ?? 1000 + base,
    sizeInBytes: options.size ?? 100 * Math.max(1, records.length),
    delivers: options.delivers ?? true,
    records() {
      if (options.corrupt) throw new Error('checksum does not match');
      return options.async ? new Promise((resolve) => setImmediate(() => resolve(set))) : set;
    },
  };
}

/** Records with the offsets from `first` to `last`. */
export function range(first: number, last: number, keyOf?: (offset: number) => string | null): FakeRecord[] {
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const offset = first + i;
    return keyOf ? { offset, key: keyOf(offset) } : { offset };
  });
}
