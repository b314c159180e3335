/** Turns the schema of a message and a version into a codec, once. */
import type { Codec } from './codec.ts';
import type { Field, PrimitiveKind } from './field.ts';
import { BOOL, INT8, INT16, INT32, INT64, UUID } from './numbers.ts';
import { arrayCodec, bytesCodec, type Encoding, stringCodec } from './sized.ts';
import { nullableStructCodec, type PlainField, type StructLayout, structCodec } from './struct.ts';
import type { TaggedField } from './tagged-fields.ts';

/** @param flexible whether the version has compact sizes and tagged fields (KIP-482) */
export function compile(field: Field, version: number, flexible: boolean): Codec {
  const encoding: Encoding = { compact: flexible, nullable: version >= field.nullableSince };
  const { type } = field;
  switch (type.kind) {
    case 'array':
      return arrayCodec(compile(type.element, version, flexible), encoding);
    case 'struct': {
      const codec = structCodec(layout(type.fields, version, flexible));
      return encoding.nullable ? nullableStructCodec(codec) : codec;
    }
    default:
      return primitiveCodec(type.kind, encoding);
  }
}

function primitiveCodec(kind: PrimitiveKind, encoding: Encoding): Codec {
  switch (kind) {
    case 'bool':
      return BOOL;
    case 'int8':
      return INT8;
    case 'int16':
      return INT16;
    case 'int32':
      return INT32;
    case 'int64':
      return INT64;
    case 'uuid':
      return UUID;
    case 'string':
      return stringCodec(encoding);
    case 'bytes':
      return bytesCodec(encoding);
  }
}

function layout(all: ReadonlyMap<string, Field>, version: number, flexible: boolean): StructLayout {
  const plain: PlainField[] = [];
  const tagged: TaggedField[] = [];
  const refused: [string, Field][] = [];
  for (const [name, field] of all) {
    if (version < field.since || version > field.until) {
      if (!field.ignorable) refused.push([name, field]);
      continue;
    }
    const codec = compile(field, version, flexible);
    if (field.tag !== undefined) tagged.push({ name, tag: field.tag, field, codec });
    else plain.push({ name, codec, fallback: field.optional ? field.defaultValue : undefined });
  }
  tagged.sort((a, b) => a.tag - b.tag);
  return { version, flexible, all, plain, tagged, refused };
}
