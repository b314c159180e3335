/** The topics of a problem as range looks at them, and which of them it shares out as one. */
import { type AssignmentProblem, memberOrder, type Steps } from '@kohort/core/spi';
import { racksMatter, racksOf, type TopicRacks } from './racks.ts';

/** Partitions and subscriptions that are looked at between two steps: a millisecond or so. */
export const LOOKS_PER_STEP = 1 << 15;

/** A topic with its subscribers, as indexes into `problem.members`, in member order. */
export interface Topic {
  readonly base: number;
  readonly partitionCount: number;
  readonly subscribers: readonly number[];
  readonly racks: TopicRacks | undefined;
}

export function* topicsOf(problem: AssignmentProblem): Steps<Topic[]> {
  const order = memberOrder(problem);
  yield;
  const subscribers: number[][] = problem.topics.map(() => []);
  let looked = 0;
  for (const member of order) {
    const own = problem.members[member]?.topics ?? new Int32Array();
    for (let i = 0; i < own.length; i++) subscribers[own[i] ?? -1]?.push(member);
    looked += own.length;
    if (looked < LOOKS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  const topics: Topic[] = [];
  for (const [t, { base, partitionCount }] of problem.topics.entries()) {
    const own = subscribers[t] ?? [];
    const racks = racksOf(problem, t, own);
    topics.push({ base, partitionCount, subscribers: own, racks });
    looked += own.length + (racks === undefined ? 0 : partitionCount);
    if (looked < LOOKS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  return topics;
}

/**
 * Topics in groups that are shared out as one. Where racks matter to any topic, topics with equal subscribers and
 * partition counts stay together; elsewhere each is by itself, which comes to the same without racks.
 */
export function* sharedAlike(topics: readonly Topic[]): Steps<readonly (readonly Topic[])[]> {
  if (!(yield* racksMatterAnywhere(topics))) return topics.map((topic) => [{ ...topic, racks: undefined }]);
  const groups = new Map<string, Topic[]>();
  let looked = 0;
  for (const topic of topics) {
    const key = `${topic.partitionCount}:${topic.subscribers.join()}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [topic]);
    else group.push(topic);
    looked += topic.subscribers.length;
    if (looked < LOOKS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  return [...groups.values()];
}

function* racksMatterAnywhere(topics: readonly Topic[]): Steps<boolean> {
  let looked = 0;
  for (const { racks, partitionCount, subscribers } of topics) {
    if (racks === undefined) continue;
    if (racksMatter(racks)) return true;
    looked += partitionCount + subscribers.length;
    if (looked < LOOKS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  return false;
}
