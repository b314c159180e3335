import { expect, test } from 'vitest';
import { markdownReport, resultOf } from '../../src/consume/report.ts';
import type { ClientRuns } from '../../src/consume/summary.ts';
import type { Measurement } from '../../src/measure/meter.ts';

const workload = {
  topic: 'kohort-bench-of-somebody',
  records: 1000,
  valueSize: 100,
  compression: 'none',
  partitions: 12,
  recordsPerBatch: 140,
  checksum: 42,
} as const;

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

const clients: readonly ClientRuns[] = [
  { id: 'kohort-batch', runs: [measurement(500), measurement(2000)] },
  { id: 'kafkajs-batch', runs: [measurement(1000), measurement(8000)] },
];

test('ratios are of runs of the same round', () => {
  const { clients: summaries, comparisons } = resultOf(workload, 2, clients);
  expect(summaries.map(({ cpuRatio }) => cpuRatio)).toEqual([
    { median: 0.375, min: 0.25, max: 0.5 },
    { median: 1, min: 1, max: 1 },
  ]);
  expect(summaries[0]?.cpuMicrosPerRecord).toEqual({ median: 1.25, min: 0.5, max: 2 });
  expect(summaries[0]?.recordsPerSecond.median).toBe(100_000);
  expect(comparisons).toEqual([
    { id: 'kohort-batch', against: 'kafkajs-batch', ratio: { median: 0.375, min: 0.25, max: 0.5 } },
  ]);
});

test('without the baseline there are no ratios', () => {
  const { clients: summaries, comparisons } = resultOf(workload, 2, clients.slice(0, 1));
  expect(summaries[0]?.cpuRatio).toBeNull();
  expect(comparisons).toEqual([]);
});

test('the report names machine and versions, and one line for each client', () => {
  const report = markdownReport({
    benchmark: 'consume',
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
    workloads: [resultOf(workload, 2, clients)],
  });
  expect(report).toContain('A CPU, 2 cores');
  expect(report).toContain('@platformatic/kafka 1.35.0');
  expect(report).toMatch(
    /\| kohort +\| eachBatch +\| +100 k \| 1\.25 \(0\.50–2\.00\) \| +0\.38 \(0\.25–0\.50\) \|/,
  );
  expect(report).toContain('kohort eachBatch takes 0.38 (0.25–0.50) of the CPU of kafkajs eachBatch.');
});

test('topics, whose names are accidental, are not part of results', () => {
  expect(JSON.stringify(resultOf(workload, 2, clients))).not.toContain('somebody');
});
