/** Where decompressed bytes go: grows as needed, up to a limit. */
import { ProtocolError } from '@kohort/core/spi';

export class BoundedOutput {
  readonly #maxBytes: number;
  #bytes: Buffer;
  #length = 0;

  /** @param expected size to begin with */
  constructor(expected: number, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#bytes = Buffer.allocUnsafe(Math.min(expected, maxBytes));
  }

  get length(): number {
    return this.#length;
  }

  /** Writes `length` bytes of `source` from `from` on. @throws ProtocolError beyond the limit */
  append(source: Uint8Array, from: number, length: number): void {
    const at = this.#room(length);
    // Most runs are short, where a loop beats a call into the runtime.
    if (length > 32) this.#bytes.set(source.subarray(from, from + length), at);
    else for (let i = 0; i < length; i++) this.#bytes[at + i] = source[from + i] as number;
  }

  /**
   * Writes `length` bytes, each the one `distance` before it: the copy of Snappy and LZ4, which may reach into what it
   * writes. The caller has checked the distance. @throws ProtocolError beyond the limit
   */
  repeat(distance: number, length: number): void {
    const to = this.#room(length);
    const bytes = this.#bytes;
    if (distance >= length && length > 32) bytes.copyWithin(to, to - distance, to - distance + length);
    else for (let i = to; i < to + length; i++) bytes[i] = bytes[i - distance] as number;
  }

  /** A view of what has been written. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(size: number): number {
    const at = this.#length;
    const needed = at + size;
    if (needed > this.#maxBytes)
      throw new ProtocolError(`more than ${this.#maxBytes} bytes after decompression`);
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(needed, this.#bytes.length * 2)));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
    }
    this.#length = needed;
    return at;
  }
}
