/** Members that claim the same partition: after a rebalance that one of them missed, or by a bug of some client. */
import { type Assignor, deferMoves } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { cooperativeSticky, sticky } from '../../src/index.ts';
import { after, planNow, planOf, problemFor, readable, type StickyGroup } from './group-spec.ts';

const COUNT = 6;
const topics = [{ name: 't', partitions: COUNT }];

function member(id: string, generation: number, ...owned: string[]) {
  return { id, topics: ['t'], owned, generation };
}

/** What members hold after each of so many cooperative rebalances, in which everybody claims what it was given. */
function rounds(group: StickyGroup, count: number): Record<string, string[]>[] {
  const assignor = cooperativeSticky();
  const held: Record<string, string[]>[] = [];
  let now = group;
  for (let round = 0; round < count; round += 1) {
    const problem = problemFor(assignor, now);
    const given = readable(problem, deferMoves(problem, planNow(assignor, problem)).plan);
    held.push(given);
    now = after(now, given, 100 + round);
  }
  return held;
}

function holdersOf(partition: string, plan: Record<string, string[]> | undefined): string[] {
  return Object.entries(plan ?? {}).flatMap(([id, given]) => (given.includes(partition) ? [id] : []));
}

describe('two members claim one partition', () => {
  it.each([
    [5, 7, 'b'],
    [7, 5, 'a'],
  ] as const)('S44 I1 generations %i and %i: it stays with the later, %s', (ofA, ofB, winner) => {
    const members = [member('a', ofA, 't-0', 't-1'), member('b', ofB, 't-0', 't-2'), member('c', 7, 't-3')];
    for (const plan of rounds({ topics, members }, 3)) expect(holdersOf('t-0', plan)).toEqual([winner]);
  });

  it('S44 S70 I13 one generation: it sits out one round, then one member has it, and no other claim is touched', () => {
    const members = [
      member('a', 7, 't-0', 't-1'),
      member('b', 7, 't-0', 't-2'),
      member('c', 7, 't-3', 't-4'),
    ];
    const [first, ...later] = rounds({ topics, members }, 3);
    expect(holdersOf('t-0', first)).toEqual([]);
    for (const plan of later) expect(holdersOf('t-0', plan)).toHaveLength(1);
    for (const plan of [first, ...later]) {
      expect(plan?.a).toContain('t-1');
      expect(plan?.b).toContain('t-2');
      expect(plan?.c).toEqual(expect.arrayContaining(['t-3', 't-4']));
    }
  });

  it.each([sticky(), cooperativeSticky()])(
    'S70 the plan of $name gives it to one of them, and moves nothing else',
    (assignor: Assignor) => {
      const members = [
        member('a', 7, 't-0', 't-1'),
        member('b', 7, 't-0', 't-2'),
        member('c', 7, 't-3', 't-4'),
      ];
      const plan = planOf(assignor, { topics, members });
      expect(Object.values(plan).flat().sort()).toEqual(
        topics.flatMap(({ name }) => Array.from({ length: COUNT }, (_, p) => `${name}-${p}`)),
      );
      expect(plan).toMatchObject({
        a: expect.arrayContaining(['t-1']),
        b: expect.arrayContaining(['t-2']),
        c: ['t-3', 't-4'],
      });
    },
  );
});

describe('a member that missed a rebalance claims what somebody else owns now', () => {
  // b owns all; c is new, so that two of b's have to move. a claims each of b's in turn from long ago.
  it.each(Array.from({ length: COUNT }, (_, p) => `t-${p}`))('S71 I13 %s', (stale) => {
    const all = Array.from({ length: COUNT }, (_, p) => `t-${p}`);
    const members = [member('a', 3, stale), member('b', 9, ...all), member('c', -1)];
    const [first, second, third] = rounds({ topics, members }, 3);
    // Nobody else gets what b still had, whoever is to get it: a not either, whose claim is as good as none.
    expect(first).toMatchObject({ a: [], c: [] });
    for (const id of ['a', 'b', 'c']) expect(second?.[id]).toHaveLength(2);
    expect(first?.b).toEqual(second?.b);
    expect(third).toEqual(second);
  });
});
