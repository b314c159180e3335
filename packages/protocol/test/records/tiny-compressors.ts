/** Small greedy compressors for tests: valid Snappy and LZ4, with literals and copies, not good ones. */
import { xxhash32 } from '../../src/records/xxhash32.ts';

interface Sequence {
  readonly literal: Uint8Array;
  /** 0 at the end. */
  readonly distance: number;
  readonly length: number;
}

/** Splits bytes into literals and copies of at least four bytes, overlapping ones included. */
function sequences(bytes: Uint8Array, maxDistance: number, tail: number): Sequence[] {
  const seen = new Map<string, number>();
  const found: Sequence[] = [];
  let literalFrom = 0;
  for (let at = 0; at + 4 <= bytes.length - tail; ) {
    const four = bytes.subarray(at, at + 4).join();
    const back = seen.get(four);
    seen.set(four, at);
    if (back === undefined || at - back > maxDistance) {
      at += 1;
      continue;
    }
    let length = 4;
    while (at + length < bytes.length - tail && bytes[back + length] === bytes[at + length]) length += 1;
    found.push({ literal: bytes.subarray(literalFrom, at), distance: at - back, length });
    at += length;
    literalFrom = at;
  }
  found.push({ literal: bytes.subarray(literalFrom), distance: 0, length: 0 });
  return found;
}

function uvarint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...uvarint(value >>> 7)];
}

function snappyLiteral(literal: Uint8Array): Buffer {
  const last = literal.length - 1;
  if (last < 0) return Buffer.alloc(0);
  const tag = last < 60 ? [last << 2] : last < 0x100 ? [60 << 2, last] : [61 << 2, last & 0xff, last >>> 8];
  return Buffer.concat([Buffer.from(tag), literal]);
}

/** Raw Snappy, up to 64 KiB; uses the two-byte, three-byte and five-byte copies. */
export function tinySnappy(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(uvarint(bytes.length))];
  for (const { literal, distance, length } of sequences(bytes, 0xffff, 0)) {
    parts.push(snappyLiteral(literal));
    for (let rest = length; rest > 0; ) {
      const size = Math.min(rest, 64);
      const low = distance & 0xff;
      if (size >= 4 && size <= 11 && distance < 2048) {
        parts.push(Buffer.from([1 | ((size - 4) << 2) | ((distance >>> 8) << 5), low]));
      } else if (size % 2 === 0) {
        parts.push(Buffer.from([2 | ((size - 1) << 2), low, distance >>> 8]));
      } else {
        parts.push(Buffer.from([3 | ((size - 1) << 2), low, distance >>> 8, 0, 0]));
      }
      rest -= size;
    }
  }
  return Buffer.concat(parts);
}

/** Chunks of raw Snappy as snappy-java frames them. */
export function tinyXerial(bytes: Uint8Array, chunkSize: number): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from('82534e41505059000000000100000001', 'hex')];
  for (let at = 0; at < bytes.length; at += chunkSize) {
    const chunk = tinySnappy(bytes.subarray(at, at + chunkSize));
    const size = Buffer.alloc(4);
    size.writeInt32BE(chunk.length);
    parts.push(size, Buffer.from(chunk));
  }
  return Buffer.concat(parts);
}

function continued(value: number): number[] {
  if (value < 15) return [];
  const rest = value - 15;
  return [...new Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
}

function lz4Block(bytes: Uint8Array): Buffer {
  const parts: Uint8Array[] = [];
  for (const { literal, distance, length } of sequences(bytes, 0xffff, 5)) {
    const match = distance === 0 ? 0 : length - 4;
    parts.push(
      Buffer.from([(Math.min(literal.length, 15) << 4) | Math.min(match, 15), ...continued(literal.length)]),
    );
    parts.push(Buffer.from(literal));
    if (distance > 0) parts.push(Buffer.from([distance & 0xff, distance >>> 8, ...continued(match)]));
  }
  return Buffer.concat(parts);
}

export interface TinyLz4Options {
  readonly blockSize?: number;
  readonly stored?: boolean;
  readonly blockChecksums?: boolean;
  readonly contentChecksum?: boolean;
  readonly contentSize?: boolean;
  /** The header checksum of clients before 0.10. */
  readonly oldChecksum?: boolean;
}

function int32LE(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** An LZ4 frame of independent blocks. */
export function tinyLz4(bytes: Uint8Array, options: TinyLz4Options = {}): Uint8Array {
  const flags =
    0x60 |
    (options.blockChecksums ? 0x10 : 0) |
    (options.contentSize ? 0x08 : 0) |
    (options.contentChecksum ? 0x04 : 0);
  const size = Buffer.alloc(options.contentSize ? 8 : 0);
  if (options.contentSize) size.writeBigUInt64LE(BigInt(bytes.length));
  const magic = Buffer.from('04224d18', 'hex');
  const descriptor = Buffer.concat([Buffer.from([flags, 0x40]), size]);
  const hashed = options.oldChecksum ? Buffer.concat([magic, descriptor]) : descriptor;
  const parts: Uint8Array[] = [magic, descriptor, Buffer.from([(xxhash32(hashed) >>> 8) & 0xff])];
  const blockSize = options.blockSize ?? 65_536;
  for (let at = 0; at < bytes.length; at += blockSize) {
    const content = bytes.subarray(at, at + blockSize);
    const block = options.stored ? Buffer.from(content) : lz4Block(content);
    parts.push(int32LE(options.stored ? block.length + 0x8000_0000 : block.length), block);
    if (options.blockChecksums) parts.push(int32LE(xxhash32(block)));
  }
  parts.push(int32LE(0));
  if (options.contentChecksum) parts.push(int32LE(xxhash32(bytes)));
  return Buffer.concat(parts);
}
