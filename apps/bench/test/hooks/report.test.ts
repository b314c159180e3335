import { expect, test } from 'vitest';
import { hooksPage, resultsOf, type SetRuns } from '../../src/hooks/report.ts';
import type { Measurement } from '../../src/measure/meter.ts';

/** CPU in microseconds for 1000 records. */
function measurement(cpuMicros: number): Measurement {
  return {
    records: 1000,
    checksum: 42,
    wallMs: 10,
    cpuMicros,
    peakRssBytes: 100_000_000,
    maxLoopDelayMs: 20,
  };
}

const runs = (mode: SetRuns['mode'], set: SetRuns['set'], ...cpu: number[]): SetRuns => ({
  mode,
  set,
  runs: cpu.map(measurement),
});

const all = [
  runs('kohort-batch', 'none', 1000, 8000),
  runs('kohort-batch', 'all', 1500, 8000),
  runs('kohort-record', 'none', 2000, 2000),
  runs('kohort-record', 'all', 2000, 2200),
];

test('ratios are of runs of the same round and of the same way to consume', () => {
  expect(resultsOf(all).map(({ cpuRatio }) => cpuRatio)).toEqual([
    null,
    { median: 1.25, min: 1, max: 1.5 },
    null,
    { median: 1.05, min: 1, max: 1.1 },
  ]);
});

test('the page says on what it was measured, and has a line for each set', () => {
  const page = hooksPage({
    benchmark: 'hooks',
    date: '2026-01-02',
    broker: 'Kafka 4.3.0',
    machine: {
      cpu: 'A CPU',
      cores: 2,
      memoryGb: 8,
      platform: 'linux x64',
      node: 'v20.19.0',
      loadBefore: 0.1,
    },
    versions: { kohort: '1.0.0', kafkajs: '2.2.4', platformatic: '1.35.0' },
    workload: {
      records: 1000,
      valueSize: 100,
      compression: 'none',
      partitions: 12,
      recordsPerBatch: 140,
      checksum: 42,
    },
    rounds: 2,
    results: resultsOf(all),
  });
  expect(page).toContain('load average before the run 0.1');
  expect(page).toMatch(
    /\| eachBatch +\| all +\| +100 k \| 4\.75 \(1\.50–8\.00\) \| +1\.25 \(1\.00–1\.50\) \|/,
  );
});
