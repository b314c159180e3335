/** What hangs in the museum: assignors that look right, each with the law that it breaks. */
import { type AssignmentPlan, type AssignmentProblem, type Assignor, defineAssignor } from '@kohort/core/spi';
import type { AssignorConformanceOptions } from '../../../src/index.ts';

export interface Exhibit {
  /** What is wrong, as a sentence about the assignor. */
  readonly fault: string;
  /** Name of the law that has to catch it. */
  readonly law: string;
  /** What it promises, wrongly. */
  readonly promises?: AssignorConformanceOptions;
  readonly make: () => Assignor;
}

type Assign = Assignor['assign'];

interface Particulars extends Partial<Pick<Assignor, 'protocols' | 'userData'>> {
  readonly promises?: AssignorConformanceOptions;
}

export function exhibit(law: string, fault: string, assign: Assign, particulars: Particulars = {}): Exhibit {
  return exhibitWithMemory(law, fault, () => assign, particulars);
}

/** @param newAssign makes the function of each instance, which may remember things */
export function exhibitWithMemory(
  law: string,
  fault: string,
  newAssign: () => Assign,
  { promises = {}, ...parts }: Particulars = {},
): Exhibit {
  return {
    law,
    fault,
    promises,
    make: () => defineAssignor({ name: 'exhibit', protocols: ['eager'], ...parts, assign: newAssign() }),
  };
}

/** A plan out of lists of flat ids, by member. */
export function planOf(lists: readonly (readonly number[])[]): AssignmentPlan {
  return { partitions: lists.map((flatIds) => Int32Array.from(flatIds)) };
}

/** For each flat id the members that subscribe to its topic, in order. */
export function subscribersOf(problem: AssignmentProblem): number[][] {
  const { members, topics, partitionCount } = problem;
  const byTopic = topics.map((_, t) => members.flatMap(({ topics: own }, m) => (own.includes(t) ? [m] : [])));
  return Array.from({ length: partitionCount }, (_, flatId) => byTopic[problem.topicOf(flatId)] ?? []);
}

/** Gives each partition to the subscriber that is chosen for it. */
export function choose(
  problem: AssignmentProblem,
  chosen: (subscribers: readonly number[], flatId: number, loads: readonly number[]) => number | undefined,
): number[][] {
  const lists: number[][] = problem.members.map(() => []);
  for (const [flatId, subscribers] of subscribersOf(problem).entries()) {
    const member = chosen(
      subscribers,
      flatId,
      lists.map(({ length }) => length),
    );
    if (member !== undefined) lists[member]?.push(flatId);
  }
  return lists;
}

/** The subscriber with the least load, the first of several. */
export function leastLoaded(
  subscribers: readonly number[],
  _flatId: number,
  loads: readonly number[],
): number {
  return subscribers.reduce((a, b) => ((loads[b] ?? 0) < (loads[a] ?? 0) ? b : a));
}
