/**
 * Reads the zig-zag varints of records. Unlike `ByteReader` it is made for millions of calls: one object for a whole
 * batch, positions in plain sight, no allocation.
 */
import { ByteReader, ProtocolError } from '@kohort/core/spi';

/**
 * The zig-zag varint of at most 64 bits at `at`, which must have been checked before. As a number: exact up to 2^53.
 */
export function varlongAt(bytes: Uint8Array, at: number): number {
  let raw = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i] as number;
    raw |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return (raw >>> 1) ^ -(raw & 1);
  }
  return Number(new ByteReader(bytes, at).varlong());
}

/** Most bytes of a varint of 32 and of 64 bits. */
const MAX_VARINT_BYTES = 5;
const MAX_VARLONG_BYTES = 10;

export class VarintCursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  byte(): number {
    if (this.at >= this.end) throw this.#truncated(1);
    return this.bytes[this.at++] as number;
  }

  /** Zig-zag varint of at most 32 bits. */
  varint(): number {
    const first = this.byte();
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    return this.#longVarint(first);
  }

  #longVarint(first: number): number {
    let raw = first & 0x7f;
    for (let shift = 7; shift < 7 * MAX_VARINT_BYTES; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 0x0f) break;
      raw |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (raw >>> 1) ^ -(raw & 1);
    }
    throw new ProtocolError(`varint before offset ${this.at} is longer than 32 bits`);
  }

  /** Passes over a varint of at most 64 bits. */
  skipVarlong(): void {
    const start = this.at;
    while (this.byte() >= 0x80) {
      if (this.at - start >= MAX_VARLONG_BYTES) {
        throw new ProtocolError(`varint at offset ${start} is longer than 64 bits`);
      }
    }
  }

  /** Passes over `size` bytes and answers where they began. */
  skip(size: number): number {
    const start = this.at;
    if (size < 0 || size > this.end - start) throw this.#truncated(size);
    this.at = start + size;
    return start;
  }

  #truncated(wanted: number): ProtocolError {
    return new ProtocolError(`${wanted} bytes wanted at offset ${this.at}, ${this.end - this.at} remain`);
  }
}
