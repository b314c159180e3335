/** The oracle of the kit against every plan that there is. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ledgerOf, type Score, scoreOf } from '../../src/assignor/oracle/ledger.ts';
import { optimum } from '../../src/assignor/oracle/optimum.ts';
import { drawClaims } from '../../src/assignor/problems/claims.ts';
import type { Draw } from '../../src/assignor/problems/draw.ts';
import { ProblemArbitrary } from '../../src/assignor/problems/problem-arbitrary.ts';
import type { ProblemSpec } from '../../src/assignor/problems/problem-spec.ts';

const RACKS = ['r0', 'r1'] as const;

/** At most 4 members and 6 partitions, so that all plans can be tried. */
function drawSmall(draw: Draw): ProblemSpec {
  const topics = ['t', 'u', 'v'].map((name) => {
    const partitions = draw.int(0, 2);
    const racks = Array.from({ length: partitions }, () => draw.each(RACKS, 0.6));
    return { name, partitions, racks };
  });
  const members = ['a', 'b', 'c', 'd'].slice(0, draw.int(1, 4)).map((id) => ({
    id,
    topics: draw.each(['t', 'u', 'v'], 0.7),
    rack: draw.pick(RACKS),
    generation: -1,
    owns: [],
  }));
  return drawClaims(draw, { topics, members }, draw.chance(0.5) ? 'exclusive' : 'contradictory');
}

function bestOfAll(spec: ProblemSpec, racks: 'off' | 'leader' | 'replicas'): Score {
  const ledger = ledgerOf(spec, racks);
  let best: Score | undefined;
  const owners: number[] = [];
  const visit = (): void => {
    const entry = ledger[owners.length];
    if (entry === undefined) {
      const score = scoreOf(ledger, owners, spec.members.length);
      if (best === undefined || isBetter(score, best)) best = score;
      return;
    }
    for (const member of entry.subscribers) {
      owners.push(member);
      visit();
      owners.pop();
    }
  };
  visit();
  if (best === undefined) throw new Error('no plan at all');
  return best;
}

function isBetter(a: Score, b: Score): boolean {
  const order = ({ loads, offRack, moves }: Score) => [...loads, offRack, moves];
  const left = order(a);
  const right = order(b);
  const differs = left.findIndex((value, i) => value !== right[i]);
  return differs !== -1 && (left[differs] ?? 0) < (right[differs] ?? 0);
}

it.each(['off', 'leader', 'replicas'] as const)('is as good as the best of all plans, racks: %s', (racks) => {
  fc.assert(
    fc.property(new ProblemArbitrary(drawSmall), (spec) => {
      expect(optimum(ledgerOf(spec, racks), spec.members.length)).toEqual(bestOfAll(spec, racks));
    }),
    { numRuns: 300 },
  );
});
