import { expect, test } from 'vitest';
import { handoverMarkdown, type ScenarioOutcome } from '../../src/handover/report.ts';

const figures = {
  produced: 40_000,
  lost: 0,
  stuck: 0,
  begunAfterTakeover: 0,
  redelivered: 12,
  pauseP99Ms: 73.4,
  pauseMaxMs: null,
  unavailableSeconds: 14.1,
  endedByThemselves: 0,
  lateClosings: 0,
  crashedPartitions: 2,
  longHandlers: 0,
  coordinatorAwayMs: 2_040,
  seconds: 40,
};

const killed: ScenarioOutcome = {
  scenario: { name: 'kill-member', title: 'one member is killed', fault: 'crash' },
  sessionTimeout: 6_000,
  clients: [
    { client: 'kohort', figures },
    { client: 'kafkajs', figures: { ...figures, lost: 7, unavailableSeconds: 20 } },
    { client: 'platformatic', failure: 'it cannot' },
  ],
};

const report = handoverMarkdown({
  benchmark: 'handover',
  date: '2026-01-02',
  broker: 'Kafka 4.3.0',
  machine: { cpu: 'A CPU', cores: 2, memoryGb: 8, platform: 'linux x64', node: 'v20.19.0', loadBefore: 0.1 },
  versions: { kohort: '1.0.0', kafkajs: '2.2.4', platformatic: '1.35.0' },
  scenarios: [killed],
});

test('machine, versions and scenario', () => {
  expect(report).toContain('A CPU, 2 cores');
  expect(report).toContain('Kafka 4.3.0');
  expect(report).toContain('## kill-member, session timeout 6 s');
  expect(report).toContain('One member is killed.');
});

test('a line of figures for each client that ran, and a verdict for every one', () => {
  expect(report).toMatch(/\| kohort +\| +0 \| +0 \| +0 \| +12 \| +0 \| +73 \| +– \| +2\.1 \|/);
  expect(report).toContain('- kohort (coordinator away for 2.0 s): unavailable: 2.1 s, not 1.6.');
  expect(report).toContain('- kafkajs (coordinator away for 2.0 s): lost: 7.');
  expect(report).toContain('- @platformatic/kafka: not run, it cannot.');
});
