/** The engine ends, within a bound of steps: counted, not timed. */
import type { AssignmentProblem, Steps } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { cooperativeSticky } from '../../src/index.ts';
import { solve } from '../../src/sticky/engine/solve.ts';
import { racksOf } from '../../src/sticky/racks.ts';
import { randomGroup } from './generated-groups.ts';
import { problemFor, type StickyGroup } from './group-spec.ts';
import { Random } from './random.ts';

function runOut<T>(steps: Steps<T>, most: number): { readonly result: T; readonly taken: number } {
  for (let taken = 0; taken < most; taken++) {
    const step = steps.next();
    if (step.done === true) return { result: step.value, taken };
  }
  throw new Error(`not done after ${most} steps`);
}

function solved(problem: AssignmentProblem) {
  const { result: racks } = runOut(racksOf(problem, 'replicas'), 1_000);
  const input = {
    memberCount: problem.members.length,
    topicBase: Int32Array.from([...problem.topics.map(({ base }) => base), problem.partitionCount]),
    memberTopics: problem.members.map(({ topics }) => topics),
    owner: problem.owners().owner,
    ...(racks === undefined ? {} : { racks }),
  };
  // Table and answer take a step or two for each topic, balance and repair as many as they change things.
  const { members, topics, partitionCount } = problem;
  return runOut(solve(input), 100 + 20 * (partitionCount + members.length + topics.length) * members.length);
}

/** Member m subscribes to topic m and the one before; everything is held at one end. */
function chain(length: number): StickyGroup {
  const names = Array.from({ length }, (_, i) => `t${i.toString().padStart(4, '0')}`);
  return {
    topics: names.map((name, i) => ({ name, partitions: i === 0 ? length : 1 })),
    members: names.map((name, m) => {
      const first = Array.from({ length }, (_, p) => `${names[0]}-${p}`);
      return {
        id: `m${m.toString().padStart(4, '0')}`,
        topics: [name, names[m - 1] ?? name],
        owned: m === 0 ? first : [`${name}-0`],
        generation: 1,
      };
    }),
  };
}

describe('the engine', () => {
  it('S45 R7 random unequal subscriptions: changes things at most once for each partition and member', () => {
    let changes = 0;
    for (let seed = 1; seed <= 500; seed++) {
      const group = randomGroup(new Random(seed), { members: 12, topics: 12, perTopic: 9, partitions: 60 });
      const problem = problemFor(cooperativeSticky(), group);
      const { shifts, cancelled } = solved(problem).result;
      expect(shifts + cancelled).toBeLessThanOrEqual(problem.partitionCount * problem.members.length);
      changes += shifts + cancelled;
    }
    expect(changes).toBeGreaterThan(500);
  });

  it('S73 R7 five members, two topics, unequal subscriptions and claims: ends within the bound, whatever is claimed', () => {
    const subscriptions = [['a'], ['b'], ['a', 'b']];
    const units = ['a', 'b'].flatMap((topic) => Array.from({ length: 5 }, (_, p) => `${topic}-${p}`));
    const random = new Random(73);
    for (let n = 0; n < 2_000; n++) {
      const members = ['m1', 'm2', 'm3', 'm4', 'm5'].map((id) => ({
        id,
        topics: subscriptions[random.below(3)] ?? [],
        owned: units.filter(() => random.below(4) === 0),
        generation: random.below(3),
      }));
      const group = { topics: ['a', 'b'].map((name) => ({ name, partitions: 5 })), members };
      const problem = problemFor(cooperativeSticky(), group);
      const { shifts, cancelled } = solved(problem).result;
      expect(shifts + cancelled).toBeLessThanOrEqual(problem.partitionCount * members.length);
    }
  });

  it.each([10, 40, 160])('ends for a chain of %i members with everything at one end', (length) => {
    const problem = problemFor(cooperativeSticky(), chain(length));
    const { result, taken } = solved(problem);
    expect(result.shifts + result.cancelled).toBeLessThanOrEqual(problem.partitionCount * length);
    expect(result.shifts).toBeGreaterThan(2);
    expect(taken).toBeGreaterThan(length);
  });
});
