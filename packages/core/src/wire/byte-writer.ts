/** Writer of the Kafka protocol's primitive types (Kafka protocol guide, "Protocol Primitive Types"). */
import { ProtocolError } from './protocol-error.ts';

const encoder = new TextEncoder();

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

  nullableArray<T>(
    values: readonly T[] | null | undefined,
    write: (writer: ByteWriter, value: T) => void,
  ): this {
    return values == null ? this.int32(-1) : this.array(values, write);
  }

  compactArray<T>(values: readonly T[], write: (writer: ByteWriter, value: T) => void): this {
    this.uvarint(values.length + 1);
    for (const value of values) write(this, value);
    return this;
  }

  compactNullableArray<T>(
    values: readonly T[] | null | undefined,
    write: (writer: ByteWriter, value: T) => void,
  ): this {
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
