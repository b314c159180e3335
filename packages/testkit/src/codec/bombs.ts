/** Few bytes that stand for very many, and bytes that only say so. */
import { gzipSync } from 'node:zlib';
import type { CompressionCodec } from '@kohort/core/spi';

export const BOMB_BYTES = 32 * 1024 * 1024;
/** What a claim claims. */
export const CLAIMED_BYTES = 512 * 1024 * 1024;

const LZ4_BLOCK = 65_536;
const ZSTD_BLOCK = 131_072;

/** Bytes that stand for `BOMB_BYTES`. */
export const bombs: Readonly<Record<CompressionCodec['type'], () => Uint8Array>> = {
  gzip: () => gzipSync(Buffer.alloc(BOMB_BYTES)),
  snappy: () => {
    const copy = Buffer.of(0xfe, 1, 0); // 64 bytes from one back
    const first = Buffer.of(0xf0, 63, ...Buffer.alloc(64)); // a literal of 64 bytes
    return Buffer.concat([uvarint(BOMB_BYTES), first, repeated(copy, BOMB_BYTES / 64 - 1)]);
  },
  lz4: () => {
    const header = Buffer.from('04224d18604082', 'hex');
    // A literal, a copy of what is left but five bytes, and these as the last literals.
    const copied = LZ4_BLOCK - 1 - 5 - 4 - 15;
    const run = Buffer.from([...Buffer.alloc(Math.floor(copied / 255), 255), copied % 255]);
    const block = Buffer.concat([Buffer.of(0x1f, 0, 1, 0), run, Buffer.of(0x50, 0, 0, 0, 0, 0)]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(block.length);
    const blocks = repeated(Buffer.concat([size, block]), BOMB_BYTES / LZ4_BLOCK);
    return Buffer.concat([header, blocks, Buffer.alloc(4)]);
  },
  zstd: () => {
    const header = Buffer.from('28b52ffd0038', 'hex'); // a window of 128 KiB, no content size
    const runs = repeated(zstdRun(ZSTD_BLOCK, false), BOMB_BYTES / ZSTD_BLOCK - 1);
    return Buffer.concat([header, runs, zstdRun(ZSTD_BLOCK, true)]);
  },
};

/** Bytes that claim to stand for `CLAIMED_BYTES` and do not; null where the format does not say beforehand. */
export const claims: Readonly<Record<CompressionCodec['type'], Uint8Array | null>> = {
  gzip: null,
  snappy: Buffer.concat([uvarint(CLAIMED_BYTES), Buffer.of(0, 65)]),
  // A content size under its header checksum, and one stored byte.
  lz4: Buffer.from('04224d1868400000002000000000d7010000804100000000', 'hex'),
  zstd: Buffer.concat([
    Buffer.from('28b52ffd803800000020', 'hex'), // a window of 128 KiB, a content size of four bytes
    zstdRun(1, true),
  ]),
};

function zstdRun(size: number, last: boolean): Buffer {
  const block = Buffer.alloc(4);
  block.writeUIntLE((size << 3) | 2 | Number(last), 0, 3);
  return block;
}

function repeated(bytes: Uint8Array, times: number): Buffer {
  return Buffer.alloc(bytes.length * times, bytes);
}

function uvarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}
