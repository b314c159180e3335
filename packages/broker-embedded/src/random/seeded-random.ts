/**
 * Pseudo-random numbers from a seed, one independent stream per concern, so that an extra draw for latency
 * does not shift the member ids of a run.
 */

/** A stream of pseudo-random numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [min, max], both included. */
  integer(min: number, max: number): number;
  bytes(count: number): Uint8Array;
}

/** FNV-1a over UTF-16 code units: mixes the name of a stream into the seed. */
function hashName(name: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) {
    hash ^= name.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash;
}

/**
 * The stream called `name` of a run with this seed. Equal arguments give equal streams.
 *
 * The generator is the 32-bit "splitmix" finaliser over a Weyl sequence: enough for faults and ids, no use for secrets.
 */
export function randomStream(seed: number, name: string): Random {
  let state = hashName(name, seed);
  const uint32 = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return {
    next: () => uint32() / 0x1_0000_0000,
    integer: (min, max) => min + Math.floor((uint32() / 0x1_0000_0000) * (max - min + 1)),
    bytes: (count) => Uint8Array.from({ length: count }, () => uint32() & 0xff),
  };
}
