/** Record batches of magic 2, written: what a producer sends and a broker keeps. */
import { ByteWriter, type CompressionType, ProtocolError, type RecordHeader } from '@kohort/core/spi';
import { ABORT_MARKER, COMMIT_MARKER } from './aborted-transactions.ts';
import { ATTRIBUTES_AT, attributesToBits, CRC_AT, LENGTH_AT, LOG_OVERHEAD } from './batch-header.ts';
import { crc32c } from './crc32c.ts';
import { gzipCompress } from './gzip.ts';

/** A record to write. Text is written as UTF-8. */
export interface RecordInput {
  readonly key?: Uint8Array | string | null;
  readonly value?: Uint8Array | string | null;
  /** Milliseconds since the epoch; default -1, none. */
  readonly timestamp?: number;
  readonly headers?: readonly RecordHeader[];
  /** Default: one more than the record before. Ascending, with gaps where compaction has removed records. */
  readonly offsetDelta?: number;
}

/** A compressor for a type that is not built in. */
export interface BatchCompressor {
  readonly type: Exclude<CompressionType, 'none'>;
  compress(bytes: Uint8Array): Uint8Array;
}

export interface EncodeOptions {
  /** Default 0. */
  readonly baseOffset?: bigint;
  /** Default `none`. */
  readonly compression?: 'none' | 'gzip' | BatchCompressor;
  /** Default `create`; for `logAppend`, `appendTimestamp` is the time of all records. */
  readonly timestampType?: 'create' | 'logAppend';
  readonly appendTimestamp?: number;
  /** -1, the default, for unknown. */
  readonly leaderEpoch?: number;
  /** -1, the default, for none. */
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly transactional?: boolean;
  readonly control?: boolean;
  /** Default: that of the last record. */
  readonly lastOffsetDelta?: number;
}

const encoder = new TextEncoder();

/** Writes one batch. @throws ProtocolError for offset deltas that do not ascend */
export function encodeBatch(records: readonly RecordInput[], options: EncodeOptions = {}): Uint8Array {
  const deltas = offsetDeltas(records);
  const timestamps = records.map((record) => record.timestamp ?? -1);
  const compression = options.compression ?? 'none';
  const baseTimestamp = timestamps[0] ?? -1;
  const writer = new ByteWriter(256)
    .int64(options.baseOffset ?? 0n)
    .int32(0)
    .int32(options.leaderEpoch ?? -1)
    .int8(2)
    .uint32(0)
    .int16(
      attributesToBits({
        compression: typeof compression === 'string' ? compression : compression.type,
        timestampType: options.timestampType ?? 'create',
        transactional: options.transactional ?? false,
        control: options.control ?? false,
      }),
    )
    .int32(options.lastOffsetDelta ?? deltas.at(-1) ?? 0)
    .int64(BigInt(baseTimestamp))
    .int64(BigInt(options.appendTimestamp ?? timestamps.reduce((max, next) => Math.max(max, next), -1)))
    .int64(options.producerId ?? -1n)
    .int16(options.producerEpoch ?? -1)
    .int32(options.baseSequence ?? -1)
    .int32(records.length);
  const section = new ByteWriter(1024);
  records.forEach((record, i) => {
    writeRecord(section, record, deltas[i] ?? i, (timestamps[i] ?? -1) - baseTimestamp);
  });
  writer.raw(compressed(section.finish(), compression));
  writer.patchInt32(LENGTH_AT, writer.length - LOG_OVERHEAD);
  writer.patchUint32(CRC_AT, crc32c(writer.finish(), ATTRIBUTES_AT));
  return writer.finish();
}

/** What ends a transaction in a partition: one control record (Kafka protocol guide, "Control Batch"). */
export interface EndMarker {
  readonly type: 'commit' | 'abort';
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly coordinatorEpoch?: number;
  readonly timestamp?: number;
}

/** Writes the control batch that ends a transaction. */
export function encodeEndMarker(
  marker: EndMarker,
  options: Pick<EncodeOptions, 'baseOffset' | 'leaderEpoch'> = {},
) {
  const type = marker.type === 'abort' ? ABORT_MARKER : COMMIT_MARKER;
  const key = new ByteWriter(4).int16(0).int16(type).finish();
  const value = new ByteWriter(6)
    .int16(0)
    .int32(marker.coordinatorEpoch ?? 0)
    .finish();
  return encodeBatch([{ key, value, timestamp: marker.timestamp ?? -1 }], {
    ...options,
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    transactional: true,
    control: true,
  });
}

function offsetDeltas(records: readonly RecordInput[]): number[] {
  let previous = -1;
  return records.map(({ offsetDelta = previous + 1 }) => {
    if (offsetDelta <= previous) throw new ProtocolError(`offset delta ${offsetDelta} after ${previous}`);
    previous = offsetDelta;
    return offsetDelta;
  });
}

function compressed(section: Uint8Array, compression: 'none' | 'gzip' | BatchCompressor): Uint8Array {
  if (compression === 'none') return section;
  return compression === 'gzip' ? gzipCompress(section) : compression.compress(section);
}

function writeRecord(
  writer: ByteWriter,
  record: RecordInput,
  offsetDelta: number,
  timestampDelta: number,
): void {
  const body = new ByteWriter(64).int8(0).varlong(BigInt(timestampDelta)).varint(offsetDelta);
  writeData(body, record.key);
  writeData(body, record.value);
  const headers = record.headers ?? [];
  body.varint(headers.length);
  for (const [name, value] of headers) {
    writeData(body, name);
    writeData(body, value);
  }
  writer.varint(body.length).raw(body.finish());
}

function writeData(writer: ByteWriter, data: Uint8Array | string | null | undefined): void {
  if (data == null) {
    writer.varint(-1);
    return;
  }
  const bytes = typeof data === 'string' ? encoder.encode(data) : data;
  writer.varint(bytes.length).raw(bytes);
}
