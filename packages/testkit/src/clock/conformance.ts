/** The conformance suite for clocks, for any test runner that has `describe` and `it`. */
import type { Clock } from '@kohort/core/spi';
import { type ConformanceRunner, declareLaws } from '../conformance.ts';
import { cancelLaws } from './laws/cancelling.ts';
import { readingLaws } from './laws/reading.ts';
import { timerLaws } from './laws/timers.ts';

/** A clock, and the way to wait on it. */
export interface ClockUnderTest {
  readonly clock: Clock;
  /** Resolves when this many milliseconds of the clock's own time have passed, and what was due has been called. */
  readonly pass: (ms: number) => Promise<void>;
}

/**
 * Declares one test for each law that a clock has to keep: units, timers that fire once, in order and not early, and
 * timers that are cancelled. On a clock of real time the laws take about half a second.
 *
 * @param make a new clock
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { setTimeout } from 'node:timers/promises';
 * import { systemClock } from '@kohort/core/spi';
 * import { clockConformance } from '@kohort/testkit';
 *
 * clockConformance({ describe, it }, () => ({ clock: systemClock, pass: (ms) => setTimeout(ms) }));
 * ```
 */
export function clockConformance(runner: ConformanceRunner, make: () => ClockUnderTest): void {
  const laws = [...readingLaws, ...timerLaws, ...cancelLaws];
  declareLaws(runner, 'clock conformance', laws, make);
}
