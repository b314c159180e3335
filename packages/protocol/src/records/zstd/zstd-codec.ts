/** zstd: by Node's zlib, which has it from 22.15 and 23.8 on, else by the reader of this package. */
import * as zlib from 'node:zlib';
import { ByteReader, type CompressionCodec } from '@kohort/core/spi';
import { decompressZstd } from './decompress-zstd.ts';
import { eachZstdFrame } from './zstd-frames.ts';

/** The first byte of a frame; what is skipped begins with others. */
const FRAME_BEGIN = 0x28;

type ZstdDecompressSync = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

/** The types of the oldest supported Node do not know the function. */
function isFunction(value: unknown): value is ZstdDecompressSync {
  return typeof value === 'function';
}

export function zstdCodec(): CompressionCodec {
  const decompressSync: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  if (!isFunction(decompressSync)) {
    return { type: 'zstd', decompress: (bytes, { maxBytes }) => decompressZstd(bytes, maxBytes) };
  }
  return {
    type: 'zstd',
    decompress(bytes, { maxBytes }) {
      if (!isOneFrame(bytes)) return decompressZstd(bytes, maxBytes);
      return decompressSync(bytes, { maxOutputLength: Math.max(1, maxBytes) });
    },
  };
}

/**
 * Node reads the first frame only, and Node 22 answers with what there is when that is cut off.
 * @throws ProtocolError for frames that are not whole
 */
function isOneFrame(bytes: Uint8Array): boolean {
  let frames = 0;
  eachZstdFrame(new ByteReader(bytes), (_, blocks) => {
    frames += 1;
    for (const _block of blocks);
  });
  return frames === 1 && bytes[0] === FRAME_BEGIN;
}
