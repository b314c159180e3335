// The table of the README has every metric, and docs/observability.md names no other.

import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { prometheus } from '../src/prometheus.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const page = readFileSync(new URL('../../../docs/observability.md', import.meta.url), 'utf8');

async function registered(): Promise<readonly string[]> {
  const registry = new Registry();
  prometheus({ registry });
  const metrics = await registry.getMetricsAsJSON();
  return metrics.map(({ name }) => name).sort();
}

describe('documentation of metrics', () => {
  it('the README has all of them', async () => {
    const rows = readme.split('\n').filter((line) => /\| (gauge|counter|histogram) +\|/.test(line));
    const names = rows.flatMap((row) =>
      Array.from((row.split('|')[1] ?? '').matchAll(/`(\w+)`/g), ([, n]) => n),
    );
    expect(names.map((name) => `kohort_${name}`).sort()).toEqual(await registered());
  });

  it('what to watch names metrics that exist', async () => {
    const named = Array.from(page.matchAll(/`(kohort_\w+)`/g), ([, name]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(await registered()).toEqual(expect.arrayContaining(named));
  });
});
