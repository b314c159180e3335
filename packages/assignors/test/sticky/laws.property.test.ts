/** Laws of sticky assignment that need no oracle: on random groups, with shrinking. */
import { deferMoves, validatePlan } from '@kohort/core/spi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cooperativeSticky, sticky } from '../../src/index.ts';
import {
  after,
  planNow,
  planOf,
  problemFor,
  readable,
  type StickyGroup,
  type StickyMember,
} from './group-spec.ts';

type Plan = Record<string, string[]>;

const topicNames = ['a', 'b', 'c', '__proto__', 'e'];
const racks = ['r1', 'r2', 'r3'];
const claim = fc
  .tuple(fc.constantFrom(...topicNames, 'gone'), fc.nat({ max: 9 }))
  .map(([t, p]) => `${t}-${p}`);
const memberArbitrary = fc.record(
  {
    topics: fc.subarray([...topicNames, 'unknown']),
    owned: fc.uniqueArray(claim, { maxLength: 8 }),
    generation: fc.constantFrom(-1, 1, 2),
    rack: fc.constantFrom(...racks),
  },
  { requiredKeys: ['topics'] },
);
const ids = fc.constantFrom('m1', 'm2', 'm10', 'M', 'ä', '\u{1F600}', '\uE000', 'constructor', '__proto__');

/** Exactly these members. */
const groupWith = (least: number, most: number, member: fc.Arbitrary<Omit<StickyMember, 'id'>>) =>
  fc.record({
    members: fc
      .uniqueArray(fc.tuple(ids, member), { selector: ([id]) => id, minLength: least, maxLength: most })
      .map((members) => members.map(([id, spec]): StickyMember => ({ id, ...spec }))),
    topics: fc.tuple(
      ...topicNames.map((name) =>
        fc.nat({ max: 9 }).chain((partitions) =>
          fc.record({
            name: fc.constant(name),
            partitions: fc.constant(partitions),
            racks: fc.array(fc.subarray(racks), { minLength: partitions, maxLength: partitions }),
          }),
        ),
      ),
    ),
  });

const groups: fc.Arbitrary<StickyGroup> = groupWith(1, 8, memberArbitrary);
/** All members subscribe to the same, and nobody has claimed anything. */
const freshUniform: fc.Arbitrary<StickyGroup> = groupWith(2, 8, fc.constant({ topics: topicNames }));

const sizes = (plan: Plan) => Object.values(plan).map((units) => units.length);

const claimsOf = ({ members }: StickyGroup): Plan =>
  Object.fromEntries(members.map(({ id, owned = [] }) => [id, [...owned]]));

/** Partitions that are at another member than before. */
function moved(before: Plan, now: Plan): { unit: string; from: string; to: string }[] {
  const holder = new Map(Object.entries(before).flatMap(([id, units]) => units.map((unit) => [unit, id])));
  return Object.entries(now).flatMap(([to, units]) =>
    units.flatMap((unit) => {
      const from = holder.get(unit);
      return from === undefined || from === to ? [] : [{ unit, from, to }];
    }),
  );
}

const runs = { numRuns: 60 };

describe.each([
  ['sticky', () => sticky()],
  ['cooperativeSticky', () => cooperativeSticky()],
  ['cooperativeSticky, racks of replicas', () => cooperativeSticky({ racks: 'replicas' })],
  ['sticky, racks of leaders', () => sticky({ racks: 'leader' })],
] as const)('%s', (_, make) => {
  it('is complete, exclusive, subscribed, ascending, and has an entry for everybody', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const problem = problemFor(make(), group);
        const plan = planNow(make(), problem);
        expect(plan.partitions.length).toBe(group.members.length);
        expect(validatePlan(problem, plan)).toEqual([]);
        for (const units of plan.partitions) expect([...units]).toEqual([...units.toSorted()]);
      }),
      runs,
    );
  });

  it('leaves the problem as it is, and answers the same again', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const assignor = make();
        const problem = problemFor(assignor, group);
        const digest = () =>
          JSON.stringify([
            problem.members,
            problem.topics,
            [...problem.owners().owner],
            [...problem.owners().conflicts],
          ]);
        const before = digest();
        const first = readable(problem, planNow(assignor, problem));
        expect(readable(problem, planNow(assignor, problem))).toEqual(first);
        expect(digest()).toBe(before);
      }),
      runs,
    );
  });

  it('does not depend on the order of members, topics, subscriptions and claims', () => {
    const shuffled = groups.chain((group) =>
      fc.record({
        group: fc.constant(group),
        members: fc.shuffledSubarray([...group.members], { minLength: group.members.length }),
        topics: fc.shuffledSubarray([...group.topics], { minLength: group.topics.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ group, members, topics }) => {
        const backwards = members.map((member) => ({
          ...member,
          topics: [...member.topics].reverse(),
          owned: [...(member.owned ?? [])].reverse(),
        }));
        expect(planOf(make(), { members: backwards, topics })).toEqual(planOf(make(), group));
      }),
      runs,
    );
  });

  it('renames with members and topics, if their order stays', () => {
    const member = (id: string) => `p${id}`;
    const unit = (name: string) => `x${name}`;
    fc.assert(
      fc.property(groups, (group) => {
        const renamed: StickyGroup = {
          topics: group.topics.map((topic) => ({ ...topic, name: unit(topic.name) })),
          members: group.members.map((spec) => ({
            ...spec,
            id: member(spec.id),
            topics: spec.topics.map(unit),
            owned: (spec.owned ?? []).map(unit),
          })),
        };
        const plan = Object.entries(planOf(make(), group)).map(([id, units]) => [
          member(id),
          units.map(unit),
        ]);
        expect(planOf(make(), renamed)).toEqual(Object.fromEntries(plan));
      }),
      runs,
    );
  });

  it('moves nothing when asked again', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const plan = planOf(make(), group);
        expect(planOf(make(), after(group, plan, 3))).toEqual(plan);
      }),
      runs,
    );
  });
});

