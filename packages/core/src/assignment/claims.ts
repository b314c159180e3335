/** What a member says it owns, reduced to partitions that exist: claims come from other clients and may be anything. */
import type { TopicPartitions } from '../wire/topic-partitions.ts';
import type { MemberIssues } from './member-issue.ts';
import type { TopicIndex } from './topic-index.ts';

/** Flat ids, ascending and unique. Whatever is not a partition of a subscribed topic is reported and left out. */
export function readClaims(
  memberId: string,
  owned: readonly TopicPartitions[],
  index: TopicIndex,
  issues: MemberIssues,
): Int32Array {
  const claims: number[] = [];
  for (const { topic, partitions } of owned) {
    const known = index.topics[index.byName.get(topic) ?? -1];
    for (const partition of partitions) {
      if (known === undefined)
        issues.add(memberId, 'claim-of-unknown-topic', { example: { topic, partition } });
      else if (partition < 0) issues.add(memberId, 'claim-negative', { example: { topic, partition } });
      else if (partition >= known.partitionCount) {
        issues.add(memberId, 'claim-out-of-range', { example: { topic, partition } });
      } else claims.push(known.base + partition);
    }
  }
  return unique(Int32Array.from(claims).sort(), (flatId) => {
    issues.add(memberId, 'claim-duplicate', { example: partitionOf(flatId, index) });
  });
}

/** Indexes of the topics that a member subscribes to, ascending and unique. */
export function readTopics(
  memberId: string,
  topics: readonly string[],
  index: TopicIndex,
  issues: MemberIssues,
): Int32Array {
  if (new Set(topics).size < topics.length) issues.add(memberId, 'duplicate-topic');
  const known = topics.flatMap((topic) => index.byName.get(topic) ?? []);
  return unique(Int32Array.from(known).sort(), () => {});
}

function unique(sorted: Int32Array, onDouble: (value: number) => void): Int32Array {
  let kept = 0;
  for (const value of sorted) {
    if (kept > 0 && sorted[kept - 1] === value) onDouble(value);
    else sorted[kept++] = value;
  }
  return sorted.subarray(0, kept);
}

function partitionOf(flatId: number, { topics }: TopicIndex) {
  const topic = topics.findLast(({ base }) => base <= flatId);
  return { topic: topic?.name ?? '', partition: flatId - (topic?.base ?? 0) };
}
