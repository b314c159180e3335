/** Round robin against Java's rules, spelled out by hand. */
import { describe, expect, it } from 'vitest';
import { memberOrder } from '../../src/assignment/member-order.ts';
import type { AssignmentPlan } from '../../src/contracts/assignor.ts';
import { roundRobin } from '../../src/runtime/round-robin.ts';
import { type MemberSpec, problemOf, readable, STILL } from './group.ts';

function assign(members: Record<string, MemberSpec>, topics: readonly (readonly [string, number])[]) {
  const problem = problemOf(members, topics);
  const plan = roundRobin().assign(problem, {
    signal: new AbortController().signal,
    deadlineMs: 1000,
    clock: STILL,
  });
  return readable(problem, plan as AssignmentPlan);
}

const on = (...topics: string[]): MemberSpec => ({ topics });

describe('roundRobin', () => {
  it('is named as in Java, eager, and can take the name that kafkajs uses', () => {
    expect(roundRobin()).toMatchObject({ name: 'roundrobin', protocols: ['eager'], contractVersion: 1 });
    expect(roundRobin({ as: 'RoundRobinAssigner' }).name).toBe('RoundRobinAssigner');
  });

  it.each([
    ['one member without a topic', { c: on() }, [['t', 1]], { c: [] }],
    ['one member, a topic that does not exist', { c: on('nope') }, [['t', 1]], { c: [] }],
    ['one member, one topic', { c: on('t') }, [['t', 3]], { c: ['t-0', 't-1', 't-2'] }],
    [
      'only subscribed topics',
      { c: on('t') },
      [
        ['t', 1],
        ['u', 3],
      ],
      { c: ['t-0'] },
    ],
    [
      'one member, two topics',
      { c: on('u', 't') },
      [
        ['t', 1],
        ['u', 2],
      ],
      { c: ['t-0', 'u-0', 'u-1'] },
    ],
    ['two members, one partition', { d: on('t'), c: on('t') }, [['t', 1]], { c: ['t-0'], d: [] }],
    ['two members, two partitions', { d: on('t'), c: on('t') }, [['t', 2]], { c: ['t-0'], d: ['t-1'] }],
    [
      'the cursor goes on from topic to topic',
      { c: on('t', 'u'), d: on('t', 'u') },
      [
        ['t', 3],
        ['u', 3],
      ],
      { c: ['t-0', 't-2', 'u-1'], d: ['t-1', 'u-0', 'u-2'] },
    ],
    [
      'unequal subscriptions skip members that do not subscribe',
      { c1: on('t1'), c2: on('t1', 't2'), c3: on('t1') },
      [
        ['t1', 3],
        ['t2', 2],
      ],
      { c1: ['t1-0'], c2: ['t1-1', 't2-0', 't2-1'], c3: ['t1-2'] },
    ],
    [
      'KIP-54 example: few topics for one, many for another',
      { c0: on('t0'), c1: on('t0', 't1'), c2: on('t0', 't1', 't2') },
      [
        ['t0', 1],
        ['t1', 2],
        ['t2', 3],
      ],
      { c0: ['t0-0'], c1: ['t1-0'], c2: ['t1-1', 't2-0', 't2-1', 't2-2'] },
    ],
    [
      'partition 10 comes after 2',
      { a: on('t'), b: on('t') },
      [['t', 12]],
      { a: ['t-0', 't-2', 't-4', 't-6', 't-8', 't-10'], b: ['t-1', 't-3', 't-5', 't-7', 't-9', 't-11'] },
    ],
    [
      'static members first, by instance id',
      { a: on('t'), z1: { topics: ['t'], instance: 'i2' }, z2: { topics: ['t'], instance: 'i1' } },
      [['t', 3]],
      { z2: ['t-0'], z1: ['t-1'], a: ['t-2'] },
    ],
    [
      'names of JavaScript objects',
      { constructor: on('__proto__'), toString: on('__proto__') },
      [['__proto__', 2]],
      { constructor: ['__proto__-0'], toString: ['__proto__-1'] },
    ],
  ] as const)('%s', (_, members, topics, expected) => {
    expect(assign(members as Record<string, MemberSpec>, topics)).toEqual(expected);
  });

  it.each([
    ['A first', ['A', 'B', 'C']],
    ['C first', ['C', 'B', 'A']],
  ])(
    'S74 I17 unequal subscriptions (%s): ends, and each topic is spread over its subscribers',
    (_, names) => {
      const members = { m1: on('A'), m2: on('A'), m3: on('B'), m4: on('B', 'C') };
      const plan = assign(
        members,
        names.map((name) => [name, 45] as const),
      );
      const count = (id: string, topic: string) => plan[id]?.filter((unit) => unit.startsWith(topic)).length;
      expect([count('m1', 'A'), count('m2', 'A')].sort()).toEqual([22, 23]);
      expect([count('m3', 'B'), count('m4', 'B')].sort()).toEqual([22, 23]);
      expect(count('m4', 'C')).toBe(45);
      expect(Object.values(plan).flat()).toHaveLength(3 * 45);
    },
  );

  it('gives static members the same partitions under new member ids', () => {
    const topics = [
      ['t', 5],
      ['u', 4],
    ] as const;
    const generation = (ids: readonly string[]) =>
      assign(
        Object.fromEntries(ids.map((id, i) => [id, { topics: ['t', 'u'], instance: `instance-${i}` }])),
        topics,
      );
    const before = generation(['x', 'y', 'z']);
    const after = generation(['c', 'a', 'b']);
    expect([after.c, after.a, after.b]).toEqual([before.x, before.y, before.z]);
  });
});

describe('memberOrder', () => {
  it('is a total order where static and dynamic members mix', () => {
    const problem = problemOf(
      {
        a: { topics: [], instance: 'z' },
        b: on(),
        c: { topics: [], instance: 'a' },
        d: { topics: [], instance: '\uE000' },
        e: { topics: [], instance: '\u{1F600}' },
      },
      [],
    );
    const order = Array.from(memberOrder(problem), (i) => problem.members[i]?.memberId);
    expect(order).toEqual(['c', 'a', 'e', 'd', 'b']);
  });
});
