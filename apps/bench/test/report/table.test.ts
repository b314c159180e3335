import { expect, test } from 'vitest';
import { megabytes, spread, thousands } from '../../src/report/figures.ts';
import { markdownTable } from '../../src/report/table.ts';

test('words to the left, figures to the right, all columns of one width', () => {
  const table = markdownTable(
    ['client', 'rate'],
    [
      ['a', '1'],
      ['longest one', '1,000'],
    ],
    1,
  );
  expect(table.split('\n')).toEqual([
    '| client      |  rate |',
    '| ----------- | ----: |',
    '| a           |     1 |',
    '| longest one | 1,000 |',
  ]);
});

test('a range is told only where there is one', () => {
  expect(spread({ median: 1_500_000, min: 1_000_000, max: 2_000_000 }, thousands)).toBe(
    '1,500 k (1,000 k–2,000 k)',
  );
  expect(spread({ median: 5e6, min: 5e6, max: 5e6 }, megabytes)).toBe('5');
});
