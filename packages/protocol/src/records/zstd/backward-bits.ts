/** The bitstreams of zstd that are read from their end (RFC 8878, 4.1): little-endian, a 1 behind the last bit. */
import { ProtocolError } from '@kohort/core/spi';

export class BackwardBits {
  readonly #bytes: Uint8Array;
  #left: number;

  /** @throws ProtocolError where the 1 is missing */
  constructor(bytes: Uint8Array) {
    const last = bytes[bytes.length - 1] ?? 0;
    if (last === 0) throw new ProtocolError('zstd bitstream without an end');
    this.#bytes = bytes;
    this.#left = bytes.length * 8 - 1 - Math.clz32(last) + 24;
  }

  /** How many bits have not been read; below 0 after reading past the beginning, where zeros are. */
  get left(): number {
    return this.#left;
  }

  /** @param count up to 32 */
  read(count: number): number {
    this.#left -= count;
    const at = this.#left;
    if (at >= 0) return this.#bitsAt(at, count);
    return at + count <= 0 ? 0 : this.#bitsAt(0, at + count) * 2 ** -at;
  }

  #bitsAt(at: number, count: number): number {
    const bytes = this.#bytes;
    const first = at >>> 3;
    const offset = at & 7;
    const low = (bytes[first] ?? 0) | ((bytes[first + 1] ?? 0) << 8) | ((bytes[first + 2] ?? 0) << 16);
    if (count + offset <= 24) return (low >>> offset) & ((1 << count) - 1);
    const high = (bytes[first + 3] ?? 0) + (bytes[first + 4] ?? 0) * 256;
    return Math.floor((low + high * 0x100_0000) / 2 ** offset) % 2 ** count;
  }
}
