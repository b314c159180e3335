/** zstd without the help of Node.js: frames of zstd-jni at all kinds of levels, and what must be refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decompressZstd } from '../../src/records/zstd/decompress-zstd.ts';

const goldens: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('./golden/zstd.json', import.meta.url), 'utf8'),
);
const frames = Object.entries(goldens).map(([name, base64]) => ({
  name,
  size: Number.parseInt(name, 10),
  bytes: Buffer.from(base64, 'base64'),
}));

/** The same formula as in the Java program. */
function filler(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) {
    bytes[i] = 97 + ((Math.floor((i * i) / 7) + Math.floor(i / 100)) % 23);
  }
  return bytes;
}

/** A frame with a window of 128 KiB and no content size, with these blocks. */
const frame = (...blocks: readonly string[]) => Buffer.from(`28b52ffd0038${blocks.join('')}`, 'hex');
/** The last block: one byte, raw. */
const LAST = '09000061';

describe('decompressZstd', () => {
  it.each(frames)('$name', ({ size, bytes }) => {
    expect(Buffer.from(decompressZstd(bytes, size)).equals(filler(size))).toBe(true);
    for (let length = 0; length < bytes.length; length += Math.max(1, bytes.length >> 5)) {
      expect(() => decompressZstd(bytes.subarray(0, length), size)).toThrow();
    }
    if (size > 0) expect(() => decompressZstd(bytes, size - 1)).toThrow(/bytes/);
  });

  it('reads what is skipped, and frames that follow each other', () => {
    const skipped = Buffer.from('502a4d1803000000ffffff', 'hex');
    expect(String(decompressZstd(Buffer.concat([skipped, frame(LAST), frame(LAST)]), 2))).toBe('aa');
  });

  it.each([
    ['another magic', Buffer.from('28b52ffe0038', 'hex'), 'zstd frame begins with 0xfe2fb528'],
    ['a dictionary', Buffer.from(`28b52ffd013805${LAST}`, 'hex'), 'dictionary'],
    ['a reserved bit', Buffer.from(`28b52ffd0838${LAST}`, 'hex'), 'unknown kind'],
    ['a reserved block', frame('0f000061'), 'unknown type'],
    ['a block above the window', frame('0b001061'.replace('10', '20')), 'in a frame with blocks of 131072'],
    ['a content size that is not kept', Buffer.from(`28b52ffd2002${LAST}`, 'hex'), 'ends after 1'],
    ['literals without a tree', frame('25000013000000'), 'Huffman tree'],
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => decompressZstd(bytes, 1_000)).toThrow(message);
  });
});
