/**
 * Every plan against oracles that share nothing with the engine: loads, partitions in foreign racks and moves are the
 * best possible, in this order. KOHORT_PROBLEMS sets how many groups are tried, KOHORT_SEED where they begin.
 */
import { describe, expect, it } from 'vitest';
import { cooperativeSticky, sticky } from '../../src/index.ts';
import { randomGroup } from './generated-groups.ts';
import { planOf, type StickyGroup } from './group-spec.ts';
import { bruteForce, planCount } from './oracle/brute-force.ts';
import { measure, type Racks, unitsOf } from './oracle/facts.ts';
import { minCostFlow } from './oracle/min-cost-flow.ts';
import { Random } from './random.ts';

const PROBLEMS = Number(process.env.KOHORT_PROBLEMS ?? 2_000);
const SEED = Number(process.env.KOHORT_SEED ?? 1);
const TINY = { members: 4, topics: 4, perTopic: 4, partitions: 7 };
const SMALL = { members: 9, topics: 8, perTopic: 14, partitions: 50 };
const POLICIES: readonly Racks[] = ['off', 'leader', 'replicas'];
/** Milliseconds that a problem may take on a busy machine. */
const PATIENCE = 60;

function optimum(group: StickyGroup, racks: Racks) {
  return minCostFlow(unitsOf(group, racks), group.members.length);
}

function achieved(group: StickyGroup, racks: Racks, seed: number) {
  const assignor = seed % 2 === 0 ? sticky({ racks }) : cooperativeSticky({ racks });
  return measure(group, unitsOf(group, racks), planOf(assignor, group));
}

function policyOf(group: StickyGroup, seed: number): Racks {
  const hasRacks = group.members.some(({ rack }) => rack !== undefined);
  return hasRacks ? (POLICIES[seed % 3] ?? 'off') : 'off';
}

describe('oracles', () => {
  it(
    'agree with each other, by brute force and by flow',
    () => {
      let compared = 0;
      for (let seed = SEED; compared < 300; seed++) {
        const group = randomGroup(new Random(seed), TINY);
        const racks = policyOf(group, seed);
        const units = unitsOf(group, racks);
        if (planCount(units) > 5_000) continue;
        compared++;
        expect({ seed, ...minCostFlow(units, group.members.length) }).toEqual({
          seed,
          ...bruteForce(units, group.members.length),
        });
      }
    },
    300 * PATIENCE,
  );
});

describe('sticky and cooperativeSticky', () => {
  it(
    `are optimal for ${PROBLEMS} random groups`,
    () => {
      for (let seed = SEED; seed < SEED + PROBLEMS; seed++) {
        const group = randomGroup(new Random(seed), seed % 4 === 0 ? TINY : SMALL);
        const racks = policyOf(group, seed);
        expect({ seed, racks, ...achieved(group, racks, seed) }).toEqual({
          seed,
          racks,
          ...optimum(group, racks),
        });
      }
    },
    30_000 + PROBLEMS * PATIENCE,
  );
});
