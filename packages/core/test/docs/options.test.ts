// docs/options.md has every option, with the default and the warnings that the code has.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkCloseOptions, checkRunOptions } from '../../src/config/call-options.ts';
import { consumerRules, managerRules } from '../../src/config/option-rules.ts';
import { resolveConsumer } from '../../src/config/resolve.ts';
import { systemDefaults } from '../../src/runtime/system-clock.ts';
import { rowsUnder } from './page.ts';

const page = readFileSync(new URL('../../../../docs/options.md', import.meta.url), 'utf8');
const rows = rowsUnder(page, 'All at a glance').map(([option = '', of, byDefault, accepted]) => ({
  name: /`([^`]+)`/.exec(option)?.[1] ?? '',
  anchor: /\(#([^)]+)\)/.exec(option)?.[1],
  of,
  byDefault,
  accepted,
}));
/** `retryBackoff.max` stands for `retryBackoff`. */
const names = [...new Set(rows.map(({ name }) => name.split('.')[0] ?? ''))];

const transport = { name: 'none', contractVersion: 1, create: () => unused() };

function unused(): never {
  throw new Error('nothing is opened here');
}

const { settings, consumer } = resolveConsumer({ groupId: 'g', topics: ['t'], transport }, systemDefaults);
const resolved: Record<string, unknown> = { ...settings, ...consumer };

function defaultOf(name: string): unknown {
  return name.split('.').reduce<unknown>((value, part) => Reflect.get(Object(value), part), resolved);
}

describe('docs/options.md', () => {
  it('has every option, and no other', () => {
    expect([...names].sort()).toEqual(Object.keys(consumerRules).sort());
  });

  it('says for which groups each is', () => {
    const ofBoth = rows.filter(({ of }) => of === 'both').map(({ name }) => name.split('.')[0]);
    expect([...new Set(ofBoth)].sort()).toEqual(Object.keys(managerRules).sort());
  });

  it.each(rows.filter(({ byDefault }) => /^`('[^']*'|[\d.]+)`$/.test(byDefault ?? '')))(
    'the default of $name is $byDefault',
    ({ name, byDefault = '' }) => {
      const value = byDefault.slice(1, -1).replaceAll("'", '"');
      // The one protocol there is needs no setting.
      expect(name === 'groupProtocol' ? 'classic' : defaultOf(name)).toEqual(JSON.parse(value));
    },
  );

  it('every number and text that is a default is compared', () => {
    const stated = rows.filter(({ byDefault }) => byDefault?.startsWith('`'));
    const others = stated.filter(({ byDefault }) => !/^`('[^']*'|[\d.]+)`$/.test(byDefault ?? ''));
    expect(others.map(({ name }) => name)).toEqual(['assignors', 'hooks']);
    const objects = ['retryBackoff', 'crashLoop', 'concurrency'];
    const parts = objects.flatMap((name) =>
      Object.keys(Object(resolved[name])).map((part) => `${name}.${part}`),
    );
    const inCode = Object.entries(resolved)
      .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
      .map(([name]) => name)
      .filter((name) => name !== 'groupId');
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining([...parts, ...inCode]));
  });

  it('every link leads to a heading', () => {
    const headings = Array.from(page.matchAll(/^#+ (.*)$/gm), ([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^a-z0-9 _-]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const { anchor } of rows) expect(headings).toContain(anchor);
  });

  it('has the options of run and close', () => {
    const tables = page.slice(page.indexOf('## Options of `run`'));
    const inTables = Array.from(tables.matchAll(/^\| (`[^|]*`) +\|/gm), ([, cell = '']) => cell)
      .flatMap((cell) => cell.split(', '))
      .map((name) => name.replaceAll('`', ''))
      .filter((name) => !name.includes('('));
    expect(inTables).toEqual(['eachRecord', 'eachBatch', 'settle', 'until', 'signal', 'timeout', 'leave']);
    const probe = (check: (options: object) => unknown) => () => check({ zzzzzzzzzzzzzzzz: 1 });
    expect(probe(checkRunOptions)).toThrow('Known are eachRecord, eachBatch, settle, signal, until.');
    expect(probe(checkCloseOptions)).toThrow('Known are timeout, leave.');
  });

  it('has every warning', () => {
    const source = readFileSync(new URL('../../src/config/cross-rules.ts', import.meta.url), 'utf8');
    const codes = new Set(source.match(/KOHORT_WARN_[A-Z_]+/g));
    expect(rowsUnder(page, 'Warnings').map(([code]) => code?.replaceAll('`', ''))).toEqual([...codes]);
  });
});
