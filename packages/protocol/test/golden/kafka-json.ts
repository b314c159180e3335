/** A decoded message in the JSON form of Kafka's `*JsonConverter` classes, to compare with theirs. */
import type { Field } from '../../src/schema/field.ts';

/**
 * Fields that the version does not carry, and tagged fields that are not there, are left out, as Kafka does.
 * int64 become numbers: the values in the golden file are small enough.
 */
export function toKafkaJson(field: Field, value: unknown, version: number): unknown {
  if (value === null) return null;
  switch (field.type.kind) {
    case 'array': {
      const { element } = field.type;
      return (value as readonly unknown[]).map((one) => toKafkaJson(element, one, version));
    }
    case 'struct':
      return structJson(field.type.fields, value as Readonly<Record<string, unknown>>, version);
    case 'int64':
      return Number(value);
    case 'bytes':
      // Only records are bytes that may be null, and Kafka's converters show records as no bytes.
      if (field.nullableSince === 0) return '';
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return value;
  }
}

function structJson(
  fields: ReadonlyMap<string, Field>,
  value: Readonly<Record<string, unknown>>,
  version: number,
): unknown {
  const json: Record<string, unknown> = {};
  for (const [name, field] of fields) {
    const carried = version >= field.since && version <= field.until;
    const absent = field.tag !== undefined && value[name] === field.defaultValue;
    if (carried && !absent) json[name] = toKafkaJson(field, value[name], version);
  }
  return json;
}
