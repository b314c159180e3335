/** One block of LZ4 (lz4/lz4 `lz4_Block_format.md`): sequences of literals and copies from further back. */
import { ByteReader, ProtocolError } from '@kohort/core/spi';
import type { BoundedOutput } from './bounded-output.ts';

const MIN_MATCH = 4;
/** A nibble of 15 is continued in the bytes that follow. */
const CONTINUED = 15;

/**
 * @param floor copies may not reach back before this length of the output
 * @param maxBlockSize most bytes that the block may stand for
 * @throws ProtocolError
 */
export function decompressLz4Block(
  block: Uint8Array,
  output: BoundedOutput,
  floor: number,
  maxBlockSize: number,
): void {
  const reader = new ByteReader(block);
  const end = output.length + maxBlockSize;
  for (;;) {
    const token = reader.uint8();
    const literals = readLength(reader, token >>> 4);
    const from = reader.offset;
    reader.skip(literals);
    output.append(block, from, literals);
    if (reader.remaining === 0) break;
    const distance = reader.uint8() | (reader.uint8() << 8);
    const length = readLength(reader, token & 0x0f) + MIN_MATCH;
    if (output.length + length > end)
      throw new ProtocolError(`lz4 block stands for more than ${maxBlockSize} bytes`);
    if (distance === 0 || distance > output.length - floor) {
      throw new ProtocolError(`lz4 copy from ${distance} bytes back at ${output.length - floor}`);
    }
    output.repeat(distance, length);
  }
  if (output.length > end) throw new ProtocolError(`lz4 block stands for more than ${maxBlockSize} bytes`);
}

function readLength(reader: ByteReader, nibble: number): number {
  let length = nibble;
  if (nibble < CONTINUED) return length;
  for (let byte = 255; byte === 255; length += byte) byte = reader.uint8();
  return length;
}
