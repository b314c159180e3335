/** The small world, as far as a few seconds reach; `pnpm run explore` goes further. */
import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import type { Protocol } from './world.ts';

const LIMIT = { timeout: 120_000 };

describe.each<Protocol>(['eager', 'cooperative'])('2 members, 2 partitions, %s', (protocol) => {
  it('I1, I4, I13 to I16, I20, L1: hold in every order of what happens by itself', LIMIT, () => {
    const { states } = explore({ protocol, perturbations: 0, interleavings: 'all' });
    expect(states).toBeGreaterThan(300);
  });

  it('the same with one perturbation at every place of one order', LIMIT, () => {
    const { states } = explore({ protocol, perturbations: 1, interleavings: 'one' });
    expect(states).toBeGreaterThan(500);
  });
});
