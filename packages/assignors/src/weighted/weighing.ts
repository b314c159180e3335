/** A problem as the weighing assignor sees it: whole numbers for weights, so that sums do not depend on their order. */
import type { AssignmentMember, AssignmentProblem, Steps } from '@kohort/core/spi';
import { numberEqualLists } from '../sticky/engine/equal-lists.ts';
import { topicSetsOf } from '../sticky/engine/topic-sets.ts';
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

const LOOKS_PER_STEP = 1 << 14;

export function* weigh(problem: AssignmentProblem): Steps<Weighing> {
  const { members, topics } = problem;
  const capacity = Float64Array.from(members, (member) => weightData(member)?.capacity ?? 1);
  const weight = yield* weightsOf(problem);
  const lists = members.map(({ topics: own }) => own);
  const { ofTopic, firstTopic } = yield* topicSetsOf(numberEqualLists(lists).distinct, topics.length);
  yield;
  const sets = yield* subscribersOf(lists, firstTopic);
  const total = topics.reduce((sum, { partitionCount }, t) => sum + partitionCount * (weight[t] ?? 0), 0);
  const share = total / capacity.reduce((sum, value) => sum + value, 0);
  return { capacity, weight, setOf: ofTopic, sets, share };
}

/** For each set of topics the members that subscribe to it, ascending: who subscribes to its first topic does. */
function* subscribersOf(lists: readonly Int32Array[], firstTopic: Int32Array): Steps<readonly Int32Array[]> {
  const subscribers = new Map(Array.from(firstTopic, (topic): [number, number[]] => [topic, []]));
  let looked = 0;
  for (const [member, topics] of lists.entries()) {
    for (const topic of topics) subscribers.get(topic)?.push(member);
    looked += topics.length;
    if (looked < LOOKS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  return [...subscribers.values()].map((list) => Int32Array.from(list));
}

/** The highest that a member names, so that during a change of configuration nobody is given too much. */
function* weightsOf({ members, topics }: AssignmentProblem): Steps<Float64Array> {
  const named = new Float64Array(topics.length).fill(-1);
  let looked = 0;
  for (const member of members) {
    const weights = weightData(member)?.weights;
    for (const t of member.topics) {
      const value = weights?.get(topics[t]?.name ?? '') ?? -1;
      if (value > (named[t] ?? 0)) named[t] = value;
    }
    looked += member.topics.length;
    if (looked < LOOKS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  const known = named.filter((value) => value >= 0);
  const highest = known.reduce((a, b) => Math.max(a, b), 0);
  // Divided by the highest first: sums of huge numbers would be infinite.
  const average = known.reduce((sum, value) => sum + value / highest, 0) / known.length;
  return named.map((value) => {
    if (value < 0 || highest === 0) return AVERAGE;
    return Math.min(MOST, Math.max(LEAST, Math.round((AVERAGE * (value / highest)) / average)));
  });
}

/** A problem can be made by hand, with other user data in it. */
function weightData({ userData }: AssignmentMember): WeightData | undefined {
  const isData =
    typeof userData === 'object' && userData !== null && 'capacity' in userData && 'weights' in userData;
  return isData ? (userData as WeightData) : undefined;
}
