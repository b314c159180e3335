/** Same seed, same trace, bit for bit: what a failing seed is repeated by. */
import { expect, it } from 'vitest';
import { planOf, simulatePlan } from '../../simulation/simulate.ts';

/** Five in a hundred, as many as the seeds of a developer's run allow. */
const seeds = [7, 31, 58, 86, 99];

it.each(seeds)('seed %i gives the same trace twice, requests and events included', async (seed) => {
  const traces = [];
  for (let i = 0; i < 2; i++) traces.push(String((await simulatePlan(planOf(seed), true)).trace));
  expect(traces[0]).toBe(traces[1]);
  expect(traces[0]?.split('\n').length).toBeGreaterThan(200);
});

it('another seed gives another trace', async () => {
  const [one, other] = [await simulatePlan(planOf(7)), await simulatePlan(planOf(8))];
  expect(String(one.trace)).not.toBe(String(other.trace));
});

it('a plan is data: written down and read again it gives the same trace', async () => {
  const plan = planOf(31);
  const read = JSON.parse(JSON.stringify(plan)) as typeof plan;
  expect(read).toEqual(plan);
  expect(String((await simulatePlan(read)).trace)).toBe(String((await simulatePlan(plan)).trace));
});
