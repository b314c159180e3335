import { describe, expect, it } from 'vitest';
import { seededRandom } from '../src/index.ts';

function take(seed: number, count: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
}

describe('seededRandom', () => {
  it('repeats its sequence for a seed, and only for that seed', () => {
    expect(take(7, 20)).toEqual(take(7, 20));
    expect(take(7, 20)).not.toEqual(take(8, 20));
  });

  it('keeps its sequence over releases', () => {
    expect(take(42, 3).map((value) => Math.round(value * 2 ** 32))).toMatchInlineSnapshot(`
      [
        551831576,
        144025891,
        322543647,
      ]
    `);
  });

  it('stays in [0, 1) and spreads evenly', () => {
    const buckets = new Array<number>(10).fill(0);
    const values = take(1, 100_000);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    for (const value of values) {
      buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? 0) + 1;
    }
    // Each bucket expects 10,000 with a standard deviation of 95.
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(600);
  });

  it('does not correlate neighbouring seeds', () => {
    const firsts = Array.from({ length: 1_000 }, (_, seed) => take(seed, 1)[0] ?? 0);
    const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    expect(new Set(firsts).size).toBe(1_000);
  });
});
