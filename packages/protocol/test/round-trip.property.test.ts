/** Whatever a version can carry comes back as it was, and the bytes of it are the only ones. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryMessage } from './support/arbitrary-message.ts';
import { ALL_DIRECTIONS, decodeAll, versionsOf } from './support/directions.ts';

const CASES = ALL_DIRECTIONS.flatMap((direction) =>
  versionsOf(direction.api).map((version) => ({
    direction,
    version,
    title: `${direction.api.name} ${direction.name} ${version}`,
  })),
);

describe('decoding what was encoded', () => {
  test.each(CASES)('$title', ({ direction, version }) => {
    fc.assert(
      fc.property(arbitraryMessage(direction.schema, version), (message) => {
        const bytes = direction.encode(message, version);
        const decoded = decodeAll(direction, bytes, version);
        expect(decoded).toEqual(message);
        expect(direction.encode(decoded, version)).toEqual(bytes);
      }),
      { numRuns: 5 },
    );
  });
});

/** Flexible messages that always end in a count of no tagged fields, since they have none of their own. */
const UNTAGGED = CASES.filter(({ direction: { api, schema }, version }) => {
  const own = schema.type.kind === 'struct' ? [...schema.type.fields.values()] : [];
  return version >= api.firstFlexible && own.every(({ tag }) => tag === undefined);
});

/** One tagged field: number 9999, two bytes. */
const UNKNOWN_TAG = [1, 0x8f, 0x4e, 2, 0xca, 0xfe];

describe('a tagged field that nobody knows is skipped', () => {
  test.each(UNTAGGED)('$title', ({ direction, version }) => {
    fc.assert(
      fc.property(arbitraryMessage(direction.schema, version), (message) => {
        const bytes = direction.encode(message, version);
        expect(bytes.at(-1)).toBe(0);
        const longer = Uint8Array.of(...bytes.subarray(0, -1), ...UNKNOWN_TAG);
        expect(decodeAll(direction, longer, version)).toEqual(message);
      }),
      { numRuns: 2 },
    );
  });
});
