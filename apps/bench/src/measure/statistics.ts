/** Medians and ranges: what can be said about a few runs on a machine that others use too. */

/** Middle and ends of a few figures. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without values */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new RangeError('no values');
  const upper = sorted[sorted.length >> 1] ?? max;
  const lower = sorted[(sorted.length - 1) >> 1] ?? min;
  return { median: (lower + upper) / 2, min, max };
}

/**
 * Ratios of values that were measured next to each other, so that what slowed both of a pair cancels out.
 * @throws RangeError without values, and for lists of different length
 */
export function ratiosOf(values: readonly number[], baseline: readonly number[]): Spread {
  if (values.length !== baseline.length)
    throw new RangeError(`${values.length} values for ${baseline.length}`);
  return spreadOf(values.map((value, i) => value / (baseline[i] ?? Number.NaN)));
}
