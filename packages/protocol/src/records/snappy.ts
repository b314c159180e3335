/**
 * Snappy, reading only: the raw format (google/snappy `format_description.txt`), and the chunks of snappy-java
 * ("xerial") that Kafka's Java clients write.
 */
import { ByteReader, type CompressionCodec, ProtocolError } from '@kohort/core/spi';
import { BoundedOutput } from './bounded-output.ts';

/** `\x82SNAPPY\0`, then two int32 for versions. */
const XERIAL_MAGIC = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00);
const XERIAL_HEADER_SIZE = 16;
/** A copy of at most 64 bytes takes at least three: what claims a higher ratio is a lie, found before allocating. */
const MAX_RATIO = 22;

export function snappyCodec(): CompressionCodec {
  return { type: 'snappy', decompress: (bytes, { maxBytes }) => decompressSnappy(bytes, maxBytes) };
}

/** @throws ProtocolError for bytes that are not Snappy, or that stand for more than `maxBytes` */
export function decompressSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (!XERIAL_MAGIC.every((byte, i) => bytes[i] === byte)) return decompressRaw(bytes, maxBytes);
  const reader = new ByteReader(bytes);
  reader.skip(XERIAL_HEADER_SIZE);
  const chunks: Uint8Array[] = [];
  let total = 0;
  while (reader.remaining > 0) {
    const chunk = decompressRaw(reader.raw(reader.int32()), maxBytes - total);
    total += chunk.length;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, total);
}

function decompressRaw(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const reader = new ByteReader(bytes);
  const size = reader.uvarint();
  if (size > maxBytes)
    throw new ProtocolError(`snappy block of ${size} bytes, at most ${maxBytes} are allowed`);
  if (size > bytes.length * MAX_RATIO)
    throw new ProtocolError(`snappy block of ${size} bytes out of ${bytes.length}`);
  const output = new BoundedOutput(size, size);
  while (reader.remaining > 0) {
    const tag = reader.uint8();
    if ((tag & 3) === 0) {
      const length = literalLength(tag, reader);
      const from = reader.offset;
      reader.skip(length);
      output.append(bytes, from, length);
    } else {
      const distance = copyDistance(tag, reader);
      if (distance === 0 || distance > output.length) {
        throw new ProtocolError(`snappy copy from ${distance} bytes back at ${output.length}`);
      }
      output.repeat(distance, copyLength(tag));
    }
  }
  if (output.length !== size)
    throw new ProtocolError(`snappy block of ${size} bytes ends after ${output.length}`);
  return output.finish();
}

function literalLength(tag: number, reader: ByteReader): number {
  const short = tag >>> 2;
  if (short < 60) return short + 1;
  let length = 0;
  for (let i = 0; i < short - 59; i++) length += reader.uint8() * 2 ** (8 * i);
  return length + 1;
}

/** How far back a copy begins: 11, 16 or 32 bits. */
function copyDistance(tag: number, reader: ByteReader): number {
  const low = reader.uint8();
  if ((tag & 3) === 1) return ((tag & 0xe0) << 3) | low;
  const distance = low | (reader.uint8() << 8);
  if ((tag & 3) === 2) return distance;
  return distance + (reader.uint8() | (reader.uint8() << 8)) * 0x10000;
}

function copyLength(tag: number): number {
  return (tag & 3) === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
}
