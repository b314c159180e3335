/** The rack phase of range (KIP-881): shares out what can stay within a rack; the plain phase deals the rest. */
import type { TopicRacks } from './racks.ts';
import type { TopicShare } from './topic-share.ts';

/** Partitions in ascending order, walked once in all: what is behind the cursor is taken and stays so. */
interface Candidates {
  readonly partitions: number[];
  cursor: number;
}

/** Each member in turn takes the lowest free partitions with a replica in its rack; a member without a rack takes any. */
export function matchTopic(share: TopicShare, { members, partitions }: TopicRacks): void {
  const anywhere: Candidates = { partitions: Array.from(partitions.keys()), cursor: 0 };
  const byRack = candidatesByRack(partitions);
  for (const [member, rack] of members.entries()) {
    const candidates = rack === undefined ? anywhere : byRack.get(rack);
    if (candidates !== undefined) takeLowest(share, member, candidates);
  }
}

function takeLowest(share: TopicShare, member: number, candidates: Candidates): void {
  for (let due = share.due(member); due > 0; ) {
    const partition = candidates.partitions[candidates.cursor++];
    if (partition === undefined) return;
    if (!share.isFree(partition)) continue;
    share.take(member, partition);
    due--;
  }
}

/**
 * Topics with equal subscribers and partition counts: partition p of all of them goes to the first member that is due
 * and whose rack holds a replica of p in every topic. One share stands for them all.
 */
export function matchTogether(share: TopicShare, topics: readonly TopicRacks[]): void {
  const waiting = membersByRack(topics[0]?.members ?? []);
  for (let partition = 0; partition < share.partitionCount; partition++) {
    const member = firstDue(share, waiting, [undefined, ...commonRacks(topics, partition)]);
    if (member !== undefined) share.take(member, partition);
  }
}

/** First in member order; whoever is due nothing leaves the lists for good. */
function firstDue(
  share: TopicShare,
  waiting: ReadonlyMap<string | undefined, number[]>,
  racks: readonly (string | undefined)[],
): number | undefined {
  let first: number | undefined;
  for (const rack of racks) {
    const members = waiting.get(rack) ?? [];
    while (members.length > 0 && share.due(members.at(-1) ?? 0) === 0) members.pop();
    const member = members.at(-1);
    if (member !== undefined && (first === undefined || member < first)) first = member;
  }
  return first;
}

function commonRacks(topics: readonly TopicRacks[], partition: number): string[] {
  const [first = [], ...others] = topics.map(({ partitions }) => partitions[partition] ?? []);
  return first.filter((rack) => others.every((racks) => racks.includes(rack)));
}

function candidatesByRack(partitions: TopicRacks['partitions']): Map<string, Candidates> {
  const byRack = new Map<string, Candidates>();
  for (const [partition, racks] of partitions.entries()) {
    for (const rack of racks) {
      const known = byRack.get(rack);
      if (known === undefined) byRack.set(rack, { partitions: [partition], cursor: 0 });
      else known.partitions.push(partition);
    }
  }
  return byRack;
}

/** In reverse order, so that the first member is the last of its list. */
function membersByRack(members: TopicRacks['members']): Map<string | undefined, number[]> {
  const byRack = new Map<string | undefined, number[]>();
  for (const [member, rack] of [...members.entries()].reverse()) {
    const known = byRack.get(rack);
    if (known === undefined) byRack.set(rack, [member]);
    else known.push(member);
  }
  return byRack;
}
