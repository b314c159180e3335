/** The header of a record batch of magic 2 (Kafka protocol guide, "Record Batch"): 61 bytes in front of the records. */
import { ByteReader, type CompressionType, ProtocolError } from '@kohort/core/spi';

/** Bytes in front of the records. */
export const BATCH_HEADER_SIZE = 61;
/** Base offset and length: what comes before the bytes that the length counts. */
export const LOG_OVERHEAD = 12;
/** Where the fields lie that are read or written alone. */
export const LENGTH_AT = 8;
export const LEADER_EPOCH_AT = 12;
export const MAGIC_AT = 16;
export const CRC_AT = 17;
/** The first byte that the checksum covers. */
export const ATTRIBUTES_AT = 21;

const COMPRESSION_TYPES: readonly CompressionType[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const COMPRESSION_MASK = 0x07;
const LOG_APPEND_FLAG = 0x08;
const TRANSACTIONAL_FLAG = 0x10;
const CONTROL_FLAG = 0x20;

/** What the attributes of a batch say. */
export interface BatchAttributes {
  readonly compression: CompressionType;
  readonly timestampType: 'create' | 'logAppend';
  readonly transactional: boolean;
  /** Holds a marker of the broker's, not records of a producer. */
  readonly control: boolean;
}

export interface BatchHeader extends BatchAttributes {
  readonly baseOffset: bigint;
  /** Size of the whole batch in bytes, header included. */
  readonly sizeInBytes: number;
  /** -1 where unknown. */
  readonly leaderEpoch: number;
  readonly crc: number;
  /** Last offset minus base offset; compaction keeps it when it removes records. */
  readonly lastOffsetDelta: number;
  /** Milliseconds since the epoch, -1 for none. */
  readonly baseTimestamp: bigint;
  readonly maxTimestamp: bigint;
  /** -1 for none. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  /** Number of records that the batch says it holds. */
  readonly recordCount: number;
}

export function compressionOf(attributes: number): CompressionType {
  const type = COMPRESSION_TYPES[attributes & COMPRESSION_MASK];
  if (type === undefined)
    throw new ProtocolError(`unknown compression type ${attributes & COMPRESSION_MASK}`);
  return type;
}

export function timestampTypeOf(attributes: number): 'create' | 'logAppend' {
  return attributes & LOG_APPEND_FLAG ? 'logAppend' : 'create';
}

export function attributesToBits(attributes: BatchAttributes): number {
  return (
    COMPRESSION_TYPES.indexOf(attributes.compression) |
    (attributes.timestampType === 'logAppend' ? LOG_APPEND_FLAG : 0) |
    (attributes.transactional ? TRANSACTIONAL_FLAG : 0) |
    (attributes.control ? CONTROL_FLAG : 0)
  );
}

/**
 * Reads the header of the batch that begins at `at`. Looks at no record and checks no checksum.
 * @throws ProtocolError when the bytes end too early, or are no batch of magic 2
 */
export function readBatchHeader(bytes: Uint8Array, at = 0): BatchHeader {
  const reader = new ByteReader(bytes, at);
  const baseOffset = reader.int64();
  const length = reader.int32();
  if (length < BATCH_HEADER_SIZE - LOG_OVERHEAD || length > reader.remaining) {
    throw new ProtocolError(`record batch of ${length} bytes, ${reader.remaining} remain`);
  }
  const leaderEpoch = reader.int32();
  const magic = reader.int8();
  if (magic !== 2) throw new ProtocolError(`record batch of magic ${magic}, expected 2`);
  const crc = reader.uint32();
  const attributes = reader.int16();
  const lastOffsetDelta = reader.int32();
  if (lastOffsetDelta < 0) throw new ProtocolError(`last offset delta ${lastOffsetDelta}`);
  return {
    baseOffset,
    sizeInBytes: LOG_OVERHEAD + length,
    leaderEpoch,
    crc,
    compression: compressionOf(attributes),
    timestampType: timestampTypeOf(attributes),
    transactional: (attributes & TRANSACTIONAL_FLAG) !== 0,
    control: (attributes & CONTROL_FLAG) !== 0,
    lastOffsetDelta,
    baseTimestamp: reader.int64(),
    maxTimestamp: reader.int64(),
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    baseSequence: reader.int32(),
    recordCount: reader.int32(),
  };
}
