/** Records as `broker.produce` takes them. */

/** Text is written as UTF-8. */
export type Bytes = string | Uint8Array;

export interface ProduceRecord {
  readonly key?: Bytes | null;
  readonly value?: Bytes | null;
  /** One value for a name, or several; or pairs, where the order over all names matters. */
  readonly headers?:
    | Readonly<Record<string, Bytes | null | readonly Bytes[]>>
    | readonly (readonly [string, Bytes | null])[];
  /** Without: by the key as Java's default partitioner does, or in turn where there is no key. */
  readonly partition?: number;
  /** Milliseconds since the epoch; default: the wall time of the broker's clock. */
  readonly timestamp?: number;
}

/** Where a record ended up. */
export interface ProducedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface ProduceOptions {
  /** Default `none`. */
  readonly compression?: 'none' | 'gzip';
  /**
   * Writes the records in a transaction of their own and ends it so; `open` leaves it open, which holds the last
   * stable offset back until `broker.endTransactions(topic, outcome)`.
   */
  readonly transaction?: 'commit' | 'abort' | 'open';
}

const encoder = new TextEncoder();

function bytesOf(value: Bytes): Uint8Array {
  return typeof value === 'string' ? encoder.encode(value) : value;
}

export function bytesOrNull(value: Bytes | null | undefined): Uint8Array | null {
  return value === null || value === undefined ? null : bytesOf(value);
}

function isBytes(value: Bytes | null | readonly Bytes[]): value is Bytes | null {
  return value === null || typeof value === 'string' || value instanceof Uint8Array;
}

/** Headers in order, one pair for each value. */
export function headerPairs(headers: ProduceRecord['headers']): (readonly [string, Uint8Array | null])[] {
  if (headers === undefined) return [];
  if (Array.isArray(headers)) {
    return headers.map(
      ([name, value]: readonly [string, Bytes | null]) => [name, bytesOrNull(value)] as const,
    );
  }
  return Object.entries(headers).flatMap(([name, value]) =>
    (isBytes(value) ? [value] : value).map((one: Bytes | null) => [name, bytesOrNull(one)] as const),
  );
}
