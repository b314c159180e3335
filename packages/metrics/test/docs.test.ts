// What the pages for users say about metrics and sinks is so.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../src/catalogue.ts';

const page = readFileSync(new URL('../../../docs/observability.md', import.meta.url), 'utf8');
const registered = Object.keys(METRICS).map((name) => `kohort_${name}`);

describe('docs/observability.md', () => {
  it('names metrics that exist', () => {
    const named = Array.from(page.matchAll(/`(kohort_\w+)`/g), ([, name]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(registered).toEqual(expect.arrayContaining(named));
  });
});
