/** Codecs of the types of fixed size: integers, booleans and uuids. */
import { type Codec, misfit } from './codec.ts';

/** One byte; anything but 0 is true (Kafka writes 1). */
export const BOOL: Codec = {
  minSize: 1,
  read: (reader) => reader.bool(),
  write(writer, value) {
    if (typeof value !== 'boolean') throw misfit('boolean', value);
    writer.bool(value);
  },
};

export const INT8: Codec = {
  minSize: 1,
  read: (reader) => reader.int8(),
  write(writer, value) {
    if (typeof value !== 'number' || value !== (value << 24) >> 24) throw misfit('int8', value);
    writer.int8(value);
  },
};

export const INT16: Codec = {
  minSize: 2,
  read: (reader) => reader.int16(),
  write(writer, value) {
    if (typeof value !== 'number' || value !== (value << 16) >> 16) throw misfit('int16', value);
    writer.int16(value);
  },
};

export const INT32: Codec = {
  minSize: 4,
  read: (reader) => reader.int32(),
  write(writer, value) {
    if (typeof value !== 'number' || value !== (value | 0)) throw misfit('int32', value);
    writer.int32(value);
  },
};

export const INT64: Codec = {
  minSize: 8,
  read: (reader) => reader.int64(),
  write(writer, value) {
    if (typeof value !== 'bigint' || value !== BigInt.asIntN(64, value))
      throw misfit('int64 (bigint)', value);
    writer.int64(value);
  },
};

const UUID_BYTES = 16;

/** Sixteen bytes, shown as Kafka shows them: base64url without padding, 22 characters. */
export const UUID: Codec = {
  minSize: UUID_BYTES,
  read(reader) {
    const raw = reader.raw(UUID_BYTES);
    return Buffer.from(raw.buffer, raw.byteOffset, UUID_BYTES).toString('base64url');
  },
  write(writer, value) {
    if (typeof value !== 'string') throw misfit('uuid', value);
    const raw = Buffer.from(value, 'base64url');
    if (raw.length !== UUID_BYTES || raw.toString('base64url') !== value) {
      throw misfit('uuid of 22 base64url characters', value);
    }
    writer.raw(raw);
  },
};
