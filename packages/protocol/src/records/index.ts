/** Record batches: everything that the rest of the package and its users need of this folder. */
export type { AbortedTransaction } from './aborted-transactions.ts';
export { type BatchAttributes, type BatchHeader, readBatchHeader } from './batch-header.ts';
export { type CodecRegistry, codecRegistry } from './codecs.ts';
export { crc32c } from './crc32c.ts';
export { type DecodeOptions, decodeBatches } from './decode-batches.ts';
export {
  type BatchCompressor,
  type EncodeOptions,
  type EndMarker,
  encodeBatch,
  encodeEndMarker,
  type RecordInput,
} from './encode-batch.ts';
export { gzipCodec } from './gzip.ts';
export { lz4Codec } from './lz4.ts';
export { type ProducedBatch, splitProducePayload, withBaseOffset } from './produce-payload.ts';
export { snappyCodec } from './snappy.ts';
export { zstdCodec } from './zstd/zstd-codec.ts';
