/** The catalogue of faults, and its table in the documentation. */
import { describe, expect, it } from 'vitest';
import { MARKS } from '../../simulation/audit/marks.ts';
import { catalogue, faultNamed } from '../../simulation/faults/catalogue.ts';
import { Dice } from '../../simulation/plan/dice.ts';
import { planOf } from '../../simulation/simulate.ts';

describe('the catalogue', () => {
  it('has different names, in kebab-case, and sentences', () => {
    const names = catalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
    expect(catalogue.filter(({ does }) => !/^[A-Z].*\.$/.test(does))).toEqual([]);
    expect(names.length).toBeGreaterThanOrEqual(70);
  });

  it.each(catalogue.map((fault) => [fault.name, fault] as const))(
    '%s draws plain data, the same for the same seed',
    (_, fault) => {
      const draw = () => fault.draw(new Dice(11), planOf(3));
      expect(draw()).toEqual(draw());
      expect(JSON.parse(JSON.stringify(draw()))).toEqual(draw());
    },
  );

  it('refuses a name that no fault has', () => {
    expect(() => faultNamed('flood')).toThrow('there is no fault "flood"');
  });
});

/** `npx -y pnpm@10 exec vitest run packages/integration-tests/test/simulation/catalogue.test.ts -u` writes the tables. */
it('docs/internals/simulation-faults.md has every fault and every rare state', async () => {
  const rows = catalogue.map(({ group, name, does, isGraceful }) => [
    group,
    name,
    does,
    isGraceful === true ? 'yes' : '',
  ]);
  const page = [
    '# Faults and rare states of the simulation',
    '',
    'Written by a test: `npx -y pnpm@10 exec vitest run packages/integration-tests/test/simulation/catalogue.test.ts -u`.',
    '[What the simulation is](simulation.md).',
    '',
    '## Faults',
    '',
    'Graceful ones may be part of a run in which nothing may be handled twice.',
    '',
    ...table(['group', 'fault', 'what happens', 'graceful'], rows),
    '',
    '## Rare states',
    '',
    'Counted in every run. `pnpm test` requires those that its seeds come to reliably.',
    '',
    ...table(['state', 'meaning'], Object.entries(MARKS)),
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../../../docs/internals/simulation-faults.md');
});

/** A Markdown table with aligned columns. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)];
}
