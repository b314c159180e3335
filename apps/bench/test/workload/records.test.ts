import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fingerprint, recordKey, recordValue } from '../../src/workload/records.ts';
import { defaultRecords, MIN_VALUE_SIZE, recordsPerBatch } from '../../src/workload/workload.ts';

test('values have the size asked for, also beyond the text that they are filled with', () => {
  for (const size of [MIN_VALUE_SIZE, 100, 1000, 300_000]) expect(recordValue(123, size)).toHaveLength(size);
});

test('the same number gives the same record', () => {
  expect(recordValue(77, 100).equals(recordValue(77, 100))).toBe(true);
  expect(recordKey(77).toString()).toBe('00000077');
});

test('fingerprints tell a missing, a doubled and a damaged record', () => {
  const print = (n: number) => fingerprint(recordKey(n), recordValue(n, 100));
  expect(print(3) + print(4)).not.toBe(print(3) + print(3));
  expect(print(0x1_0203)).not.toBe(print(0x1_0204));
  expect(fingerprint(recordKey(3), recordValue(3, 100).subarray(0, 99))).not.toBe(print(3));
  expect(fingerprint(recordKey(4), recordValue(3, 100))).not.toBe(print(3));
});

test('a record without key or value is none of ours', () => {
  expect(() => fingerprint(null, recordValue(1, 100))).toThrow('without key or value');
  expect(() => fingerprint(recordKey(1), undefined)).toThrow('without key or value');
});

test('text compresses like text: by half to five sixths', () => {
  const batch = Buffer.concat(Array.from({ length: 140 }, (_, n) => recordValue(n, 100)));
  const ratio = batch.length / gzipSync(batch).length;
  expect(ratio).toBeGreaterThan(2);
  expect(ratio).toBeLessThan(6);
});

test('batches of 16 KiB, and never an empty one', () => {
  expect(recordsPerBatch(100)).toBe(140);
  expect(recordsPerBatch(1_000_000)).toBe(1);
});

test('a million records, or 300 MB', () => {
  expect(defaultRecords(100)).toBe(1_000_000);
  expect(defaultRecords(1000)).toBe(300_000);
});
