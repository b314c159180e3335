/** The frames of zstd and their blocks (RFC 8878, 3.1.1), as they lie in the bytes: nothing is decompressed. */
import { type ByteReader, ProtocolError } from '@kohort/core/spi';

export interface ZstdFrameHeader {
  readonly maxBlockSize: number;
  readonly contentSize: number | null;
  readonly hasChecksum: boolean;
}

export interface ZstdBlock {
  readonly type: number;
  /** What the header says: of a run the bytes that it stands for. */
  readonly size: number;
  readonly content: Uint8Array;
}

export const RLE_BLOCK = 1;
const FRAME_MAGIC = 0xfd2fb528;
/** The last four bits are free. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAX_BLOCK_SIZE = 131_072;

/**
 * @param visit goes through all blocks of the frame
 * @throws ProtocolError for bytes that are no whole frames
 */
export function eachZstdFrame(
  reader: ByteReader,
  visit: (header: ZstdFrameHeader, blocks: Iterable<ZstdBlock>) => void,
): void {
  do {
    const magic = littleEndian(reader, 4);
    if (magic === FRAME_MAGIC) {
      const header = readFrameHeader(reader);
      visit(header, blocksOf(reader, header));
      if (header.hasChecksum) reader.skip(4);
    } else if (magic - (magic % 16) === SKIPPABLE_MAGIC) reader.skip(littleEndian(reader, 4));
    else throw new ProtocolError(`zstd frame begins with 0x${magic.toString(16)}`);
  } while (reader.remaining > 0);
}

function* blocksOf(reader: ByteReader, { maxBlockSize }: ZstdFrameHeader): Generator<ZstdBlock> {
  for (let isLast = false; !isLast; ) {
    const block = littleEndian(reader, 3);
    isLast = (block & 1) === 1;
    const type = (block >> 1) & 3;
    const size = block >> 3;
    if (size > maxBlockSize)
      throw new ProtocolError(`zstd block of ${size} bytes in a frame with blocks of ${maxBlockSize}`);
    yield { type, size, content: reader.raw(type === RLE_BLOCK ? 1 : size) };
  }
}

function readFrameHeader(reader: ByteReader): ZstdFrameHeader {
  const flags = reader.uint8();
  if (flags & 0x08) throw new ProtocolError('zstd frame of an unknown kind');
  const isSingleSegment = (flags & 0x20) !== 0;
  const window = isSingleSegment ? 0 : reader.uint8();
  const dictionarySize = [0, 1, 2, 4][flags & 3] ?? 0;
  if (littleEndian(reader, dictionarySize) !== 0) throw new ProtocolError('zstd frame with a dictionary');
  const sizeOfSize = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  const size = littleEndian(reader, sizeOfSize);
  const contentSize = sizeOfSize === 0 ? null : sizeOfSize === 2 ? size + 256 : size;
  const windowBase = 2 ** (10 + (window >> 3));
  const windowSize = windowBase + (windowBase / 8) * (window & 7);
  return {
    maxBlockSize: Math.min(MAX_BLOCK_SIZE, isSingleSegment ? (contentSize ?? 0) : windowSize),
    contentSize,
    hasChecksum: (flags & 0x04) !== 0,
  };
}

function littleEndian(reader: ByteReader, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value += reader.uint8() * 2 ** (8 * i);
  return value;
}