describe('changes of a group whose members all subscribe to the same', () => {
  it('a newcomer only receives, and the most loaded are not more loaded', () => {
    fc.assert(
      fc.property(freshUniform, fc.constantFrom('0', 'n', 'zz'), (group, id) => {
        const plan = planOf(cooperativeSticky(), group);
        const settled = after(group, plan, 1);
        const grown = { ...settled, members: [...settled.members, { id, topics: topicNames }] };
        const next = planOf(cooperativeSticky(), grown);
        for (const { to } of moved(plan, next)) expect(to).toBe(id);
        expect(Math.max(...sizes(next))).toBeLessThanOrEqual(Math.max(...sizes(plan)));
      }),
    );
  });

  it('when one leaves, only its partitions change hands', () => {
    fc.assert(
      fc.property(freshUniform, fc.nat(), (group, leaver) => {
        const plan = planOf(cooperativeSticky(), group);
        const gone = group.members[leaver % group.members.length]?.id;
        const settled = after(group, plan, 1);
        const members = settled.members.filter(({ id }) => id !== gone);
        const next = planOf(cooperativeSticky(), { ...settled, members });
        for (const { from } of moved(plan, next)) expect(from).toBe(gone);
      }),
    );
  });

  it('new partitions move none of the others', () => {
    fc.assert(
      fc.property(freshUniform, fc.integer({ min: 1, max: 9 }), (group, more) => {
        const plan = planOf(cooperativeSticky(), group);
        const settled = after(group, plan, 1);
        const topics = settled.topics.map((topic) => ({ ...topic, partitions: topic.partitions + more }));
        expect(moved(plan, planOf(cooperativeSticky(), { ...settled, topics }))).toEqual([]);
      }),
    );
  });

  it('topics are spread: no member has all of one while another has all of the other', () => {
    const topics = ['a', 'b'].map((name) => ({ name, partitions: 8 }));
    const alone = { members: [{ id: '1', topics: ['a', 'b'] }], topics };
    const settled = after(alone, planOf(cooperativeSticky(), alone), 1);
    const joined = { topics, members: [...settled.members, { id: '2', topics: ['a', 'b'] }] };
    for (const units of Object.values(planOf(cooperativeSticky(), joined))) {
      expect(units.filter((unit) => unit.startsWith('a')).length).toBe(4);
    }
  });
});

describe('racks', () => {
  const everywhere = (group: StickyGroup): StickyGroup => ({
    ...group,
    topics: group.topics.map((topic) => ({
      ...topic,
      racks: Array.from({ length: topic.partitions }, () => racks),
    })),
  });
  const nowhere = ({ topics, members }: StickyGroup): StickyGroup => ({
    topics,
    members: members.map(({ rack: _, ...member }) => member),
  });

  it.each([
    ['all partitions are in all racks', everywhere],
    ['no member has one', nowhere],
  ])('change nothing where %s', (_, change) => {
    fc.assert(
      fc.property(groups.map(change), (group) => {
        const off = planOf(cooperativeSticky(), group);
        expect(planOf(cooperativeSticky({ racks: 'replicas' }), group)).toEqual(off);
      }),
      runs,
    );
  });

  it('never cost balance', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const loads = (plan: Plan) => sizes(plan).sort((a, b) => a - b);
        const near = planOf(sticky({ racks: 'leader' }), group);
        expect(loads(near)).toEqual(loads(planOf(sticky(), group)));
      }),
      runs,
    );
  });
});

describe('cooperative hand-over', () => {
  /** What a member is given without having claimed it, although others do. */
  const unsafe = ({ members }: StickyGroup, given: Plan): string[] =>
    members.flatMap(({ id, owned = [] }) =>
      (given[id] ?? []).filter(
        (unit) =>
          !owned.includes(unit) && members.some((other) => other.id !== id && other.owned?.includes(unit)),
      ),
    );

  it('gives nobody what another claims, and settles after two rounds that move data', () => {
    fc.assert(
      fc.property(groups, (group) => {
        const assignor = cooperativeSticky();
        const target = sizes(planOf(assignor, group)).sort();
        let now = group;
        const deferrals: number[] = [];
        for (const generation of [10, 11, 12]) {
          const problem = problemFor(assignor, now);
          const { plan, deferred } = deferMoves(problem, planNow(assignor, problem));
          const given = readable(problem, plan);
          expect(unsafe(now, given)).toEqual([]);
          if (generation === 12) expect(moved(claimsOf(now), given)).toEqual([]);
          deferrals.push(deferred.length);
          now = after(now, given, generation);
        }
        expect(deferrals.slice(1)).toEqual([0, 0]);
        expect(sizes(claimsOf(now)).sort()).toEqual(target);
      }),
      { numRuns: 300 },
    );
  });

  it('a stale claim is waited for, although the partition goes back to its owner (A4)', () => {
    const assignor = cooperativeSticky();
    const group: StickyGroup = {
      topics: [{ name: 't', partitions: 1 }],
      members: [
        { id: 'A', topics: ['t'], owned: ['t-0'], generation: 1 },
        { id: 'B', topics: ['other'], owned: ['t-0'], generation: 2 },
      ],
    };
    const problem = problemFor(assignor, group);
    const plan = planNow(assignor, problem);
    expect(readable(problem, plan)).toEqual({ A: ['t-0'], B: [] });
    expect([...deferMoves(problem, plan).deferred]).toEqual([0]);
  });
});
