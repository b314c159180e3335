/** zstd, by Node's zlib, which has it from 22.15 and 23.8 on. */
import * as zlib from 'node:zlib';
import type { CompressionCodec } from '@kohort/core/spi';

type ZstdDecompressSync = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

/** The types of the oldest supported Node do not know the function. */
function isFunction(value: unknown): value is ZstdDecompressSync {
  return typeof value === 'function';
}

/** undefined where this Node has no zstd. */
export function zstdCodec(): CompressionCodec | undefined {
  const decompressSync: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  if (!isFunction(decompressSync)) return undefined;
  return {
    type: 'zstd',
    decompress: (bytes, { maxBytes }) => decompressSync(bytes, { maxOutputLength: Math.max(1, maxBytes) }),
  };
}
