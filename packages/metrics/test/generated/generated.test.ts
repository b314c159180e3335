// What is made from the catalogue is as the catalogue has it. `vitest run -u` writes the files.

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METRICS, type MetricName } from '../../src/catalogue.ts';
import { ALERTS, alertRules, alertRuleTests, pageOf } from './alerts.ts';
import { dashboard, dashboardQueries } from './dashboard.ts';
import { metricsPage } from './metrics-page.ts';
import { timelinePicture } from './timeline-picture.ts';

const RUNBOOKS = new URL('../../../../docs/runbooks/', import.meta.url);

describe('made from the catalogue', () => {
  it('docs/metrics.md', async () => {
    await expect(metricsPage()).toMatchFileSnapshot('../../../../docs/metrics.md');
  });

  it('dashboards/kohort.json', async () => {
    await expect(dashboard()).toMatchFileSnapshot('../../dashboards/kohort.json');
  });

  it('alerts/kohort.yaml', async () => {
    await expect(alertRules()).toMatchFileSnapshot('../../alerts/kohort.yaml');
  });
});

describe('made from a run', () => {
  it('docs/assets/assignment-timeline.svg, which the README shows, with words for those who do not see it', async () => {
    await expect(await timelinePicture()).toMatchFileSnapshot(
      '../../../../docs/assets/assignment-timeline.svg',
    );
    const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
    expect(readme).toMatch(/!\[[^\]]{80,}\]\(docs\/assets\/assignment-timeline\.svg\)/);
  });
});

/** A selector in a query: a metric of ours, and what its braces ask for. */
const SELECTOR = /\bkohort_([a-z_]+)(?:\{([^}]*)\})?/g;
const MATCHER = /([a-z_]+)\s*(=~|!=|=)\s*"([^"]*)"/g;

/** What is wrong with the metrics and labels that a query names. */
function problemsOf(query: string): readonly string[] {
  const problems: string[] = [];
  for (const [, written = '', matchers = ''] of query.matchAll(SELECTOR)) {
    const name = written in METRICS ? written : written.replace(/_(bucket|sum|count)$/, '');
    const definition = METRICS[name as MetricName];
    if (!definition || (name !== written && definition.type !== 'histogram')) {
      problems.push(`no metric ${written}`);
      continue;
    }
    for (const [, label = '', operator, value = ''] of matchers.matchAll(MATCHER)) {
      if (label === 'group') continue;
      const bound = definition.labels[label];
      if (bound === undefined) problems.push(`${name} has no label ${label}`);
      else if (typeof bound !== 'number' && operator !== '=~' && !bound.includes(value)) {
        problems.push(`${name}: ${label} is never ${value}`);
      }
    }
  }
  return problems;
}

describe('queries', () => {
  it.each([...ALERTS.map(({ expr }) => expr), ...dashboardQueries()])(
    '%s asks for what there is',
    (query) => {
      expect(query).toContain('kohort_');
      expect(problemsOf(query)).toEqual([]);
      expect(query.split('(').length, 'parentheses').toBe(query.split(')').length);
    },
  );

  it('that ask for what there is not are found', () => {
    expect(problemsOf('kohort_nothing > 0')).toEqual(['no metric nothing']);
    expect(problemsOf('kohort_fenced_total{kind="x",colour="y"}')).toHaveLength(2);
    expect(problemsOf('kohort_generation_sum')).toEqual(['no metric generation_sum']);
  });
});

describe('the dashboard', () => {
  it('has panels that do not cover each other, each with a number of its own', () => {
    const { panels } = JSON.parse(dashboard()) as {
      panels: readonly { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)}/${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('runbooks', () => {
  it('there is one for each alert, and no other', () => {
    const pages = readdirSync(RUNBOOKS).filter((page) => page !== 'README.md');
    expect(pages.sort()).toEqual(ALERTS.map(({ name }) => pageOf(name)).sort());
    const index = readFileSync(new URL('README.md', RUNBOOKS), 'utf8');
    for (const { name } of ALERTS) expect(index).toContain(`[${name}](${pageOf(name)})`);
  });

  it.each(ALERTS)(
    '$name: begins with its alert, and says what it means, where to look and what to do',
    ({ name }) => {
      const page = readFileSync(new URL(pageOf(name), RUNBOOKS), 'utf8');
      expect(page.split('\n')[0]).toBe(`# ${name}`);
      for (const heading of ['## Where to look', '## What to do']) expect(page).toContain(heading);
      for (const [, metric = ''] of page.matchAll(/`kohort_([a-z_]+)/g))
        expect(Object.keys(METRICS)).toContain(metric);
    },
  );
});

/** Prometheus' own tool, which few machines have. */
function findPromtool(): string | undefined {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    return 'promtool';
  } catch {
    return undefined;
  }
}
const promtool = findPromtool();

describe.skipIf(!promtool)(`promtool${promtool ? '' : ' (skipped: it is not installed)'}`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kohort-rules-'));
    writeFileSync(join(folder, 'rules.yaml'), alertRules());
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (...args: readonly string[]) => promisify(execFile)(promtool ?? '', args, { timeout: 28_000 });

  it('accepts the rules', async () => {
    expect((await run('check', 'rules', join(folder, 'rules.yaml'))).stdout).toContain(
      `SUCCESS: ${ALERTS.length} rules found`,
    );
  });

  it('sees each alert fire by its series, and stay quiet by others', async () => {
    const tests = join(folder, 'tests.yaml');
    writeFileSync(tests, alertRuleTests('rules.yaml'));
    expect((await run('test', 'rules', tests)).stdout).toContain('SUCCESS');
  });

  it('understands every query of the dashboard', async () => {
    const rules = dashboardQueries().map((query, i) => ({
      record: `panel:query${i}`,
      expr: query.replaceAll('$group', '.*').replaceAll('$__rate_interval', '5m'),
    }));
    const file = join(folder, 'dashboard.yaml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    expect((await run('check', 'rules', file)).stdout).toContain('SUCCESS');
  });
});
