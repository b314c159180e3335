import { expect, it } from 'vitest';
import { Rates } from '../../src/engine/rates.ts';

it('is the growth over the last two seconds', () => {
  const rates = new Rates();
  expect(rates.perSecond('a', 0, 0)).toBe(0);
  expect(rates.perSecond('a', 50, 500)).toBe(100);
  expect(rates.perSecond('a', 200, 2000)).toBe(100);
  expect(rates.perSecond('a', 200, 3000)).toBe(60);
  expect(rates.perSecond('a', 200, 6000)).toBe(0);
});

it('keeps counters apart', () => {
  const rates = new Rates();
  rates.perSecond('a', 0, 0);
  rates.perSecond('b', 100, 0);
  expect(rates.perSecond('a', 10, 1000)).toBe(10);
  expect(rates.perSecond('b', 100, 1000)).toBe(0);
});
