/** The codecs that records can be read with. */
import type { CompressionCodec, CompressionType } from '@kohort/core/spi';
import { gzipCodec } from './gzip.ts';
import { lz4Codec } from './lz4.ts';
import { snappyCodec } from './snappy.ts';
import { zstdCodec } from './zstd/zstd-codec.ts';

export type CodecRegistry = ReadonlyMap<CompressionType, CompressionCodec>;

/**
 * gzip, snappy, lz4 and zstd, with `custom` codecs in front of those of the same type.
 */
export function codecRegistry(custom: readonly CompressionCodec[] = []): CodecRegistry {
  const registry = new Map<CompressionType, CompressionCodec>();
  for (const codec of [gzipCodec(), snappyCodec(), lz4Codec(), zstdCodec(), ...custom]) {
    registry.set(codec.type, codec);
  }
  return registry;
}
