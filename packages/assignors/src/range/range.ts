/** Kafka's range assignor, rack-aware (KIP-881). */
import {
  type AssignmentPlan,
  type AssignmentProblem,
  type Assignor,
  defineAssignor,
  planBuilder,
  runSliced,
  type Steps,
  systemClock,
} from '@kohort/core/spi';
import { matchTogether, matchTopic } from './rack-matching.ts';
import { racksMatter } from './racks.ts';
import { TopicShare } from './topic-share.ts';
import { LOOKS_PER_STEP, sharedAlike, type Topic, topicsOf } from './topics.ts';

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
    assign: (problem, { clock = systemClock, signal, deadlineMs }) =>
      runSliced(planSteps(problem), { clock, signal, deadlineMs }),
  });
}

function* planSteps(problem: AssignmentProblem): Steps<AssignmentPlan> {
  const builder = planBuilder(problem);
  const topics = yield* topicsOf(problem);
  let looked = 0;
  for (const alike of yield* sharedAlike(topics)) {
    const share = shareOut(alike);
    for (const { base, partitionCount, subscribers } of alike) {
      for (let partition = 0; partition < partitionCount; partition++) {
        builder.give(subscribers[share.owner(partition)] ?? -1, base + partition);
      }
      looked += partitionCount + subscribers.length;
      if (looked < LOOKS_PER_STEP) continue;
      looked = 0;
      yield;
    }
  }
  yield;
  return builder.build();
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
