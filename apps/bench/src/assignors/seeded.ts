/** Chance that is the same in every run. */

export interface Seeded {
  below(bound: number): number;
  /** Numbers below `bound`, none twice. */
  sample(bound: number, count: number): number[];
}

/** A generator of 32 bits of state (Mulberry32). */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const below = (bound: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
  return {
    below,
    sample(bound, count) {
      const rest = Array.from({ length: bound }, (_, i) => i);
      return Array.from({ length: Math.min(bound, count) }, () => rest.splice(below(rest.length), 1)[0] ?? 0);
    },
  };
}
