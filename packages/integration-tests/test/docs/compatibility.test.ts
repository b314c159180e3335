// The versions in the documentation are those of the codecs.

import { apis } from '@kohort/protocol';
import { describe, expect, it } from 'vitest';
import { readText } from './support/repository.ts';

const spoken = new Map(
  Object.values(apis).map(({ name, versions: { min, max } }) => [
    name,
    min === max ? `${min}` : `${min}-${max}`,
  ]),
);

function tableOf(page: string, row: RegExp): readonly (readonly [name: string, versions: string])[] {
  return Array.from(
    readText(page).matchAll(row),
    ([, name = '', versions = '']) => [name, versions] as const,
  );
}

describe('versions of APIs', () => {
  it('docs/compatibility.md has those that a group uses', () => {
    const rows = tableOf('docs/compatibility.md', /^\| (\w+) +\| ([\d-]+) +\|/gm);
    expect(rows.length).toBe(12);
    for (const [name, versions] of rows) expect([name, spoken.get(name)]).toEqual([name, versions]);
  });

  it('the README of the codecs has all', () => {
    const rows = tableOf('packages/protocol/README.md', /^\| +\d+ \| (\w+) +\| ([\d-]+) +\|/gm);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(spoken));
  });
});
