/** Laws that hold for both assignors, and the formula of range, on random groups. */
import { type AssignmentPlan, type AssignmentProblem, type Assignor, validatePlan } from '@kohort/core/spi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { range, roundRobin } from '../src/index.ts';
import { assign, type MemberSpec, problemOf, STILL, type TopicSpec } from './group.ts';

const topicNames = ['a', 'b', 'c', 'd', '__proto__'];
const replicas = fc.uniqueArray(fc.nat({ max: 3 }), { maxLength: 3 });
const topicSpec = fc.oneof(fc.nat({ max: 12 }), fc.array(replicas, { maxLength: 12 }));
const memberSpec = fc.record(
  {
    topics: fc.subarray([...topicNames, 'unknown']),
    instance: fc.constantFrom('i1', 'i2', 'i10', 'I'),
    rack: fc.constantFrom('', 'r0', 'r1', 'r2', 'elsewhere'),
  },
  { requiredKeys: ['topics'] },
);
const ids = fc.constantFrom('m1', 'm2', 'm10', 'M', 'ä', '\u{1F600}', '\uE000', 'constructor', 'x');

interface Group {
  readonly members: readonly (readonly [string, MemberSpec])[];
  readonly topics: readonly (readonly [string, TopicSpec])[];
}

const groups: fc.Arbitrary<Group> = fc.record({
  members: fc.uniqueArray(fc.tuple(ids, memberSpec), { selector: ([id]) => id, minLength: 1, maxLength: 9 }),
  topics: fc.tuple(...topicNames.map((name) => fc.tuple(fc.constant(name), topicSpec))),
});

const build = ({ members, topics }: Group) =>
  problemOf(Object.fromEntries(members), Object.fromEntries(topics));

function planOf(assignor: Assignor, problem: AssignmentProblem): AssignmentPlan {
  return assignor.assign(problem, {
    signal: new AbortController().signal,
    deadlineMs: 1_000,
    clock: STILL,
  }) as AssignmentPlan;
}

/** All that a problem says, to see whether an assignor has changed it. */
function digest(problem: AssignmentProblem): string {
  const { owner, previousOwner, conflicts } = problem.owners();
  const arrays = problem.members.map(({ topics, claims }) => [[...topics], [...claims]]);
  return JSON.stringify([
    arrays,
    [...owner],
    [...previousOwner],
    [...conflicts],
    problem.members,
    problem.topics,
  ]);
}

describe.each([
  ['range', range],
  ['roundRobin', roundRobin],
] as const)('%s', (_, make) => {
  it('is complete, exclusive, subscribed, and has an entry for everybody', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const problem = build(group);
        const plan = planOf(make(), problem);
        expect(plan.partitions.length).toBe(group.members.length);
        expect(validatePlan(problem, plan)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the problem as it is, and answers the same again', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const problem = build(group);
        const before = digest(problem);
        const assignor = make();
        const first = assign(assignor, problem);
        expect(assign(assignor, problem)).toEqual(first);
        expect(digest(problem)).toBe(before);
      }),
      { numRuns: 100 },
    );
  });

  it('does not depend on the order of members, topics and subscriptions', () => {
    const shuffled = groups.chain((group) =>
      fc.record({
        group: fc.constant(group),
        members: fc.shuffledSubarray([...group.members], { minLength: group.members.length }),
        topics: fc.shuffledSubarray([...group.topics], { minLength: group.topics.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ group, members, topics }) => {
        const backwards = members.map(
          ([id, spec]) => [id, { ...spec, topics: [...spec.topics].reverse() }] as const,
        );
        expect(assign(make(), build({ members: backwards, topics }))).toEqual(assign(make(), build(group)));
      }),
      { numRuns: 200 },
    );
  });

  it('renames with its members, if their order stays', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const rename = (id: string) => `p${id}`;
        const renamed = group.members.map(([id, spec]) => [rename(id), spec] as const);
        const plan = Object.entries(assign(make(), build(group)));
        expect(assign(make(), build({ ...group, members: renamed }))).toEqual(
          Object.fromEntries(plan.map(([id, partitions]) => [rename(id), partitions])),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('gives static members the same under new member ids', () => {
    const statics = fc.record({
      count: fc.integer({ min: 1, max: 6 }),
      topics: fc.tuple(...topicNames.map((name) => fc.tuple(fc.constant(name), fc.nat({ max: 9 })))),
      ids: fc.shuffledSubarray(['p', 'q', 'r', 's', 't', 'u'], { minLength: 6 }),
    });
    fc.assert(
      fc.property(statics, ({ count, topics, ids: newIds }) => {
        const generation = (names: readonly string[]) => {
          const members = names
            .slice(0, count)
            .map((id, i) => [id, { topics: topicNames, instance: `i${i}` }] as const);
          const plan = assign(make(), build({ members, topics }));
          return names.slice(0, count).map((id) => plan[id]);
        };
        expect(generation(newIds)).toEqual(generation(['p', 'q', 'r', 's', 't', 'u']));
      }),
      { numRuns: 100 },
    );
  });

  it('spreads evenly where all subscribe to the same', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const members = group.members.map(([id, spec]) => [id, { ...spec, topics: ['a'] }] as const);
        const sizes = Object.values(assign(make(), build({ ...group, members }))).map(
          (partitions) => partitions.length,
        );
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });
});

