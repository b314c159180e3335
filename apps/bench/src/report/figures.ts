/** Figures as people read them. */
import type { Spread } from '../measure/statistics.ts';

/** Median, and the ends of the range where there is one. */
export function spread({ median, min, max }: Spread, figure: (value: number) => string): string {
  const [middle, low, high] = [figure(median), figure(min), figure(max)];
  return low === high ? middle : `${middle} (${low}–${high})`;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Two digits after the point. */
export function hundredths(value: number): string {
  return value.toFixed(2);
}

export function megabytes(bytes: number): string {
  return whole(bytes / 1_000_000);
}

/** Thousands, for rates. */
export function thousands(value: number): string {
  return `${whole(value / 1000)} k`;
}
