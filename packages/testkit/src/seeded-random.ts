/** Random numbers that a seed repeats, on every machine. */

/**
 * Answers numbers in [0, 1), the same sequence for the same seed (SplitMix32: a counter with the golden ratio's step,
 * mixed by two rounds of multiply and shift). 32 bits of resolution; not for secrets.
 *
 * @param seed an integer; only its lowest 32 bits count
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 0x1_0000_0000;
  };
}
