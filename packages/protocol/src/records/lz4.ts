/**
 * LZ4, reading only: the frame format (lz4/lz4 `lz4_Frame_format.md`) as Kafka uses it. Clients before 0.10 computed the
 * header checksum over the magic number too (KIP-57), so both are accepted.
 */
import { ByteReader, type CompressionCodec, ProtocolError } from '@kohort/core/spi';
import { BoundedOutput } from './bounded-output.ts';
import { decompressLz4Block } from './lz4-block.ts';
import { xxhash32 } from './xxhash32.ts';

const FRAME_MAGIC = 0x184d2204;
const MAGIC_SIZE = 4;
const UNCOMPRESSED_FLAG = 0x8000_0000;
/** Block sizes by their code, from 4 on. */
const BLOCK_SIZES = [65_536, 262_144, 1_048_576, 4_194_304] as const;

interface FrameHeader {
  readonly linkedBlocks: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
  readonly maxBlockSize: number;
}

export function lz4Codec(): CompressionCodec {
  return { type: 'lz4', decompress: (bytes, { maxBytes }) => decompressLz4(bytes, maxBytes) };
}

/** @throws ProtocolError for bytes that are not an LZ4 frame, or that stand for more than `maxBytes` */
export function decompressLz4(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const reader = new ByteReader(bytes);
  const header = readFrameHeader(reader);
  const output = new BoundedOutput(bytes.length * 4, maxBytes);
  for (let size = uint32(reader); size !== 0; size = uint32(reader)) {
    const length = size % UNCOMPRESSED_FLAG;
    if (length > header.maxBlockSize) {
      throw new ProtocolError(
        `lz4 block of ${length} bytes in a frame with blocks of ${header.maxBlockSize}`,
      );
    }
    const block = reader.raw(length);
    if (header.blockChecksums) checkHash(block, uint32(reader), 'block');
    if (size >= UNCOMPRESSED_FLAG) output.append(block, 0, length);
    else decompressLz4Block(block, output, header.linkedBlocks ? 0 : output.length, header.maxBlockSize);
  }
  if (header.contentChecksum) checkHash(output.finish(), uint32(reader), 'content');
  return output.finish();
}

function readFrameHeader(reader: ByteReader): FrameHeader {
  const magic = uint32(reader);
  if (magic !== FRAME_MAGIC) throw new ProtocolError(`lz4 frame begins with 0x${magic.toString(16)}`);
  const flags = reader.uint8();
  if (flags >>> 6 !== 1) throw new ProtocolError(`lz4 frame of version ${flags >>> 6}`);
  if (flags & 0x01) throw new ProtocolError('lz4 frame with a dictionary');
  const maxBlockSize = BLOCK_SIZES[((reader.uint8() >>> 4) & 7) - 4];
  if (maxBlockSize === undefined) throw new ProtocolError('lz4 frame with an unknown block size');
  if (flags & 0x08) reader.skip(8); // Content size: a hint that is not needed.
  const header = reader.bytes.subarray(0, reader.offset);
  const checksum = reader.uint8();
  if (checksum !== headerChecksum(header.subarray(MAGIC_SIZE)) && checksum !== headerChecksum(header)) {
    throw new ProtocolError(`lz4 frame header with checksum ${checksum}`);
  }
  return {
    linkedBlocks: (flags & 0x20) === 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 0x04) !== 0,
    maxBlockSize,
  };
}

function headerChecksum(bytes: Uint8Array): number {
  return (xxhash32(bytes) >>> 8) & 0xff;
}

function checkHash(bytes: Uint8Array, expected: number, what: string): void {
  const actual = xxhash32(bytes);
  if (actual !== expected) throw new ProtocolError(`lz4 ${what} checksum is ${actual}, expected ${expected}`);
}

/** Little-endian, unlike everything of Kafka's own. */
function uint32(reader: ByteReader): number {
  const low = reader.uint8() | (reader.uint8() << 8) | (reader.uint8() << 16);
  return low + reader.uint8() * 0x100_0000;
}
