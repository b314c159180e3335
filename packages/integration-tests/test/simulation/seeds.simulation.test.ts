/** Seeds: each is a group under faults that must come out with nothing lost. `KOHORT_SEEDS=N` runs more, `KOHORT_SEED=S` only one. */
import { expect, it } from 'vitest';
import { simulate } from '../../simulation/simulate.ts';

const only = process.env.KOHORT_SEED;
const count = Number(process.env.KOHORT_SEEDS ?? 40);
const seeds = only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)];

it(`P1 to P7, I1 to I15: ${seeds.length} seeds lose nothing, and break no invariant`, {
  timeout: 60_000 + seeds.length * 5_000,
}, async () => {
  let produced = 0;
  let rebalances = 0;
  for (const seed of seeds) {
    const result = await simulate(seed);
    produced += result.produced;
    rebalances += result.rebalances;
  }
  expect(produced).toBeGreaterThan(seeds.length * 100);
  expect(rebalances).toBeGreaterThanOrEqual(seeds.length);
});

it('the same seed gives the same run', async () => {
  const [first, second] = [await simulate(7), await simulate(7)];
  expect(String(first.trace)).toBe(String(second.trace));
});
