import { describe, expect, test } from 'vitest';
import { CASES, payloadOf } from '../../src/codec/cases.ts';
import { sampleCases } from '../../src/codec/measure.ts';
import { parseCodecOptions } from '../../src/codec/options.ts';
import { codecResult, codecSection } from '../../src/codec/report.ts';

const payloads = { none: payloadOf(100, 'none'), gzip: payloadOf(100, 'gzip') };

test('a megabyte of values in batches of 16 KiB', () => {
  expect(payloads.none.records).toBe(75 * 140);
  expect(payloads.none.bytes.length).toBeGreaterThan(1_048_576);
  expect(payloads.gzip.bytes.length).toBeLessThan(payloads.none.bytes.length / 2);
});

describe('every case sees every record', () => {
  test.each(CASES)('$name', async (one) => {
    const payload = payloads[one.compression];
    expect(await one.run(payload)).toBe(payload.records);
  });
});

test('samples are in turns, one for each round', async () => {
  const order: string[] = [];
  const cases = ['a', 'b'].map((name) => ({
    name,
    compression: 'none' as const,
    run: () => {
      if (order.at(-1) !== name) order.push(name);
      return 1;
    },
  }));
  const payload = { bytes: new Uint8Array(0), records: 1 };
  const samples = await sampleCases(cases, () => payload, 2, new AbortController().signal);
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(samples.map(({ nanosPerRecord }) => nanosPerRecord.length)).toEqual([2, 2]);
});

test('a case that skips work is no result', async () => {
  const lazy = { name: 'lazy', compression: 'none' as const, run: () => 1 };
  const payload = { bytes: new Uint8Array(0), records: 2 };
  const sampling = sampleCases([lazy], () => payload, 1, new AbortController().signal);
  await expect(sampling).rejects.toThrow('lazy: 1 of 2 records');
});

test('nanoseconds and megabytes', () => {
  const result = codecResult(100, [{ name: 'indexed', nanosPerRecord: [100, 50, 200] }]);
  expect(codecSection(result)).toMatch(/\| indexed \| +100 \(50–200\) \| +1,000 \|/);
});

test('flags', () => {
  expect(parseCodecOptions([])).toEqual({ rounds: 15, sizes: [100, 1000], name: 'codec', help: false });
  expect(() => parseCodecOptions(['--records', '1'])).toThrow('--records');
});
