/** The table of APIs: numbers, names, and what becomes of a field in versions that lack it. */
import { readFileSync } from 'node:fs';
import { ProtocolError } from '@kohort/core/spi';
import { describe, expect, test } from 'vitest';
import { apiByKey, apis } from '../src/messages.ts';
import type { Field } from '../src/schema/field.ts';
import { ALL_APIS, ALL_DIRECTIONS, versionsOf } from './support/directions.ts';

test('every API is found by its key and is named as in Kafka', () => {
  expect(apiByKey.size).toBe(ALL_APIS.length);
  for (const [name, api] of Object.entries(apis)) {
    expect(apiByKey.get(api.key)).toBe(api);
    expect(api.name.toLowerCase()).toBe(name.toLowerCase());
    expect(api.versions.min).toBeLessThanOrEqual(api.versions.max);
  }
});

/** A value for a field that says something. */
function remarkable({ type, defaultValue }: Field): unknown {
  switch (type.kind) {
    case 'bool':
      return defaultValue !== true;
    case 'int64':
      return 77n;
    case 'string':
      return 'odd';
    case 'bytes':
      return Uint8Array.of(7);
    case 'uuid':
      return 'AAAAAAAAAAAAAAAAAAAABw';
    case 'array':
      return [remarkable(type.element)];
    case 'struct':
      return Object.fromEntries([...type.fields].map(([name, field]) => [name, remarkable(field)]));
    default:
      return 77;
  }
}

/** One field at any depth of a schema: how to build the plainest message with a value in it. */
interface Place {
  readonly path: string;
  readonly field: Field;
  /** Whether a version carries everything around the field. */
  reached(version: number): boolean;
  build(value: unknown): unknown;
}

function carries(field: Field, version: number): boolean {
  return version >= field.since && version <= field.until;
}

function placesIn({ type }: Field): readonly Place[] {
  if (type.kind === 'array') {
    return placesIn(type.element).map((place) => ({ ...place, build: (value) => [place.build(value)] }));
  }
  if (type.kind !== 'struct') return [];
  const plain = Object.fromEntries([...type.fields].map(([name, field]) => [name, field.defaultValue]));
  return [...type.fields].flatMap(([name, field]): Place[] => [
    { path: name, field, reached: () => true, build: (value) => ({ ...plain, [name]: value }) },
    ...placesIn(field).map((inner) => ({
      path: `${name}.${inner.path}`,
      field: inner.field,
      reached: (version: number) => carries(field, version) && inner.reached(version),
      build: (value: unknown) => ({ ...plain, [name]: inner.build(value) }),
    })),
  ]);
}

/** Fields that some implemented version lacks. */
const LACKING = ALL_DIRECTIONS.flatMap((direction) =>
  placesIn(direction.schema).flatMap((place) => {
    const versions = versionsOf(direction.api).filter(
      (one) => place.reached(one) && !carries(place.field, one),
    );
    return versions.length === 0 ? [] : [{ direction, place, versions }];
  }),
);

describe('a value in versions that lack its field', () => {
  const named = LACKING.map((one) => ({
    ...one,
    title: `${one.direction.api.name} ${one.direction.name} ${one.place.path}`,
    fate: one.place.field.ignorable ? 'dropped' : 'refused',
  }));

  test.each(named)('$title is $fate', ({ direction, place, versions }) => {
    for (const version of versions) {
      const encodeOdd = () => direction.encode(place.build(remarkable(place.field)), version);
      if (place.field.ignorable) {
        expect(encodeOdd()).toEqual(direction.encode(place.build(undefined), version));
      } else {
        expect(encodeOdd).toThrow(ProtocolError);
        expect(encodeOdd).toThrow(`but version ${version} does not carry this field`);
      }
    }
  });
});

test('the README names every API with its versions', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| +(\d+) \| (\w+) +\| ([\d-]+) +\| (\w+) +\|$/gm)].map((row) =>
    row.slice(1),
  );
  const expected = ALL_APIS.map(({ key, name, versions: { min, max }, firstFlexible }) => {
    const range = min === max ? `${min}` : `${min}-${max}`;
    return [`${key}`, name, range, Number.isFinite(firstFlexible) ? `${firstFlexible}` : 'none'];
  });
  expect(rows).toEqual(expected.sort(([a], [b]) => Number(a) - Number(b)));
});
