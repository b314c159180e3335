/**
 * Subscriptions as a leader reads them, who has thousands: topics once for neighbours that are alike, and what members
 * own left as bytes, since only its numbers are wanted. What is read is what `decodeSubscription` reads.
 */
import { ByteReader, ProtocolError } from './bytes.ts';

export interface PackedSubscription {
  /** As written; may be above the newest known. */
  readonly version: number;
  /** The same array for the same bytes, one subscription after the other. */
  readonly topics: readonly string[];
  readonly userData: Uint8Array | null;
  /** At the owned partitions by topic, which are well-formed; null where there are none. */
  readonly owned: ByteReader | null;
  /** -1 below version 2. */
  readonly generationId: number;
  /** null below version 3. */
  readonly rackId: string | null;
}

/** Reads one subscription after the other. */
export class SubscriptionReader {
  #last: Uint8Array = new Uint8Array();
  #topics: readonly string[] = [];
  /** Where the topics end in `#last`. */
  #end = 0;

  /** @throws ProtocolError as `decodeSubscription` */
  read(bytes: Uint8Array): PackedSubscription {
    const reader = new ByteReader(bytes);
    const version = reader.int16();
    if (version < 0) throw new ProtocolError(`subscription of version ${version}`);
    const has = (since: number) => version >= since && reader.remaining > 0;
    const topics = this.#readTopics(reader);
    const userData = reader.nullableData();
    let owned: ByteReader | null = null;
    if (has(1)) {
      owned = new ByteReader(bytes, reader.offset);
      skipTopicPartitions(reader);
    }
    return {
      version,
      topics,
      userData,
      owned,
      generationId: has(2) ? reader.int32() : -1,
      rackId: has(3) ? reader.nullableString() : null,
    };
  }

  /** The topics alone. @throws ProtocolError where the bytes end before they do */
  readTopics(bytes: Uint8Array): readonly string[] {
    const reader = new ByteReader(bytes);
    const version = reader.int16();
    if (version < 0) throw new ProtocolError(`subscription of version ${version}`);
    return this.#readTopics(reader);
  }

  #readTopics(reader: ByteReader): readonly string[] {
    const { bytes, offset } = reader;
    if (this.#end > offset && startsAlike(bytes, this.#last, offset, this.#end)) {
      reader.offset = this.#end;
      return this.#topics;
    }
    this.#topics = reader.array((element) => element.string(), 2);
    this.#last = bytes;
    this.#end = reader.offset;
    return this.#topics;
  }
}

function startsAlike(a: Uint8Array, b: Uint8Array, from: number, end: number): boolean {
  if (a.length < end) return false;
  for (let i = from; i < end; i++) if (a[i] !== b[i]) return false;
  return true;
}

function skipTopicPartitions(reader: ByteReader): void {
  const topics = reader.count(6);
  for (let i = 0; i < topics; i++) {
    reader.skip(reader.stringSize());
    reader.skip(4 * reader.count(4));
  }
}
