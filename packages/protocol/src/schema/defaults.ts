/** Whether a value says nothing that the schema's default does not say already. */
import type { Field } from './field.ts';

/** True for the field's default, deeply, and for `undefined` (left out). */
export function isDefault(field: Field, value: unknown): boolean {
  if (value === undefined || value === field.defaultValue) return true;
  if (value === null || field.defaultValue === null) return false;
  switch (field.type.kind) {
    case 'array':
      return Array.isArray(value) && value.length === 0;
    case 'bytes':
      return value instanceof Uint8Array && value.length === 0;
    case 'struct':
      return isDefaultStruct(field.type.fields, value);
    default:
      return false;
  }
}

function isDefaultStruct(fields: ReadonlyMap<string, Field>, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const parts = value as Readonly<Record<string, unknown>>;
  for (const [name, field] of fields) {
    if (!isDefault(field, parts[name])) return false;
  }
  return true;
}
