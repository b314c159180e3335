/** Codecs of record batches. gzip is built into the protocol package, others are passed in. */

/** The compression types of the record batch format (Kafka protocol, record batch attributes bits 0 to 2). */
export type CompressionType = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** Decompresses what a batch holds; may work off the main thread. */
export interface CompressionCodec {
  readonly type: Exclude<CompressionType, 'none'>;
  /**
   * @param bytes the compressed records section of one batch
   * @param limits.maxBytes decompressing must stop and throw beyond this many bytes
   */
  decompress(bytes: Uint8Array, limits: { readonly maxBytes: number }): Uint8Array | Promise<Uint8Array>;
}