describe('range', () => {
  it('without racks: member i of c has partitions from i·⌊n/c⌋ + min(i, n mod c), one more among the first n mod c', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const members = group.members.map(([id, { rack: _, ...spec }]) => [id, spec] as const);
        const problem = build({ ...group, members });
        const plan = assign(range(), problem);
        const key = ({ memberId, groupInstanceId }: (typeof problem.members)[number]) =>
          groupInstanceId === undefined ? `1${memberId}` : `0${groupInstanceId}\u0000${memberId}`;
        for (const [t, { name, partitionCount }] of problem.topics.entries()) {
          const subscribers = problem.members
            .filter(({ topics }) => topics.includes(t))
            .sort((a, b) => (key(a) < key(b) ? -1 : 1));
          const base = Math.floor(partitionCount / subscribers.length);
          const extra = partitionCount % subscribers.length;
          for (const [i, { memberId }] of subscribers.entries()) {
            const start = i * base + Math.min(i, extra);
            const expected = Array.from(
              { length: base + (i < extra ? 1 : 0) },
              (_, p) => `${name}-${start + p}`,
            );
            expect(plan[memberId]?.filter((partition) => partition.startsWith(`${name}-`))).toEqual(expected);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('balances every topic by itself, racks or not', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const problem = build(group);
        const plan = planOf(range(), problem);
        for (const [t, { partitionCount }] of problem.topics.entries()) {
          const sizes = problem.members.flatMap(({ topics }, m) =>
            topics.includes(t)
              ? [plan.partitions[m]?.filter((p) => problem.topicOf(p) === t).length ?? 0]
              : [],
          );
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(partitionCount);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps equal numbers of topics with equal counts and subscribers on one member, racks or not', () => {
    const twins = fc.record({
      members: fc.uniqueArray(fc.tuple(ids, memberSpec), {
        selector: ([id]) => id,
        minLength: 1,
        maxLength: 6,
      }),
      topics: fc.nat({ max: 10 }).chain((size) => {
        const placed = fc.array(replicas, { minLength: size, maxLength: size });
        return fc.tuple(fc.tuple(fc.constant('a'), placed), fc.tuple(fc.constant('b'), placed));
      }),
    });
    fc.assert(
      fc.property(twins, ({ members, topics }) => {
        const both = members.map(([id, spec]) => [id, { ...spec, topics: ['a', 'b'] }] as const);
        for (const partitions of Object.values(assign(range(), build({ members: both, topics })))) {
          const numbers = (topic: string) =>
            partitions.filter((p) => p.startsWith(topic)).map((p) => p.slice(2));
          expect(numbers('a')).toEqual(numbers('b'));
        }
      }),
      { numRuns: 200 },
    );
  });
});
