import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/records/crc32c.ts';

/** One bit at a time, as RFC 3720 defines it. */
function bitByBit(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('crc32c', () => {
  // RFC 3720 appendix B.4; the RFC prints the bytes in the order in which they are sent, lowest first.
  it.each([
    ['32 bytes of zeroes', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 bytes ascending', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['32 bytes descending', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['the digits 1 to 9', new TextEncoder().encode('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('%s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('agrees with the definition at every length and alignment', () => {
    const memory = Uint8Array.from({ length: 400 }, (_, i) => (i * 2_654_435_761) >>> 24);
    for (let from = 0; from < 8; from++) {
      for (let length = 0; length < 200; length += 1 + (length >>> 4)) {
        const view = new Uint8Array(memory.buffer, from, length + 3);
        expect(crc32c(view, 3)).toBe(bitByBit(view.subarray(3)));
        expect(crc32c(memory, from, from + length)).toBe(bitByBit(memory.subarray(from, from + length)));
      }
    }
  });
});
