/** Messages of magic 0 and 1 for tests, written from the protocol guide. */
import { crc32, gzipSync } from 'node:zlib';
import { ByteWriter } from '@kohort/core/spi';

export interface LegacyInput {
  readonly offset: bigint;
  readonly magic: 0 | 1;
  readonly attributes?: number;
  readonly timestamp?: number;
  readonly value: Uint8Array | string | null;
}

export function legacyMessage(input: LegacyInput): Uint8Array {
  const { value, magic } = input;
  const body = new ByteWriter().int8(magic).int8(input.attributes ?? 0);
  if (magic === 1) body.int64(BigInt(input.timestamp ?? -1));
  body.nullableData(null).nullableData(typeof value === 'string' ? new TextEncoder().encode(value) : value);
  const bytes = Uint8Array.from(body.finish());
  return Uint8Array.from(
    new ByteWriter()
      .int64(input.offset)
      .int32(bytes.length + 4)
      .uint32(crc32(bytes))
      .raw(bytes)
      .finish(),
  );
}

/** A gzip message with others inside. */
export function legacySet(outer: Omit<LegacyInput, 'value'>, inner: readonly LegacyInput[]): Uint8Array {
  const attributes = (outer.attributes ?? 0) | 1;
  return legacyMessage({ ...outer, attributes, value: gzipSync(Buffer.concat(inner.map(legacyMessage))) });
}
