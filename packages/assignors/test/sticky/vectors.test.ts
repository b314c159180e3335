/**
 * Problems that other clients got wrong, test, or document, with the loads and kept claims that are best: facts from
 * the sources that each line names. The oracle has to agree with every line.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cooperativeSticky, sticky } from '../../src/index.ts';
import { planOf, type StickyGroup } from './group-spec.ts';
import { measure, unitsOf } from './oracle/facts.ts';
import { minCostFlow } from './oracle/min-cost-flow.ts';

interface Vector {
  readonly name: string;
  readonly source: string;
  readonly topics: Record<string, number>;
  readonly members: Record<string, { topics: string[]; owned: string[]; generation?: number }>;
  readonly loads: readonly number[];
  readonly kept: number;
}

const lines = readFileSync(new URL('../vectors/sticky.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const vectors = lines.map((line) => JSON.parse(line) as Vector);

function groupOf({ topics, members }: Vector): StickyGroup {
  return {
    topics: Object.entries(topics).map(([name, partitions]) => ({ name, partitions })),
    members: Object.entries(members).map(([id, member]) => ({ id, generation: 1, ...member })),
  };
}

describe.each([sticky(), cooperativeSticky()])('$name', (assignor) => {
  it.each(vectors)('$name ($source)', (vector) => {
    const group = groupOf(vector);
    const units = unitsOf(group, 'off');
    const claimed = units.filter(({ owner }) => owner !== -1).length;
    const expected = { loads: vector.loads, offRack: 0, moves: claimed - vector.kept };
    expect(minCostFlow(units, group.members.length)).toEqual(expected);
    expect(measure(group, units, planOf(assignor, group))).toEqual(expected);
  });
});
