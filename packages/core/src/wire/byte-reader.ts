/** Reader of the Kafka protocol's primitive types (Kafka protocol guide, "Protocol Primitive Types"). */
import { ProtocolError } from './protocol-error.ts';

// A byte order mark is part of a string, not a hint about its encoding.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads big-endian primitives front to back. Every read checks what remains and throws a ProtocolError when it is not enough. */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, offset = 0) {
    this.bytes = bytes;
    this.offset = offset;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  #take(size: number): number {
    const at = this.offset;
    if (size < 0 || size > this.bytes.length - at) {
      throw new ProtocolError(`${size} bytes wanted at offset ${at}, ${this.bytes.length - at} remain`);
    }
    this.offset = at + size;
    return at;
  }

  skip(size: number): void {
    this.#take(size);
  }

  int8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  int16(): number {
    return this.#view.getInt16(this.#take(2));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  bool(): boolean {
    return this.uint8() !== 0;
  }

  /** Unsigned varint of at most 32 bits. */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.uint8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new ProtocolError(`varint at offset ${this.offset} is longer than 32 bits`);
  }

  /** Zig-zag varint of at most 32 bits. */
  varint(): number {
    const raw = this.uvarint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  /** Zig-zag varint of at most 64 bits. */
  varlong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.uint8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value > 0xffffffffffffffffn) break;
        return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
      }
    }
    throw new ProtocolError(`varlong at offset ${this.offset} is longer than 64 bits`);
  }

  /** A view of the next `size` bytes, not a copy. */
  raw(size: number): Uint8Array {
    const at = this.#take(size);
    return this.bytes.subarray(at, at + size);
  }

  #utf8(size: number): string {
    return decoder.decode(this.raw(size));
  }

  string(): string {
    return this.#utf8(this.stringSize());
  }

  /** Length of a string whose bytes come next. */
  stringSize(): number {
    const size = this.int16();
    if (size < 0) throw new ProtocolError(`string of length ${size} at offset ${this.offset - 2}`);
    return size;
  }

  nullableString(): string | null {
    const size = this.int16();
    return size < 0 ? null : this.#utf8(size);
  }

  compactString(): string {
    const size = this.uvarint();
    if (size === 0) throw new ProtocolError(`null string at offset ${this.offset - 1}`);
    return this.#utf8(size - 1);
  }

  compactNullableString(): string | null {
    const size = this.uvarint();
    return size === 0 ? null : this.#utf8(size - 1);
  }

  /** int32 length; null becomes an empty array. */
  data(): Uint8Array {
    return this.nullableData() ?? new Uint8Array(0);
  }

  nullableData(): Uint8Array | null {
    const size = this.int32();
    return size < 0 ? null : this.raw(size);
  }

  compactData(): Uint8Array {
    return this.compactNullableData() ?? new Uint8Array(0);
  }

  compactNullableData(): Uint8Array | null {
    const size = this.uvarint();
    return size === 0 ? null : this.raw(size - 1);
  }

  /** Checks a count of elements against what remains, at `minSize` bytes each, before anything is allocated. */
  #checked(count: number, minSize: number): number {
    if (count * minSize > this.remaining) {
      throw new ProtocolError(
        `${count} elements at offset ${this.offset}, but only ${this.remaining} bytes remain`,
      );
    }
    return count;
  }

  /** int32 count of an array whose elements are read by hand, 0 for null. @param minSize least size of one element in bytes */
  count(minSize: number): number {
    const count = this.int32();
    return count < 0 ? 0 : this.#checked(count, minSize);
  }

  /** int32 count, null as empty. @param minSize least size of one element in bytes */
  array<T>(read: (reader: ByteReader) => T, minSize = 1): T[] {
    return this.nullableArray(read, minSize) ?? [];
  }

  nullableArray<T>(read: (reader: ByteReader) => T, minSize = 1): T[] | null {
    const count = this.int32();
    return count < 0 ? null : this.#elements(this.#checked(count, minSize), read);
  }

  compactArray<T>(read: (reader: ByteReader) => T, minSize = 1): T[] {
    return this.compactNullableArray(read, minSize) ?? [];
  }

  compactNullableArray<T>(read: (reader: ByteReader) => T, minSize = 1): T[] | null {
    const count = this.uvarint();
    return count === 0 ? null : this.#elements(this.#checked(count - 1, minSize), read);
  }

  #elements<T>(count: number, read: (reader: ByteReader) => T): T[] {
    const elements: T[] = [];
    for (let i = 0; i < count; i++) elements.push(read(this));
    return elements;
  }

  /** Hands each tagged field to `visit`, which may read its bytes; unknown ones are skipped (KIP-482). */
  taggedFields(visit?: (tag: number, field: ByteReader) => void): void {
    const count = this.#checked(this.uvarint(), 2);
    for (let i = 0; i < count; i++) {
      const tag = this.uvarint();
      const field = this.raw(this.uvarint());
      visit?.(tag, new ByteReader(field));
    }
  }
}
