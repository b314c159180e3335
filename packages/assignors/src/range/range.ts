/** Kafka's range assignor, rack-aware (KIP-881). */
import {
  type AssignmentProblem,
  type Assignor,
  defineAssignor,
  memberOrder,
  planBuilder,
} from '@kohort/core/spi';
import { matchTogether, matchTopic } from './rack-matching.ts';
import { racksMatter, racksOf, type TopicRacks } from './racks.ts';
import { TopicShare } from './topic-share.ts';

/** A topic with its subscribers, as indexes into `problem.members`, in member order. */
interface Topic {
  readonly base: number;
  readonly partitionCount: number;
  readonly subscribers: readonly number[];
  readonly racks: TopicRacks | undefined;
}

/**
 * Shares out each topic by itself: members in order, each a contiguous range of partition numbers, the first ones one
 * more where it does not divide. So partitions of equal number, of topics with equal counts and subscribers, meet at
 * one member. Where members and replicas have racks, a member prefers partitions with a replica in its own rack, as
 * far as balance and co-partitioning allow. Plans equal those of Java's `RangeAssignor`. Eager.
 */
export function range(): Assignor {
  return defineAssignor({
    name: 'range',
    protocols: ['eager'],
    assign(problem) {
      const builder = planBuilder(problem);
      for (const topics of sharedAlike(topicsOf(problem))) {
        const share = shareOut(topics);
        for (const { base, partitionCount, subscribers } of topics) {
          for (let partition = 0; partition < partitionCount; partition++) {
            builder.give(subscribers[share.owner(partition)] ?? -1, base + partition);
          }
        }
      }
      return builder.build();
    },
  });
}

function topicsOf(problem: AssignmentProblem): Topic[] {
  const subscribers: number[][] = problem.topics.map(() => []);
  for (const member of memberOrder(problem)) {
    for (const topic of problem.members[member]?.topics ?? []) subscribers[topic]?.push(member);
  }
  return problem.topics.map(({ base, partitionCount }, t) => {
    const own = subscribers[t] ?? [];
    return { base, partitionCount, subscribers: own, racks: racksOf(problem, t, own) };
  });
}

/**
 * Topics in groups that are shared out as one. Where racks matter to any topic, topics with equal subscribers and
 * partition counts stay together; elsewhere each is by itself, which comes to the same without racks.
 */
function sharedAlike(topics: readonly Topic[]): Topic[][] {
  if (!topics.some(({ racks }) => racks !== undefined && racksMatter(racks))) {
    return topics.map((topic) => [{ ...topic, racks: undefined }]);
  }
  const groups = new Map<string, Topic[]>();
  for (const topic of topics) {
    const key = `${topic.partitionCount}:${topic.subscribers.join()}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [topic]);
    else group.push(topic);
  }
  return [...groups.values()];
}

function shareOut(topics: readonly Topic[]): TopicShare {
  const [{ partitionCount, subscribers } = { partitionCount: 0, subscribers: [] }] = topics;
  const share = new TopicShare(partitionCount, subscribers.length);
  const [first, ...others] = topics.flatMap(({ racks }) => racks ?? []);
  if (first !== undefined && others.length > 0) matchTogether(share, [first, ...others]);
  else if (first !== undefined && racksMatter(first)) matchTopic(share, first);
  share.dealRanges();
  return share;
}
