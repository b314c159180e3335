/** The section of tagged fields at the end of every struct of a flexible version (KIP-482). */
import { type ByteReader, ByteWriter, ProtocolError } from '@kohort/core/spi';
import { type Codec, located } from './codec.ts';
import { isDefault } from './defaults.ts';
import type { Field } from './field.ts';

/** A tagged field that a version knows. */
export interface TaggedField {
  readonly name: string;
  readonly tag: number;
  readonly field: Field;
  readonly codec: Codec;
}

/** Least size of one tagged field: its tag and its size. */
const MIN_SIZE = 2;

/** Sets the known fields that are present on `target`, and skips the unknown ones. */
export function readTaggedFields(
  reader: ByteReader,
  known: readonly TaggedField[],
  target: Record<string, unknown>,
): void {
  const count = reader.uvarint();
  if (count === 0) return;
  if (count * MIN_SIZE > reader.remaining) {
    throw new ProtocolError(
      `${count} tagged fields at offset ${reader.offset}, but only ${reader.remaining} bytes remain`,
    );
  }
  for (let i = 0; i < count; i++) {
    const tag = reader.uvarint();
    const size = reader.uvarint();
    const found = known.find((one) => one.tag === tag);
    if (found === undefined) reader.skip(size);
    else target[found.name] = readOne(reader, found, size);
  }
}

function readOne(reader: ByteReader, { name, codec }: TaggedField, size: number): unknown {
  const end = reader.offset + size;
  try {
    const value = codec.read(reader);
    if (reader.offset === end) return value;
  } catch (error) {
    throw located(name, error);
  }
  throw new ProtocolError(
    `${name}: tagged field of ${size} bytes, read to offset ${reader.offset} of ${end}`,
  );
}

/** Writes the fields whose value is not the default, by ascending tag. */
export function writeTaggedFields(
  writer: ByteWriter,
  known: readonly TaggedField[],
  source: Readonly<Record<string, unknown>>,
): void {
  const present = known.filter(({ name, field }) => !isDefault(field, source[name]));
  writer.uvarint(present.length);
  for (const { name, tag, codec } of present) {
    const content = new ByteWriter();
    try {
      codec.write(content, source[name]);
    } catch (error) {
      throw located(name, error);
    }
    writer.uvarint(tag).uvarint(content.length).raw(content.finish());
  }
}
