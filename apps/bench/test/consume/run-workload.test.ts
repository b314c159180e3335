import { expect, test } from 'vitest';
import { problemOf } from '../../src/consume/run-workload.ts';

const produced = { records: 10, checksum: 55 };

test('all records, and the right ones', () => {
  expect(problemOf({ records: 10, checksum: 55 }, produced)).toBeUndefined();
});

test('too few', () => {
  expect(problemOf({ records: 9, checksum: 55 }, produced)).toBe('9 of 10 records');
});

test('as many, but not the same', () => {
  expect(problemOf({ records: 10, checksum: 54 }, produced)).toContain('checksum is 54');
});
