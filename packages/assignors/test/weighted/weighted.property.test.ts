/** What `weighted` promises, for groups of any weights and capacities. */
import {
  type AssignmentPlan,
  type AssignmentProblem,
  buildProblem,
  encodeSubscription,
  systemClock,
  type TopicPartition,
  validatePlan,
} from '@kohort/core/spi';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { weighted } from '../../src/index.ts';

interface Group {
  readonly sizes: readonly number[];
  readonly weights: readonly number[];
  readonly capacities: readonly number[];
  /** By member: the topics that it does without. */
  readonly without: readonly (readonly number[])[];
}

const TOLERANCE = 0.1;
const positive = fc.constantFrom(0.5, 1, 2, 3, 10, 40);
const groups = (isUniform: boolean): fc.Arbitrary<Group> =>
  fc
    .tuple(fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 6 }))
    .chain(([sizes, members]) =>
      fc.record({
        sizes: fc.constant(sizes),
        weights: fc.array(positive, { minLength: sizes.length, maxLength: sizes.length }),
        capacities: fc.array(positive, { minLength: members, maxLength: members }),
        without: fc.array(isUniform ? fc.constant<number[]>([]) : fc.subarray([...sizes.keys()]), {
          minLength: members,
          maxLength: members,
        }),
      }),
    );

const topicName = (t: number) => `t${t}`;
const clusterOf = ({ sizes }: Group) => ({
  brokers: [],
  topics: sizes.map((size, t) => ({
    errorCode: 0,
    name: topicName(t),
    internal: false,
    partitions: Array.from({ length: size }, (_, partition) => ({
      partition,
      errorCode: 0,
      leader: 0,
      leaderEpoch: 0,
      replicas: [0],
    })),
  })),
});

function problemOf(
  group: Group,
  owned: readonly (readonly TopicPartition[])[] = [],
  isReversed = false,
): AssignmentProblem {
  const { sizes, weights, capacities, without } = group;
  const weightOf = (topic: string) => weights[Number(topic.slice(1))] ?? 0;
  const joined = capacities.map((capacity, m) => {
    const topics = [...sizes.keys()].filter((t) => !without[m]?.includes(t)).map(topicName);
    const own = { topics, generationId: 3, owned: owned[m] ?? [] };
    const { userData } = weighted({ capacity, weightOf });
    const metadata = encodeSubscription({ ...own, userData: userData?.write(own) ?? null, rackId: null });
    return { memberId: `m${m}`, metadata };
  });
  return buildProblem(isReversed ? joined.reverse() : joined, clusterOf(group), weighted().userData).problem;
}

const { signal } = new AbortController();
/** Time stands still, so that plans come at once. */
const still = { ...systemClock, monotonic: () => 0 };
const assign = (problem: AssignmentProblem) =>
  weighted({ tolerance: TOLERANCE }).assign(problem, {
    signal,
    deadlineMs: 5_000,
    clock: still,
  }) as AssignmentPlan;
const adopted = (problem: AssignmentProblem, { partitions }: AssignmentPlan) =>
  partitions.map((flatIds) => Array.from(flatIds, (flatId) => problem.partition(flatId)));
const sorted = ({ partitions }: AssignmentPlan) =>
  partitions.map((flatIds) => [...flatIds].sort((a, b) => a - b));

it('is lawful, the same in any order of arrival, and moves nothing when asked again', () => {
  fc.assert(
    fc.property(groups(false), (group) => {
      const problem = problemOf(group);
      const plan = assign(problem);
      expect(validatePlan(problem, plan)).toEqual([]);
      expect(sorted(assign(problemOf(group, [], true)))).toEqual(sorted(plan));
      expect(sorted(assign(problemOf(group, adopted(problem, plan))))).toEqual(sorted(plan));
    }),
    { numRuns: 400 },
  );
});

it('keeps loads within the bound where all subscribe to the same, also when the weights have changed', () => {
  fc.assert(
    fc.property(groups(true), fc.array(positive, { minLength: 4, maxLength: 4 }), (group, later) => {
      const before = problemOf(group);
      const plan = assign(before);
      requireBound(group, before, plan);
      const changed = { ...group, weights: group.weights.map((_, t) => later[t] ?? 1) };
      const problem = problemOf(changed, adopted(before, plan));
      requireBound(changed, problem, assign(problem));
    }),
    { numRuns: 400 },
  );
});

function requireBound(
  { weights, capacities }: Group,
  problem: AssignmentProblem,
  plan: AssignmentPlan,
): void {
  const weightOf = (flatId: number) => weights[Number(problem.partition(flatId).topic.slice(1))] ?? 0;
  const all = Array.from({ length: problem.partitionCount }, (_, flatId) => weightOf(flatId));
  const total = all.reduce((sum, weight) => sum + weight, 0);
  const share = total / capacities.reduce((sum, capacity) => sum + capacity, 0);
  const step = Math.max(0, ...all) / Math.min(...capacities);
  const bound = Math.max(share * (1 + TOLERANCE), share + step);
  // A weight of a hundredth of the average counts as one, and weights are rounded to thousandths of the average.
  const rounding = 1.02;
  for (const [m, flatIds] of plan.partitions.entries()) {
    const load = flatIds.reduce((sum, flatId) => sum + weightOf(flatId), 0);
    expect(load / (capacities[m] ?? 1)).toBeLessThanOrEqual(bound * rounding);
  }
}

it('moves nothing while loads are within the tolerance', () => {
  const group = { sizes: [20], weights: [1], capacities: [1, 1], without: [[], []] };
  const named = (from: number, end: number) =>
    Array.from({ length: end - from }, (_, i) => ({ topic: 't0', partition: from + i }));
  const kept = [named(0, 11), named(11, 20)];
  expect(assign(problemOf(group, kept)).partitions.map(({ length }) => length)).toEqual([11, 9]);
  const tilted = [named(0, 13), named(13, 20)];
  expect(assign(problemOf(group, tilted)).partitions.map(({ length }) => length)).toEqual([11, 9]);
});
