/**
 * One message of the formats before magic 2 (Kafka protocol guide, "Old Message Formats"), which topics that were written
 * before Kafka 0.11 may still hold.
 */
import { crc32 } from 'node:zlib';
import { ByteReader, type CompressionType, ProtocolError } from '@kohort/core/spi';
import { compressionOf, timestampTypeOf } from './batch-header.ts';

export interface LegacyMessage {
  /** In a compressed message set of magic 1: relative to its first message. */
  readonly offset: bigint;
  readonly magic: 0 | 1;
  readonly compression: CompressionType;
  readonly timestampType: 'create' | 'logAppend';
  /** Milliseconds since the epoch; -1 for magic 0, which has none. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  /** For a compressed one, the compressed message set. */
  readonly value: Uint8Array | null;
}

/** The checksum covers what follows it. */
const CRC_SIZE = 4;

/** Reads the next message. @throws ProtocolError, also for a checksum that does not fit, when those are checked */
export function readLegacyMessage(reader: ByteReader, checkCrc: boolean): LegacyMessage {
  const offset = reader.int64();
  const length = reader.int32();
  const message = new ByteReader(reader.raw(length));
  const crc = message.uint32();
  if (checkCrc) {
    const actual = crc32(message.bytes.subarray(CRC_SIZE));
    if (actual !== crc) throw new ProtocolError(`message ${offset} has checksum ${actual}, expected ${crc}`);
  }
  const magic = message.int8();
  if (magic !== 0 && magic !== 1) throw new ProtocolError(`message of magic ${magic}`);
  const attributes = message.int8();
  return {
    offset,
    magic,
    compression: compressionOf(attributes),
    timestampType: magic === 0 ? 'create' : timestampTypeOf(attributes),
    timestamp: magic === 0 ? -1 : Number(message.int64()),
    key: message.nullableData(),
    value: message.nullableData(),
  };
}

/**
 * The messages inside a compressed one, their offsets absolute. In magic 1 they count from 0 and the outer offset is that
 * of the last (KIP-31); in magic 0 they are absolute already.
 * @throws ProtocolError
 */
export function readInnerMessages(
  outer: LegacyMessage,
  bytes: Uint8Array,
  checkCrc: boolean,
): LegacyMessage[] {
  const reader = new ByteReader(bytes);
  const inner: LegacyMessage[] = [];
  while (reader.remaining > 0) {
    const message = readLegacyMessage(reader, checkCrc);
    if (message.compression !== 'none')
      throw new ProtocolError('compressed message inside a compressed message');
    if (message.magic !== outer.magic) {
      throw new ProtocolError(`message of magic ${message.magic} inside one of magic ${outer.magic}`);
    }
    inner.push(message);
  }
  const base = outer.magic === 0 ? 0n : outer.offset - (inner.at(-1)?.offset ?? 0n);
  return inner.map((message) => ({
    ...message,
    offset: base + message.offset,
    timestamp: outer.timestampType === 'logAppend' ? outer.timestamp : message.timestamp,
  }));
}
