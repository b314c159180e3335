/** Seeds: each is a group under faults that must come out with nothing lost. `KOHORT_SEEDS=N` runs more, `KOHORT_SEED=S` only one. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../simulation/simulate.ts';

/** Seeds of one test, so that a failure says roughly where. */
const BLOCK = 20;

const only = process.env.KOHORT_SEED;
const count = only === undefined ? Number(process.env.KOHORT_SEEDS ?? 100) : 1;
const first = only === undefined ? 1 : Number(only);
const blocks = Array.from({ length: Math.ceil(count / BLOCK) }, (_, i) => ({
  from: first + i * BLOCK,
  to: Math.min(first + (i + 1) * BLOCK, first + count) - 1,
}));

describe('P1 to P7, I1 to I15: nothing is lost, and no invariant is broken', () => {
  it.each(blocks)('by seeds $from to $to', { timeout: 120_000 }, async ({ from, to }) => {
    let produced = 0;
    let rebalances = 0;
    for (let seed = from; seed <= to; seed++) {
      const result = await simulate(seed);
      produced += result.produced;
      rebalances += result.rebalances;
    }
    const seeds = to - from + 1;
    expect(produced).toBeGreaterThan(seeds * 20);
    expect(rebalances).toBeGreaterThanOrEqual(seeds);
  });
});

it('the same seed gives the same run', async () => {
  const [one, two] = [await simulate(7), await simulate(7)];
  expect(String(one.trace)).toBe(String(two.trace));
});
