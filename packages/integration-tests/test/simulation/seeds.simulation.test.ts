/** Seeds: each is a group under faults that must come out with nothing lost. `KOHORT_SEEDS=N` runs more, `KOHORT_SEED=S` only one. */
import { describe, expect, it } from 'vitest';
import type { Mark } from '../../simulation/audit/marks.ts';
import { reportOf, Tally } from '../../simulation/command/tally.ts';
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
const tally = new Tally();

describe('P1 to P7, I1 to I23: nothing is lost, and no invariant is broken', () => {
  it.each(blocks)('by seeds $from to $to', { timeout: 120_000 }, async ({ from, to }) => {
    const before = { produced: tally.produced, rebalances: tally.rebalances };
    for (let seed = from; seed <= to; seed++) tally.add(reportOf(await simulate(seed)));
    const seeds = to - from + 1;
    expect(tally.produced - before.produced).toBeGreaterThan(seeds * 20);
    expect(tally.rebalances - before.rebalances).toBeGreaterThanOrEqual(seeds);
  });
});

/** Rare states that a hundred seeds come to reliably: a simulation that no longer gets there proves nothing about them. */
const REACHED: readonly Mark[] = [
  'record handled twice',
  'sync answered by a rebalance',
  'close while joining',
  'join outcome unknown',
  'sync outcome unknown',
  'commit outcome unknown',
  'lease expired',
  'lease restored',
  'partition of a grown topic handled',
  'member terminated',
  'static member replaced',
  'unreadable member',
  'metadata with fewer partitions',
  'coordinator loads',
  'leader dies before it has synced',
  'commit refused after a loss',
  'commit refused by a rebalance',
  'no node runs',
  'offsets out of range',
  'handler stuck',
];

it.skipIf(count < 100)('its rare states are reached (skipped: fewer than 100 seeds were asked for)', () => {
  const seeds = new Map(tally.marks);
  expect(REACHED.filter((mark) => (seeds.get(mark) ?? 0) === 0)).toEqual([]);
});
