/** Durations as options give them: fixed, or drawn from a range. */
import type { Random } from '../random/seeded-random.ts';

/** Milliseconds, or a range of whole milliseconds to draw from evenly, both ends included. */
export type Delay = number | { readonly min: number; readonly max: number };

export function drawDelay(delay: Delay, random: Random): number {
  return typeof delay === 'number' ? delay : random.integer(delay.min, delay.max);
}

/** Whether this is a delay that can be waited for: finite, not negative, and not upside down. */
export function isDelay(delay: Delay): boolean {
  const [min, max] = typeof delay === 'number' ? [delay, delay] : [delay.min, delay.max];
  return Number.isFinite(max) && min >= 0 && min <= max;
}
