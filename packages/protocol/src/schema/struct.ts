/** The codec of a struct in one version: the fields that the version carries, as lists without a version check left in them. */
import { type ByteReader, type ByteWriter, ProtocolError } from '@kohort/core/spi';
import { type Codec, located, misfit } from './codec.ts';
import { isDefault } from './defaults.ts';
import type { Field } from './field.ts';
import { readTaggedFields, type TaggedField, writeTaggedFields } from './tagged-fields.ts';

/** A struct's fields as one version sees them. */
export interface StructLayout {
  readonly version: number;
  readonly flexible: boolean;
  readonly all: ReadonlyMap<string, Field>;
  /** Carried in order. */
  readonly plain: readonly PlainField[];
  /** Carried as tagged fields, by ascending tag. */
  readonly tagged: readonly TaggedField[];
  /** Not carried, and not to be dropped silently. */
  readonly refused: readonly (readonly [string, Field])[];
}

/** A field that a version carries in its place. */
export interface PlainField {
  readonly name: string;
  readonly codec: Codec;
  /** Written when the value is left out; undefined for fields that must be given. */
  readonly fallback: unknown;
}

type Parts = Record<string, unknown>;

export function structCodec(layout: StructLayout): Codec {
  const { flexible, plain, tagged } = layout;
  const read = structReader(layout);
  const check = refusal(layout);
  return {
    minSize: plain.reduce((sum, { codec }) => sum + codec.minSize, flexible ? 1 : 0),
    read,
    write(writer, value) {
      if (typeof value !== 'object' || value === null) throw misfit('object', value);
      const source = value as Readonly<Parts>;
      check(source);
      writePlain(writer, plain, source);
      if (flexible) writeTaggedFields(writer, tagged, source);
    },
  };
}

function structReader({ all, flexible, plain, tagged }: StructLayout): (reader: ByteReader) => unknown {
  const carried = new Map(plain.map(({ name, codec }) => [name, codec]));
  const names = [...all.keys()];
  const defaults = [...all.values()].map((field) => field.defaultValue);
  const codecs = names.map((name) => carried.get(name));
  return (reader) => {
    const target: Parts = {};
    let at = 0;
    try {
      for (; at < names.length; at++) {
        const codec = codecs[at];
        target[names[at] as string] = codec === undefined ? defaults[at] : codec.read(reader);
      }
    } catch (error) {
      throw located(names[at] as string, error);
    }
    if (flexible) readTaggedFields(reader, tagged, target);
    return target;
  };
}

function writePlain(writer: ByteWriter, plain: readonly PlainField[], source: Readonly<Parts>): void {
  for (const { name, codec, fallback } of plain) {
    const value = source[name];
    try {
      codec.write(writer, value === undefined ? fallback : value);
    } catch (error) {
      throw located(name, error);
    }
  }
}

/** Refuses values that this version would lose. */
function refusal({ refused, version }: StructLayout): (source: Readonly<Parts>) => void {
  return (source) => {
    for (const [name, field] of refused) {
      if (!isDefault(field, source[name])) {
        throw new ProtocolError(`${name}: not the default, but version ${version} does not carry this field`);
      }
    }
  };
}

/** A struct that may be null: a byte in front, negative for null (Kafka's message generator, nullable structs). */
export function nullableStructCodec(inner: Codec): Codec {
  return {
    minSize: 1,
    read: (reader) => (reader.int8() < 0 ? null : inner.read(reader)),
    write(writer, value) {
      if (value === null) {
        writer.int8(-1);
        return;
      }
      inner.write(writer.int8(1), value);
    },
  };
}
