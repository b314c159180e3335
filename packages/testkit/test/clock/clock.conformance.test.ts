/** The clocks that come with Kohort keep the laws of a clock. */
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '@kohort/core/spi';
import { describe, it } from 'vitest';
import { clockConformance, virtualClock } from '../../src/index.ts';

describe('the clock of the process', () => {
  clockConformance({ describe, it }, () => ({ clock: systemClock, pass: (ms) => setTimeout(ms) }));
});

describe('the virtual clock', () => {
  clockConformance({ describe, it }, () => {
    const clock = virtualClock();
    return { clock, pass: (ms) => clock.advance(ms) };
  });
});
