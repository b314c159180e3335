import { describe, expect, test } from 'vitest';
import type { RunFigures } from '../../src/handover/run-scenario.ts';
import {
  type Judged,
  lawfulRedeliveries,
  missedTargets,
  unavailableAboveFloor,
} from '../../src/handover/targets.ts';

const perfect: RunFigures = {
  produced: 40_000,
  lost: 0,
  stuck: 0,
  begunAfterTakeover: 0,
  redelivered: 0,
  pauseP99Ms: 20,
  pauseMaxMs: 90,
  unavailableSeconds: 0,
  endedByThemselves: 0,
  lateClosings: 0,
  crashedPartitions: 0,
  longHandlers: 0,
  coordinatorAwayMs: 100,
  seconds: 40,
};

function judged(figures: Partial<RunFigures>): Judged {
  return { scenario: { fault: 'none' }, sessionTimeout: 6_000, figures: { ...perfect, ...figures } };
}

test('nothing is missed', () => {
  expect(missedTargets(judged({}), judged({}))).toEqual([]);
});

describe('missed is', () => {
  test.each([
    [{ lost: 1 }, 'lost: 1'],
    [{ stuck: 2 }, 'stuck: 2'],
    [{ begunAfterTakeover: 3 }, 'begun after a takeover: 3'],
    [{ redelivered: 1 }, 'redelivered: 1, not 0'],
    [{ endedByThemselves: 1 }, 'ended by themselves: 1'],
    [{ lateClosings: 1 }, 'closed too late: 1'],
    [{ pauseP99Ms: 251 }, 'pause at p99: 251 ms, not 250'],
    [{ pauseMaxMs: 1_001 }, 'longest pause: 1001 ms, not 1000'],
    [{ unavailableSeconds: 2.1 }, 'unavailable: 2.1 s, not 2.0'],
  ])('%o', (figures, message) => {
    expect(missedTargets(judged(figures), judged({ unavailableSeconds: 10 }))).toEqual([message]);
  });
});

test('a crash costs its partitions the session timeout, and what one commit interval holds', () => {
  const crash = judged({ crashedPartitions: 2, redelivered: 1_000, unavailableSeconds: 13 });
  expect(lawfulRedeliveries(crash)).toBe(1_000);
  expect(unavailableAboveFloor(crash)).toBe(1);
  expect(missedTargets(crash)).toEqual([]);
  expect(missedTargets(judged({ crashedPartitions: 2, redelivered: 1_001 }))).toEqual([
    'redelivered: 1001, not 1000',
  ]);
});

test('a handler that outlasts the drain may cost one record', () => {
  expect(missedTargets(judged({ longHandlers: 1, redelivered: 1 }))).toEqual([]);
  expect(missedTargets(judged({ longHandlers: 1, redelivered: 2 }))).toHaveLength(1);
});

test('while the coordinator is away for longer than the session timeout, pauses may last that much longer', () => {
  const away = { coordinatorAwayMs: 10_000, pauseP99Ms: 4_000 };
  expect(missedTargets(judged({ ...away, pauseMaxMs: 5_000 }))).toEqual([]);
  expect(missedTargets(judged({ ...away, pauseMaxMs: 5_001 }))).toEqual(['longest pause: 5001 ms, not 5000']);
  expect(missedTargets({ ...judged({ ...away, pauseMaxMs: 5_000 }), sessionTimeout: 30_000 })).toHaveLength(
    2,
  );
});
