/** Arbitrary messages of a schema in one version, as decoding gives them: fields it does not carry have their default. */
import fc from 'fast-check';
import type { Field, PrimitiveKind } from '../../src/schema/field.ts';

const MAX_ELEMENTS = 3;

/** Any text that UTF-8 can carry, byte order marks and NULs included, and names that are dangerous as object keys. */
const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', '\uFEFForders', 'grüße-δ-🎈', 'x'.repeat(249)),
);

const PRIMITIVES: Readonly<Record<PrimitiveKind, fc.Arbitrary<unknown>>> = {
  bool: fc.boolean(),
  int8: fc.integer({ min: -0x80, max: 0x7f }),
  int16: fc.integer({ min: -0x8000, max: 0x7fff }),
  int32: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  string: text,
  bytes: fc.uint8Array({ maxLength: 40 }),
  uuid: fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => Buffer.from(bytes).toString('base64url')),
};

export function arbitraryMessage(field: Field, version: number): fc.Arbitrary<unknown> {
  const present = arbitraryValue(field, version);
  return version >= field.nullableSince ? fc.option(present, { nil: null, freq: 4 }) : present;
}

function arbitraryValue({ type }: Field, version: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'array':
      return fc.array(arbitraryMessage(type.element, version), { maxLength: MAX_ELEMENTS });
    case 'struct': {
      const parts: Record<string, fc.Arbitrary<unknown>> = {};
      for (const [name, field] of type.fields) {
        const carried = version >= field.since && version <= field.until;
        parts[name] = carried ? arbitraryMessage(field, version) : fc.constant(field.defaultValue);
      }
      return fc.record(parts);
    }
    default:
      return PRIMITIVES[type.kind];
  }
}
