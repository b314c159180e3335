/** Plans in words. */
import { describe, expect, it } from 'vitest';
import { cooperativeSticky, explain, range, sticky } from '../src/index.ts';
import { planNow, problemFor, type StickyGroup } from './sticky/group-spec.ts';

const topics = ['orders', 'refunds'];
const grown: StickyGroup = {
  topics: [
    { name: 'orders', partitions: 6 },
    { name: 'refunds', partitions: 3 },
  ],
  members: [
    { id: 'a', topics, owned: ['orders-0', 'orders-1', 'orders-2', 'orders-4', 'refunds-0'], generation: 3 },
    { id: 'b', topics, owned: ['orders-3', 'orders-5', 'refunds-1'], generation: 3 },
    { id: 'c', topics },
  ],
};

function explained(group: StickyGroup, assignor = cooperativeSticky(), limit?: number): string {
  const problem = problemFor(assignor, group);
  return explain(problem, planNow(assignor, problem), limit === undefined ? {} : { limit });
}

describe('explain', () => {
  it.each([cooperativeSticky(), sticky()])('says who gets what, what moved and why: $name', (assignor) => {
    expect(explained(grown, assignor)).toBe(
      [
        '9 partitions of 2 topics for 3 members: 6 kept, 2 moved, 1 without an owner before',
        'loads before 0 to 5, after 3 each',
        'member  before  after  partitions',
        'a       5       3      orders 0-1, refunds 0',
        'b       3       3      orders 3 5, refunds 1',
        'c       0       3      orders 2 4, refunds 2',
        'moved     from  to  why',
        'orders-2  a     c   balance: giver 5 to 3, receiver 0 to 3',
        'orders-4  a     c   balance: giver 5 to 3, receiver 0 to 3',
      ].join('\n'),
    );
  });

  it('names chains, exchanges and racks', () => {
    const chain = explained({
      topics: ['1', '2', '3', '4'].map((name) => ({ name, partitions: 1 })),
      members: [
        { id: 'x', topics: ['1', '2', '3'], owned: ['1-0', '2-0', '3-0'], generation: 1 },
        { id: 'y', topics: ['3', '4'], owned: ['4-0'], generation: 1 },
        { id: 'z', topics: ['4'] },
      ],
    });
    expect(chain).toContain('3-0    x     y   balance through others: giver 3 to 2');
    expect(chain).toContain('4-0    y     z   balance through others: receiver 0 to 1');
    const ring = ['1', '2', '3', '4'];
    const longer = explained({
      topics: ring.map((name) => ({ name, partitions: 1 })),
      members: [
        { id: 'w', topics: ['1', '2'], owned: ['1-0', '2-0'], generation: 1 },
        { id: 'x', topics: ['2', '3'], owned: ['3-0'], generation: 1 },
        { id: 'y', topics: ['3', '4'], owned: ['4-0'], generation: 1 },
        { id: 'z', topics: ['4'] },
      ],
    });
    expect(longer).toContain('3-0    x     y   exchange: makes room for another move');
    const racks = explained(
      {
        topics: [{ name: 't', partitions: 2, racks: [['r1'], ['r2']] }],
        members: [
          { id: 'x', topics: ['t'], rack: 'r1', owned: ['t-1'], generation: 1 },
          { id: 'y', topics: ['t'], rack: 'r2', owned: ['t-0'], generation: 1 },
        ],
      },
      cooperativeSticky({ racks: 'replicas' }),
    );
    expect(racks).toContain('t-0    y     x   rack: a replica is near the receiver, and none was near');
  });

  it('counts what several claim', () => {
    const owned = ['t-0'];
    const text = explained({
      topics: [{ name: 't', partitions: 1 }],
      members: ['x', 'y'].map((id) => ({ id, topics: ['t'], owned, generation: 1 })),
    });
    expect(text.split('\n')[0]).toBe(
      '1 partition of 1 topic for 2 members: 0 kept, 0 moved, 1 without an owner before, 1 of these claimed by several',
    );
    expect(text).toContain('y       0       0      nothing');
  });

  it('is short on demand, and leaves out what there is none of', () => {
    const lines = explained(grown, cooperativeSticky(), 1).split('\n');
    expect(lines).toContain('and 2 more members');
    expect(lines).toContain('and 1 more move');
    expect(explained({ members: [], topics: [] })).toBe(
      '0 partitions of 0 topics for 0 members: 0 kept, 0 moved, 0 without an owner before\n' +
        'loads before none, after none',
    );
  });

  it('stays on its lines whatever a member is called', () => {
    const text = explained({ topics: [], members: [{ id: 'a\nb\u2028\u202e', topics: [] }] });
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toContain('a\\u{a}b\\u{2028}\\u{202e}');
  });

  it('explains plans of assignors without a memory', () => {
    const problem = problemFor(cooperativeSticky(), {
      ...grown,
      members: grown.members.map(({ id }) => ({ id, topics })),
    });
    const text = explain(problem, planNow(range(), problem));
    expect(text).toContain(
      '9 partitions of 2 topics for 3 members: 0 kept, 0 moved, 9 without an owner before',
    );
    expect(text).toContain('a       0       3      orders 0-1, refunds 0');
  });
});
