/** Every golden body decodes to its last byte and encodes back to itself; no API, version and direction is without one. */
import { describe, expect, test } from 'vitest';
import { GOLDENS, type GoldenBody } from './golden/goldens.ts';
import { toKafkaJson } from './golden/kafka-json.ts';
import { ALL_DIRECTIONS, type Direction, decodeAll, versionsOf } from './support/directions.ts';

const SOURCES = ['captured', 'serialised', 'spelled'] as const;

/** Golden bodies of a direction in versions that are implemented: captures go further back. */
function goldensOf({ api, name }: Direction): readonly GoldenBody[] {
  const implemented = versionsOf(api);
  return GOLDENS.filter(
    (one) => one.api === api.name && one.direction === name && implemented.includes(one.version),
  );
}

function versionsFrom(source: string, goldens: readonly GoldenBody[]): string {
  const versions = new Set(goldens.filter((one) => one.source === source).map(({ version }) => version));
  return versions.size === 0 ? 'none' : [...versions].sort((a, b) => a - b).join(' ');
}

describe.each(
  ALL_DIRECTIONS.map((direction) => ({ direction, title: `${direction.api.name} ${direction.name}` })),
)('$title', ({ direction }) => {
  const goldens = goldensOf(direction);
  const sources = SOURCES.map((source) => `${source}: ${versionsFrom(source, goldens)}`).join('; ');

  test(`has a golden body in every version (${sources})`, () => {
    const covered = new Set(goldens.map(({ version }) => version));
    expect(versionsOf(direction.api).filter((version) => !covered.has(version))).toEqual([]);
  });

  test.each(goldens)('version $version, $source: $note', ({ hex, version, json }) => {
    const message = decodeAll(direction, Buffer.from(hex, 'hex'), version);

    expect(Buffer.from(direction.encode(message, version)).toString('hex')).toBe(hex);
    if (json !== undefined) expect(toKafkaJson(direction.schema, message, version)).toEqual(json);
  });
});

test('each source contributes', () => {
  for (const source of SOURCES)
    expect(GOLDENS.filter((one) => one.source === source).length).toBeGreaterThan(10);
});
