/** What a member says it owns, reduced to partitions that exist: claims come from other clients and may be anything. */
import type { ByteReader } from '../wire/bytes.ts';
import type { MemberIssueKind, MemberIssues } from './member-issue.ts';
import { CHUNK, type Steps } from './steps.ts';
import type { TopicIndex } from './topic-index.ts';
import type { TopicNames } from './topic-names.ts';

const NOTHING = new Int32Array();

/**
 * Flat ids, ascending and unique. Whatever is not a partition of a subscribed topic is reported and left out.
 *
 * @param owned at the owned partitions by topic, well-formed
 */
export function* readClaims(
  memberId: string,
  owned: ByteReader | null,
  index: TopicIndex,
  names: TopicNames,
  issues: MemberIssues,
): Steps<Int32Array> {
  if (owned === null) return NOTHING;
  // As many as there can be.
  const claims = new Int32Array(owned.remaining >> 2);
  let size = 0;
  let last = -1;
  let isAscending = true;
  let looked = 0;
  const topics = owned.count(6);
  for (let i = 0; i < topics; i++) {
    const nameSize = owned.stringSize();
    const nameAt = owned.offset;
    owned.skip(nameSize);
    const { base = 0, partitionCount = -1 } =
      index.topics[names.indexOf(owned.bytes, nameAt, owned.offset)] ?? {};
    const count = owned.count(4);
    for (let j = 0; j < count; j++) {
      const partition = owned.int32();
      if (partition >= 0 && partition < partitionCount) {
        isAscending &&= last < base + partition;
        last = base + partition;
        claims[size++] = last;
      } else {
        const topic = nameOf(owned, nameAt, nameSize);
        issues.add(memberId, wrongWith(partition, partitionCount), { example: { topic, partition } });
      }
      if (++looked % CHUNK === 0) yield;
    }
  }
  const found = claims.slice(0, size);
  if (isAscending) return found;
  return unique(found.sort(), (flatId) => {
    issues.add(memberId, 'claim-duplicate', { example: partitionOf(flatId, index) });
  });
}

function wrongWith(partition: number, partitionCount: number): MemberIssueKind {
  if (partitionCount === -1) return 'claim-of-unknown-topic';
  return partition < 0 ? 'claim-negative' : 'claim-out-of-range';
}

function nameOf({ bytes }: ByteReader, from: number, size: number): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, from + size));
}

/** Indexes of the topics that a member subscribes to, ascending and unique. */
export function readTopics(topics: readonly string[], index: TopicIndex): Int32Array {
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
