/**
 * Reader and writer of the Kafka protocol's primitive types (Kafka protocol guide, "Protocol Primitive Types").
 * They exist once: the protocol package, the embedded broker and assignor plugins use these.
 */
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';

/** Bytes that are not what the protocol says: refused before anything is allocated for them. */
export class ProtocolError extends KohortError {
  constructor(message: string, cause?: unknown) {
    super(ErrorCode.protocol, message, cause === undefined ? {} : { cause });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof KohortError && value.code === ErrorCode.protocol;
  }
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

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
    const size = this.int16();
    if (size < 0) throw new ProtocolError(`string of length ${size} at offset ${this.offset - 2}`);
    return this.#utf8(size);
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
      throw new ProtocolError(`${count} elements at offset ${this.offset}, but only ${this.remaining} bytes remain`);
    }
    return count;
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

/** Writes big-endian primitives into a buffer that grows. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** What has been written so far: a view, valid until the next write. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(size: number): number {
    const at = this.#length;
    if (at + size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, at + size));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = at + size;
    return at;
  }

  int8(value: number): this {
    const at = this.#reserve(1);
    this.#view.setInt8(at, value);
    return this;
  }

  uint8(value: number): this {
    const at = this.#reserve(1);
    this.#view.setUint8(at, value);
    return this;
  }

  int16(value: number): this {
    const at = this.#reserve(2);
    this.#view.setInt16(at, value);
    return this;
  }

  uint16(value: number): this {
    const at = this.#reserve(2);
    this.#view.setUint16(at, value);
    return this;
  }

  int32(value: number): this {
    const at = this.#reserve(4);
    this.#view.setInt32(at, value);
    return this;
  }

  uint32(value: number): this {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value);
    return this;
  }

  int64(value: bigint): this {
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value);
    return this;
  }

  float64(value: number): this {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value);
    return this;
  }

  bool(value: boolean): this {
    return this.uint8(value ? 1 : 0);
  }

  uvarint(value: number): this {
    let rest = value;
    while (rest > 0x7f) {
      this.uint8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.uint8(rest);
  }

  varint(value: number): this {
    return this.uvarint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  varlong(value: bigint): this {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    while (rest > 0x7fn) {
      this.uint8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    return this.uint8(Number(rest));
  }

  raw(bytes: Uint8Array): this {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  string(value: string): this {
    const bytes = encoder.encode(value);
    if (bytes.length > 0x7fff) throw new ProtocolError(`string of ${bytes.length} bytes, at most 32767 fit`);
    return this.int16(bytes.length).raw(bytes);
  }

  nullableString(value: string | null | undefined): this {
    return value == null ? this.int16(-1) : this.string(value);
  }

  compactString(value: string): this {
    const bytes = encoder.encode(value);
    return this.uvarint(bytes.length + 1).raw(bytes);
  }

  compactNullableString(value: string | null | undefined): this {
    return value == null ? this.uvarint(0) : this.compactString(value);
  }

  data(value: Uint8Array): this {
    return this.int32(value.length).raw(value);
  }

  nullableData(value: Uint8Array | null | undefined): this {
    return value == null ? this.int32(-1) : this.data(value);
  }

  compactData(value: Uint8Array): this {
    return this.uvarint(value.length + 1).raw(value);
  }

  compactNullableData(value: Uint8Array | null | undefined): this {
    return value == null ? this.uvarint(0) : this.compactData(value);
  }

  array<T>(values: readonly T[], write: (writer: ByteWriter, value: T) => void): this {
    this.int32(values.length);
    for (const value of values) write(this, value);
    return this;
  }

  nullableArray<T>(values: readonly T[] | null | undefined, write: (writer: ByteWriter, value: T) => void): this {
    return values == null ? this.int32(-1) : this.array(values, write);
  }

  compactArray<T>(values: readonly T[], write: (writer: ByteWriter, value: T) => void): this {
    this.uvarint(values.length + 1);
    for (const value of values) write(this, value);
    return this;
  }

  compactNullableArray<T>(values: readonly T[] | null | undefined, write: (writer: ByteWriter, value: T) => void): this {
    return values == null ? this.uvarint(0) : this.compactArray(values, write);
  }

  /** An empty section of tagged fields (KIP-482). */
  noTags(): this {
    return this.uvarint(0);
  }

  /** Overwrites an int32 written earlier, for sizes that are known late. */
  patchInt32(at: number, value: number): void {
    this.#view.setInt32(at, value);
  }

  /** Overwrites a uint32 written earlier, for checksums. */
  patchUint32(at: number, value: number): void {
    this.#view.setUint32(at, value);
  }
}
