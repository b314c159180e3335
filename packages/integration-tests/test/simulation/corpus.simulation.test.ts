/** Plans that once broke a rule, cut down to what it takes: each has to pass for ever. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Plan, simulatePlan } from '../../simulation/simulate.ts';

interface Entry {
  /** Number of the rule that was broken. */
  readonly rule: string;
  readonly shows: string;
  readonly plan: Plan;
}

const directory = join(import.meta.dirname, 'corpus');
const corpus = readdirSync(directory)
  .sort()
  .map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')) as Entry);

it.each(corpus.map((entry) => [entry.rule, entry.shows, entry] as const))(
  '%s: %s',
  async (_, __, { plan }) => {
    const { faults } = await simulatePlan(plan);
    expect([...faults.keys()].sort()).toEqual([...new Set(plan.happenings.map(({ fault }) => fault))].sort());
  },
);

it('is not empty', () => {
  expect(corpus.length).toBeGreaterThan(15);
});
