/** A problem as the weighing assignor sees it: whole numbers for weights, so that sums do not depend on their order. */
import type { AssignmentMember, AssignmentProblem } from '@kohort/core/spi';
import { numberEqualLists } from '../sticky/engine/equal-lists.ts';
import type { WeightData } from './user-data.ts';

export interface Weighing {
  readonly capacity: Float64Array;
  /** What a partition of each topic weighs: a thousand is the average of all topics. */
  readonly weight: Float64Array;
  /** For each topic the number of its set of subscribers. */
  readonly setOf: Int32Array;
  /** For each set the members in it, ascending. */
  readonly sets: readonly Int32Array[];
  /** What each member would have for each unit of its capacity, if everything could be shared out. */
  readonly share: number;
}

const AVERAGE = 1_000;
/** What weighs next to nothing is work as well: a hundredth of the average at least. */
const LEAST = AVERAGE / 100;
/** Beyond this, sums of weights could lose digits. */
const MOST = 1e9;

export function weigh(problem: AssignmentProblem): Weighing {
  const { members, topics } = problem;
  const capacity = Float64Array.from(members, (member) => weightData(member)?.capacity ?? 1);
  const weight = weightsOf(problem);
  const subscribers = topics.map((): number[] => []);
  for (const [m, { topics: own }] of members.entries()) for (const t of own) subscribers[t]?.push(m);
  const { numberOf, distinct } = numberEqualLists(subscribers.map((list) => Int32Array.from(list)));
  const total = topics.reduce((sum, { partitionCount }, t) => sum + partitionCount * (weight[t] ?? 0), 0);
  const share = total / capacity.reduce((sum, value) => sum + value, 0);
  return { capacity, weight, setOf: numberOf, sets: distinct, share };
}

/** The highest that a member names, so that during a change of configuration nobody is given too much. */
function weightsOf({ members, topics }: AssignmentProblem): Float64Array {
  const named = topics.map(({ name }) => {
    const values = members.flatMap((member) => weightData(member)?.weights.get(name) ?? []);
    return values.length === 0 ? undefined : values.reduce((a, b) => Math.max(a, b));
  });
  const known = named.filter((value) => value !== undefined);
  const highest = known.reduce((a, b) => Math.max(a, b), 0);
  // Divided by the highest first: sums of huge numbers would be infinite.
  const average = known.reduce((sum, value) => sum + value / highest, 0) / known.length;
  return Float64Array.from(named, (value) => {
    if (value === undefined || highest === 0) return AVERAGE;
    return Math.min(MOST, Math.max(LEAST, Math.round((AVERAGE * (value / highest)) / average)));
  });
}

/** A problem can be made by hand, with other user data in it. */
function weightData({ userData }: AssignmentMember): WeightData | undefined {
  const isData =
    typeof userData === 'object' && userData !== null && 'capacity' in userData && 'weights' in userData;
  return isData ? (userData as WeightData) : undefined;
}
