/** Bytes of any kind give a value or a ProtocolError, and never more of a value than there are bytes for. */
import { ByteReader, ProtocolError } from '@kohort/core/spi';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { GOLDENS, type GoldenBody } from './golden/goldens.ts';
import { ALL_DIRECTIONS, type Direction, versionsOf } from './support/directions.ts';

/** A struct of Fetch has 14 fields; defaults count, elements without bytes do not exist. */
const MAX_VALUES_PER_BYTE = 20;

/** Generous, for a busy machine: what bounds the time of one decoding is the number of values, each of a few steps. */
const LONGEST_TEST_MS = 60_000;

/** Decodes, and checks that what came out is in proportion to what went in. */
function decodeHostile(direction: Direction, version: number, bytes: Uint8Array): 'value' | 'refused' {
  let value: unknown;
  try {
    value = direction.decode(new ByteReader(bytes), version);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    expect(error.message).toContain(`${direction.api.name} ${direction.name} version ${version}`);
    return 'refused';
  }
  expect(countValues(value)).toBeLessThanOrEqual((bytes.length + 1) * MAX_VALUES_PER_BYTE);
  return 'value';
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 1;
  return Object.values(value).reduce<number>((sum, part) => sum + countValues(part), 1);
}

vi.setConfig({ testTimeout: LONGEST_TEST_MS });

const CASES = ALL_DIRECTIONS.flatMap((direction) =>
  versionsOf(direction.api).map((version) => ({ direction, version })),
);

test('arbitrary bytes', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    // Mostly small numbers: counts and lengths that are believable at first.
    fc
      .array(fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 0x7f, 0x80, 0xff), { maxLength: 200 })
      .map((a) => Uint8Array.from(a)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...CASES), bytes, ({ direction, version }, input) => {
      decodeHostile(direction, version, input);
    }),
    { numRuns: 6_000 },
  );
});

/** Ways to spoil a message, at a place given as a fraction of its length. */
type Mutation = (bytes: Uint8Array, place: number) => Uint8Array;

const overwrite =
  (...values: readonly number[]): Mutation =>
  (bytes, place) => {
    const changed = Uint8Array.from(bytes);
    changed.set(values.slice(0, changed.length - place), place);
    return changed;
  };

const MUTATIONS: readonly Mutation[] = [
  (bytes, place) => bytes.subarray(0, place),
  overwrite(0x7f, 0xff, 0xff, 0xff),
  overwrite(0xff, 0xff, 0xff, 0xff, 0x0f),
  overwrite(0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
  overwrite(0x80, 0, 0, 0),
  overwrite(0xff),
  overwrite(0),
  (bytes, place) => Buffer.concat([bytes.subarray(0, place), Uint8Array.of(0x80, 1), bytes.subarray(place)]),
  (bytes, place) => Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]),
];

function directionFor({ api, direction, version }: GoldenBody): Direction | undefined {
  return ALL_DIRECTIONS.find(
    (one) => one.api.name === api && one.name === direction && versionsOf(one.api).includes(version),
  );
}

const SPOILABLE = GOLDENS.flatMap((golden) => {
  const direction = directionFor(golden);
  const bytes = Buffer.from(golden.hex, 'hex');
  return direction === undefined || bytes.length === 0 || bytes.length > 2_000
    ? []
    : [{ direction, bytes, golden }];
});

describe('golden bodies, spoiled', () => {
  test('by several random mutations', () => {
    const mutation = fc.record({
      mutate: fc.constantFrom(...MUTATIONS),
      place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...SPOILABLE),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        ({ direction, bytes, golden }, mutations) => {
          const spoiled = mutations.reduce<Uint8Array>(
            (input, { mutate, place }) => mutate(input, Math.floor(place * input.length)),
            bytes,
          );
          decodeHostile(direction, golden.version, spoiled);
        },
      ),
      { numRuns: 6_000 },
    );
  });

  test('by cutting the end off: every shorter body of Kafka’s serialiser is refused', () => {
    for (const { direction, bytes, golden } of SPOILABLE.filter((one) => one.golden.note === 'sparse')) {
      for (let length = 0; length < bytes.length; length++) {
        const outcome = decodeHostile(direction, golden.version, bytes.subarray(0, length));
        expect({ ...golden, length, outcome }).toMatchObject({ outcome: 'refused' });
      }
    }
  });
});

test('encoding any value at all gives bytes or a ProtocolError', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CASES),
      fc.anything(),
      fc.anything(),
      ({ direction, version }, any, other) => {
        const fields =
          direction.schema.type.kind === 'struct' ? [...direction.schema.type.fields.keys()] : [];
        const shaped = Object.fromEntries(fields.map((name, i) => [name, i % 2 === 0 ? any : other]));
        for (const value of [any, shaped]) {
          try {
            expect(direction.encode(value, version)).toBeInstanceOf(Uint8Array);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        }
      },
    ),
    { numRuns: 1_500 },
  );
});
