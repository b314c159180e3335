/** Codecs of the types that start with their size: strings, bytes and arrays, in their old and their compact encoding. */
import { type ByteReader, type ByteWriter, ProtocolError } from '@kohort/core/spi';
import { type Codec, misfit } from './codec.ts';

/** How a value with a size is encoded in one version. */
export interface Encoding {
  /** Compact sizes: unsigned varint of size + 1, and 0 for null (KIP-482). */
  readonly compact: boolean;
  readonly nullable: boolean;
}

/** What Kafka allows for strings in either encoding. */
const MAX_STRING_BYTES = 0x7fff;

function notNullable(what: string): ProtocolError {
  return new ProtocolError(`${what} is null, which this version does not allow`);
}

export function stringCodec({ compact, nullable }: Encoding): Codec {
  return {
    minSize: compact ? 1 : 2,
    read(reader) {
      const value = compact ? reader.compactNullableString() : reader.nullableString();
      if (value === null && !nullable) throw notNullable('string');
      return value;
    },
    write(writer, value) {
      if (value === null && nullable) writeNull(writer, compact, 2);
      else if (typeof value !== 'string') throw misfit('string', value);
      else writeString(writer, compact, value);
    },
  };
}

function writeString(writer: ByteWriter, compact: boolean, value: string): void {
  const raw = Buffer.from(value);
  if (raw.length > MAX_STRING_BYTES) {
    throw new ProtocolError(`string of ${raw.length} bytes, at most ${MAX_STRING_BYTES} fit`);
  }
  if (compact) writer.uvarint(raw.length + 1);
  else writer.int16(raw.length);
  writer.raw(raw);
}

export function bytesCodec({ compact, nullable }: Encoding): Codec {
  return {
    minSize: compact ? 1 : 4,
    read(reader) {
      const value = compact ? reader.compactNullableData() : reader.nullableData();
      if (value === null && !nullable) throw notNullable('bytes');
      return value;
    },
    write(writer, value) {
      if (value === null && nullable) writeNull(writer, compact, 4);
      else if (!(value instanceof Uint8Array)) throw misfit('Uint8Array', value);
      else if (compact) writer.compactData(value);
      else writer.data(value);
    },
  };
}

export function arrayCodec(element: Codec, { compact, nullable }: Encoding): Codec {
  const { minSize } = element;
  if (minSize === 0) throw new ProtocolError('an array of elements without bytes has no bound');
  return {
    minSize: compact ? 1 : 4,
    read(reader) {
      const count = readCount(reader, compact);
      if (count < 0) {
        if (nullable) return null;
        throw notNullable('array');
      }
      if (count * minSize > reader.remaining) {
        throw new ProtocolError(
          `${count} elements at offset ${reader.offset}, but only ${reader.remaining} bytes remain`,
        );
      }
      const elements: unknown[] = [];
      for (let i = 0; i < count; i++) elements.push(element.read(reader));
      return elements;
    },
    write(writer, value) {
      if (value === null && nullable) {
        writeNull(writer, compact, 4);
        return;
      }
      if (!Array.isArray(value)) throw misfit('array', value);
      if (compact) writer.uvarint(value.length + 1);
      else writer.int32(value.length);
      for (const one of value) element.write(writer, one);
    },
  };
}

/** Number of elements, or a negative number for null. */
function readCount(reader: ByteReader, compact: boolean): number {
  return compact ? reader.uvarint() - 1 : reader.int32();
}

function writeNull(writer: ByteWriter, compact: boolean, sizeBytes: 2 | 4): void {
  if (compact) writer.uvarint(0);
  else if (sizeBytes === 2) writer.int16(-1);
  else writer.int32(-1);
}
