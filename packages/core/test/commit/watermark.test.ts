/** The lowest unsettled offset, by example. */
import { expect, test } from 'vitest';
import { Watermark } from '../../src/commit/watermark.ts';

function taken(...offsets: number[]): Watermark {
  const mark = new Watermark(1000n, 3);
  for (const offset of offsets) mark.take(offset, 5);
  return mark;
}

test('it stands at the origin, with the epoch of what lies before, until something settles', () => {
  const mark = taken(0, 1);
  expect(mark.lowOffset).toBe(1000n);
  expect(mark.lowEpoch).toBe(3);
  expect(mark.inFlight).toBe(2);
});

test('in order, it follows each settlement', () => {
  const mark = taken(0, 1, 2);
  expect(mark.settle(0, 0)).toBe(1);
  expect(mark.low).toBe(1);
  expect(mark.lowEpoch).toBe(5);
  expect(mark.settle(1, 2)).toBe(2);
  expect(mark.lowOffset).toBe(1003n);
  expect(mark.isClear).toBe(true);
});

test('out of order, it waits for the lowest', () => {
  const mark = taken(0, 1, 2);
  mark.settle(2, 2);
  mark.settle(1, 1);
  expect(mark.low).toBe(0);
  expect(mark.inFlight).toBe(1);
  mark.settle(0, 0);
  expect(mark.low).toBe(3);
});

test('settling twice counts once', () => {
  const mark = taken(0, 1, 2);
  expect(mark.settle(1, 1)).toBe(1);
  expect(mark.settle(1, 1)).toBe(0);
  expect(mark.settle(0, 2)).toBe(2);
  expect(mark.settle(0, 2)).toBe(0);
  expect(mark.low).toBe(3);
});

test('what was never taken does not settle', () => {
  const mark = taken(0, 5);
  expect(mark.settle(3, 3)).toBe(0);
  expect(mark.settle(6, 9)).toBe(0);
  expect(mark.low).toBe(0);
});

test('gaps in the log are passed when what surrounds them has settled', () => {
  const mark = taken(0, 7);
  mark.advanceTo(12, 6);
  mark.settle(0, 0);
  expect(mark.low).toBe(7);
  mark.settle(7, 7);
  expect(mark.low).toBe(12);
  expect(mark.lowEpoch).toBe(6);
});

test('records that wait for a retry are not in flight, and hold the watermark', () => {
  const mark = taken(0, 1, 2);
  mark.setInFlight(1, 2, false);
  expect(mark.inFlight).toBe(1);
  mark.settle(0, 0);
  expect(mark.low).toBe(1);
  expect(mark.inFlight).toBe(0);
  mark.setInFlight(1, 2, true);
  expect(mark.inFlight).toBe(2);
  mark.settle(2, 2);
  mark.setInFlight(1, 2, false);
  expect(mark.inFlight).toBe(0);
  expect(mark.isUnsettled(1)).toBe(true);
  expect(mark.isUnsettled(2)).toBe(false);
  mark.settle(1, 1);
  expect(mark.low).toBe(3);
});

test('what a commit does not cover: in flight or settled above the lowest, and not what waits for a retry', () => {
  const mark = taken(0, 1, 2, 3, 4);
  mark.settle(0, 0);
  expect(mark.uncovered).toBe(4);
  mark.setInFlight(1, 1, false);
  mark.settle(3, 3);
  expect(mark.uncovered).toBe(3);
  mark.settle(1, 4);
  expect(mark.uncovered).toBe(0);
});
