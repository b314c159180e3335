import { describe, expect, test } from 'vitest';
import { ratiosOf, spreadOf } from '../../src/measure/statistics.ts';

describe('spreadOf', () => {
  test('the middle of an odd number, and the ends', () => {
    expect(spreadOf([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100 });
  });

  test('half-way between the two in the middle of an even number', () => {
    expect(spreadOf([4, 1, 3, 10])).toEqual({ median: 3.5, min: 1, max: 10 });
  });

  test('one value is all three', () => {
    expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7 });
  });

  test('leaves its argument as it is', () => {
    const values = [3, 1, 2];
    spreadOf(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test('nothing has no spread', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('ratiosOf', () => {
  test('pairs values of the same round: what slows both cancels out', () => {
    expect(ratiosOf([1, 10, 3], [2, 20, 6])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });

  test('is the median of ratios, not the ratio of medians', () => {
    expect(ratiosOf([1, 2, 9], [1, 4, 3]).median).toBe(1);
  });

  test('refuses lists that cannot be paired', () => {
    expect(() => ratiosOf([1, 2], [1])).toThrow(RangeError);
  });
});
