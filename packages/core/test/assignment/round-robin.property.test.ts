/** Round robin against a literal ring, and the laws of every assignor: lawful, deterministic, blind to order. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deferMoves } from '../../src/assignment/deferral.ts';
import { fallbackSteps } from '../../src/assignment/fallback-plan.ts';
import { buildProblem } from '../../src/assignment/problem.ts';
import { runToEnd } from '../../src/assignment/steps.ts';
import { validatePlan } from '../../src/assignment/validate-plan.ts';
import type { AssignmentPlan, AssignmentProblem } from '../../src/contracts/assignor.ts';
import { roundRobin } from '../../src/runtime/round-robin.ts';
import { cluster, member, readable, STILL } from './group.ts';

const topicNames = ['a', 'b', 'c', 'd', '__proto__'];
const sizes = fc.array(fc.nat({ max: 7 }), { minLength: topicNames.length, maxLength: topicNames.length });
const spec = fc.record(
  {
    topics: fc.subarray(topicNames),
    owned: fc.uniqueArray(
      fc.tuple(fc.constantFrom(...topicNames), fc.nat({ max: 8 })).map(([t, p]) => `${t}-${p}`),
      { maxLength: 6 },
    ),
    generation: fc.integer({ min: -1, max: 3 }),
    instance: fc.constantFrom('i1', 'i2', 'i3', 'i4'),
  },
  { requiredKeys: ['topics', 'owned', 'generation'] },
);
const ids = fc.constantFrom('m1', 'm2', 'm10', 'M', 'ä', '\u{1F600}', '\uE000', 'constructor');
const groups = fc
  .tuple(fc.uniqueArray(fc.tuple(ids, spec), { selector: ([id]) => id, minLength: 1, maxLength: 8 }), sizes)
  .map(([members, counts]) => ({
    joined: members.map(([id, s]) => member(id, s)),
    cluster: cluster(topicNames.map((name, i) => [name, counts[i] ?? 0] as const)),
  }));

function assign(problem: AssignmentProblem): AssignmentPlan {
  return roundRobin().assign(problem, {
    signal: new AbortController().signal,
    deadlineMs: 1000,
    clock: STILL,
  }) as AssignmentPlan;
}

/** The rule as Kafka's documentation puts it, one step at a time. */
function literalRing(problem: AssignmentProblem): Record<string, string[]> {
  const key = (i: number) => problem.members[i];
  const ring = problem.members
    .map((_, i) => i)
    .sort((a, b) => {
      const [x, y] = [key(a)?.groupInstanceId, key(b)?.groupInstanceId];
      if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1;
      const [left, right] = [x ?? key(a)?.memberId ?? '', y ?? key(b)?.memberId ?? ''];
      return left < right ? -1 : left > right ? 1 : a - b;
    });
  const plan = new Map<string, string[]>(problem.members.map(({ memberId }) => [memberId, []]));
  let at = 0;
  for (const [t, { name, partitionCount }] of problem.topics.entries()) {
    for (let p = 0; p < partitionCount; p++) {
      while (!key(ring[at % ring.length] ?? 0)?.topics.includes(t)) at++;
      plan.get(key(ring[at % ring.length] ?? 0)?.memberId ?? '')?.push(`${name}-${p}`);
      at++;
    }
  }
  return Object.fromEntries(plan);
}

it('walks the ring', () => {
  fc.assert(
    fc.property(groups, ({ joined, cluster: known }) => {
      const { problem } = buildProblem(joined, known);
      expect(readable(problem, assign(problem))).toEqual(literalRing(problem));
    }),
    { numRuns: 300 },
  );
});

it('is lawful, and so is the fallback, whatever members claim', () => {
  fc.assert(
    fc.property(groups, ({ joined, cluster: known }) => {
      const { problem } = buildProblem(joined, known);
      expect(validatePlan(problem, assign(problem))).toEqual([]);
      expect(validatePlan(problem, runToEnd(fallbackSteps(problem)))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it('does not depend on the order of members, topics, subscriptions and claims', () => {
  const shuffled = groups.chain((group) =>
    fc.tuple(
      fc.constant(group),
      fc.shuffledSubarray(group.joined, { minLength: group.joined.length }),
      fc.shuffledSubarray([...group.cluster.topics], { minLength: topicNames.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([group, joined, topics]) => {
      const one = buildProblem(group.joined, group.cluster);
      const other = buildProblem(joined, { ...group.cluster, topics });
      expect(readable(other.problem, assign(other.problem))).toEqual(
        readable(one.problem, assign(one.problem)),
      );
      expect(readable(other.problem, runToEnd(fallbackSteps(other.problem)))).toEqual(
        readable(one.problem, runToEnd(fallbackSteps(one.problem))),
      );
    }),
    { numRuns: 200 },
  );
});

it('deferral never gives a member what another claims, and never takes from an undisputed owner', () => {
  fc.assert(
    fc.property(groups, ({ joined, cluster: known }) => {
      const { problem } = buildProblem(joined, known);
      const wanted = assign(problem);
      const { plan, deferred } = deferMoves(problem, wanted);
      const held = new Set(deferred);
      for (const [m, partitions] of plan.partitions.entries()) {
        for (const p of partitions) {
          const rivals = problem.members.filter((other, i) => i !== m && other.claims.includes(p));
          const own = problem.members[m]?.claims.includes(p)
            ? (problem.members[m]?.generationId ?? -1)
            : Number.NEGATIVE_INFINITY;
          expect(rivals.every((rival) => rival.generationId < own)).toBe(true);
        }
        const kept = wanted.partitions[m]?.filter((p) => problem.owners().owner[p] === m) ?? new Int32Array();
        expect(kept.every((p) => partitions.includes(p))).toBe(true);
        expect([...partitions, ...(wanted.partitions[m]?.filter((p) => held.has(p)) ?? [])].sort()).toEqual(
          [...(wanted.partitions[m] ?? [])].sort(),
        );
      }
    }),
    { numRuns: 200 },
  );
});
