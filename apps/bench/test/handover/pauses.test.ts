import { describe, expect, test } from 'vitest';
import { audit } from '../../src/handover/audit/figures.ts';
import { timelinesOf } from '../../src/handover/audit/observation.ts';
import { pausesOf } from '../../src/handover/audit/pauses.ts';
import { acked, assigned, call, observation } from './observed.ts';

function pauses(seen: ReturnType<typeof observation>) {
  return timelinesOf(seen)
    .flatMap((timeline) => pausesOf(timeline, seen.until))
    .map(({ ms }) => ms);
}

describe('a pause', () => {
  test('lasts from the end of a handler to the next call, where the record was there', () => {
    const seen = observation({ a: [call(100, 0, 110), call(700, 1, 701)] }, [acked(1, 0, 2)]);
    expect(pauses(seen)).toEqual([590]);
  });

  test('begins when there is a record', () => {
    const seen = observation({ a: [call(100, 0, 110), call(700, 1, 701)] }, [acked(1, 0), acked(400, 1)]);
    expect(pauses(seen)).toEqual([300]);
  });

  test('is not the time of the own handler', () => {
    const seen = observation({ a: [call(100, 0, 9_000), call(9_005, 1, 9_006)] }, [acked(1, 0, 2)]);
    expect(pauses(seen)).toEqual([5]);
  });

  test('is the time of a handler that another member did not wait for', () => {
    const seen = observation({ a: [call(100, 0, 9_000)], b: [call(6_000, 1, 6_001)] }, [acked(1, 0, 2)]);
    expect(pauses(seen)).toEqual([5_900]);
  });

  test('is not the time in which the partition had no leader', () => {
    const acks = [acked(50, 0, 2), acked(100, 2, 1), acked(2_100, 3, 1)];
    const seen = observation(
      { a: [call(60, 0, 61), call(2_200, 1, 2_201), call(2_202, 2, 2_203), call(2_204, 3, 2_205)] },
      acks,
    );
    expect(pauses(seen)[0]).toBe(139);
  });

  test('lasts to the end of the observation where nobody goes on', () => {
    const seen = observation({ a: [call(100, 0, 110)] }, [acked(1, 0), acked(400, 1)], { until: 5_000 });
    expect(pauses(seen)).toEqual([4_600]);
  });
});

describe('partitions that stay with their owner', () => {
  const acks = [acked(1, 0, 10)];

  test('the longest pause of each second counts once', () => {
    const calls = [call(50, 0, 51), call(400, 1, 401), call(500, 2, 501), call(1_200, 3, 1_201)];
    const seen = observation({ a: [assigned(10), ...calls] }, [acked(1, 0, 4)], {
      steps: [100],
      until: 10_100,
    });
    // Ten seconds: one has 349, one 699, the others none.
    expect(audit(seen)).toMatchObject({ pauseMaxMs: 699, pauseP99Ms: 699 });
  });

  test('a partition that moves within the step says nothing', () => {
    const seen = observation(
      { a: [call(50, 0, 51)], b: [assigned(200), call(5_000, 1, 5_001)] },
      [acked(1, 0, 2)],
      { steps: [100] },
    );
    expect(audit(seen)).toMatchObject({ pauseMaxMs: null, pauseP99Ms: null });
  });

  test('a partition that another member is given within the step does not stay', () => {
    const seen = observation({ a: [call(50, 0, 51), call(500, 1, 501)], b: [assigned(300)] }, acks, {
      steps: [100],
    });
    expect(audit(seen).pauseMaxMs).toBeNull();
  });

  test('each step has its owner', () => {
    const seen = observation(
      { a: [call(50, 0, 51)], b: [call(3_000, 1, 3_001), call(6_500, 2, 6_501), call(6_600, 3, 6_601)] },
      [acked(1, 0, 4)],
      { steps: [100, 4_000], until: 7_000 },
    );
    expect(audit(seen).pauseMaxMs).toBe(3_499);
  });
});

describe('unavailable seconds', () => {
  test('sum up pauses of at least a quarter of a second, whoever goes on', () => {
    const seen = observation(
      { a: [call(50, 0, 51), call(251, 1, 252)], b: [call(2_252, 2, 2_253), call(2_600, 3, 2_601)] },
      [acked(1, 0, 4)],
      { steps: [100] },
    );
    expect(audit(seen).unavailableSeconds).toBeCloseTo(2 + 0.347, 6);
  });

  test('do not count what was before the first step', () => {
    const seen = observation({ a: [call(50, 0, 51), call(2_000, 1, 2_001)] }, [acked(1, 0, 2)], {
      steps: [3_000],
    });
    expect(audit(seen).unavailableSeconds).toBe(0);
  });
});
