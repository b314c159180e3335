/** The first half of a compressed block of zstd (RFC 8878, 3.1.1.3.1): the bytes that are no copies. */
import { ProtocolError } from '@kohort/core/spi';
import { decodeHuffman, type HuffmanTable, readHuffmanTable } from './huffman.ts';

export interface Literals {
  readonly bytes: Uint8Array;
  /** How much of the block they were. */
  readonly size: number;
  /** Kept for a later block that has none of its own. */
  readonly table: HuffmanTable | null;
}

const RAW = 0;
const RLE = 1;
const TREELESS = 3;
const JUMP_TABLE_SIZE = 6;

/** @throws ProtocolError */
export function readLiterals(block: Uint8Array, maxSize: number, before: HuffmanTable | null): Literals {
  const header = headerOf(block);
  const { type, size, regenerated, compressed } = header;
  if (regenerated > maxSize) throw new ProtocolError(`zstd literals of ${regenerated} bytes in one block`);
  const end = size + compressed;
  if (end > block.length) throw new ProtocolError('zstd literals that end too early');
  if (type === RAW) return { bytes: block.subarray(size, end), size: end, table: before };
  if (type === RLE)
    return { bytes: new Uint8Array(regenerated).fill(block[size] ?? 0), size: end, table: before };
  let streams = block.subarray(size, end);
  let table = before;
  if (type !== TREELESS) {
    const read = readHuffmanTable(streams);
    table = read.table;
    streams = streams.subarray(read.size);
  }
  if (table === null) throw new ProtocolError('zstd literals without a Huffman tree');
  const bytes = new Uint8Array(regenerated);
  if (header.isOneStream) decodeHuffman(table, streams, bytes);
  else decodeFourStreams(table, streams, bytes);
  return { bytes, size: end, table };
}

function headerOf(block: Uint8Array) {
  const byte = (i: number) => block[i] ?? 0;
  const type = byte(0) & 3;
  const format = (byte(0) >> 2) & 3;
  if (type === RAW || type === RLE) {
    const size = format === 1 ? 2 : format === 3 ? 3 : 1;
    const regenerated =
      size === 1 ? byte(0) >> 3 : (byte(0) >> 4) | (byte(1) << 4) | (size === 3 ? byte(2) << 12 : 0);
    return { type, size, regenerated, compressed: type === RAW ? regenerated : 1, isOneStream: true };
  }
  const size = format < 2 ? 3 : format + 2;
  const width = 2 ** (format < 2 ? 10 : format === 2 ? 14 : 18);
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + byte(i);
  value = Math.floor(value / 16);
  return {
    type,
    size,
    regenerated: value % width,
    compressed: Math.floor(value / width),
    isOneStream: format === 0,
  };
}

/** A quarter of the bytes each; where the first three end is told before them. */
function decodeFourStreams(table: HuffmanTable, bytes: Uint8Array, output: Uint8Array): void {
  const quarter = (output.length + 3) >> 2;
  let at = JUMP_TABLE_SIZE;
  for (let i = 0; i < 4; i++) {
    const length = i === 3 ? bytes.length - at : (bytes[i * 2] ?? 0) | ((bytes[i * 2 + 1] ?? 0) << 8);
    if (length < 1 || at + length > bytes.length) throw new ProtocolError('zstd literals that end too early');
    decodeHuffman(
      table,
      bytes.subarray(at, at + length),
      output.subarray(i * quarter, i === 3 ? output.length : (i + 1) * quarter),
    );
    at += length;
  }
}
