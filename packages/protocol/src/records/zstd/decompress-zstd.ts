/**
 * zstd, reading only (RFC 8878), for versions of Node.js that have none. Checksums of frames are not compared: the CRC of the
 * batch covers the same bytes.
 */
import { ByteReader, ProtocolError } from '@kohort/core/spi';
import { BoundedOutput } from '../bounded-output.ts';
import type { HuffmanTable } from './huffman.ts';
import { readLiterals } from './literals.ts';
import { runSequences, type SequenceMemory } from './sequences.ts';
import { eachZstdFrame, RLE_BLOCK, type ZstdBlock, type ZstdFrameHeader } from './zstd-frames.ts';

const RAW_BLOCK = 0;
const COMPRESSED_BLOCK = 2;

/** @throws ProtocolError for bytes that are not zstd, or that stand for more than `maxBytes` */
export function decompressZstd(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const output = new BoundedOutput(bytes.length * 4, maxBytes);
  eachZstdFrame(new ByteReader(bytes), (header, blocks) => readFrame(header, blocks, output, maxBytes));
  return output.finish();
}

function readFrame(
  header: ZstdFrameHeader,
  blocks: Iterable<ZstdBlock>,
  output: BoundedOutput,
  maxBytes: number,
): void {
  const floor = output.length;
  const { contentSize } = header;
  if (contentSize !== null && contentSize > maxBytes - floor)
    throw new ProtocolError(`zstd frame of ${contentSize} bytes, at most ${maxBytes} are allowed`);
  const memory: SequenceMemory = { tables: new Map(), offsets: [1, 4, 8] };
  let huffman: HuffmanTable | null = null;
  for (const { type, size, content } of blocks) {
    if (type === RAW_BLOCK) output.append(content, 0, size);
    else if (type === RLE_BLOCK) repeat(content, size, output);
    else if (type === COMPRESSED_BLOCK) {
      const literals = readLiterals(content, header.maxBlockSize, huffman);
      huffman = literals.table;
      const target = { output, floor, literals: literals.bytes, maxSize: header.maxBlockSize };
      runSequences(content.subarray(literals.size), memory, target);
    } else throw new ProtocolError('zstd block of an unknown type');
  }
  if (contentSize !== null && output.length - floor !== contentSize)
    throw new ProtocolError(`zstd frame of ${contentSize} bytes ends after ${output.length - floor}`);
}

function repeat(byte: Uint8Array, size: number, output: BoundedOutput): void {
  if (size === 0) return;
  output.append(byte, 0, 1);
  output.repeat(1, size - 1);
}
