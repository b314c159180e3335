/** Orders other than Kafka's, and names that decide what they must not. */
import { type AssignmentProblem, memberOrder } from '@kohort/core/spi';
import { choose, exhibit, planOf } from './exhibit.ts';

/** Everything to the first subscriber in an order of its own. */
function firstBy(compare: (a: string, b: string) => number) {
  return (problem: AssignmentProblem) => {
    const id = (m: number) => problem.members[m]?.memberId ?? '';
    return planOf(
      choose(problem, (subscribers) => [...subscribers].sort((a, b) => compare(id(a), id(b)))[0]),
    );
  };
}

const hash = (text: string) =>
  Array.from(text).reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) | 0, 7);

/** Each topic in ranges, with the extra partitions at the members that `hasExtra` names. */
function ranges(
  problem: AssignmentProblem,
  hasExtra: (i: number, rest: number, count: number) => boolean,
  offset = 0,
) {
  const lists: number[][] = problem.members.map(() => []);
  for (const [t, { base, partitionCount }] of problem.topics.entries()) {
    const subscribers = [...memberOrder(problem)].filter((m) => problem.members[m]?.topics.includes(t));
    let next = base;
    for (let i = 0; i < subscribers.length; i++) {
      const rest = partitionCount % subscribers.length;
      const size =
        Math.floor(partitionCount / subscribers.length) + (hasExtra(i, rest, subscribers.length) ? 1 : 0);
      const member = subscribers[(i + offset * t) % subscribers.length] ?? -1;
      for (let n = 0; n < size; n++) lists[member]?.push(next++);
    }
  }
  return planOf(lists);
}

export const wrongOrder = [
  exhibit(
    'renaming',
    'compares names by locale',
    firstBy((a, b) => a.localeCompare(b)),
  ),
  exhibit(
    'renaming',
    'puts member 2 before member 10',
    firstBy((a, b) => a.localeCompare(b, 'en', { numeric: true })),
  ),
  exhibit(
    'renaming',
    'goes by a hash of the names',
    firstBy((a, b) => hash(a) - hash(b)),
  ),
  exhibit(
    'formula of round robin',
    'puts partition 10 before partition 2',
    (problem) => {
      const ring = memberOrder(problem);
      const names = Array.from({ length: problem.partitionCount }, (_, flatId) => {
        const { topic, partition } = problem.partition(flatId);
        return { flatId, t: problem.topicOf(flatId), name: `${topic}-${partition}` };
      }).sort((a, b) => a.t - b.t || (a.name < b.name ? -1 : 1));
      const lists: number[][] = problem.members.map(() => []);
      let cursor = 0;
      for (const { flatId, t } of names) {
        while (!problem.members[ring[cursor % ring.length] ?? -1]?.topics.includes(t)) cursor++;
        lists[ring[cursor++ % ring.length] ?? -1]?.push(flatId);
      }
      return planOf(lists);
    },
    { promises: { sameAs: 'roundrobin' } },
  ),
  exhibit(
    'formula of range',
    'gives the extra partitions to the last members',
    (problem) => ranges(problem, (i, rest, count) => i >= count - rest),
    { promises: { sameAs: 'range' } },
  ),
  exhibit(
    'co-partitioning',
    'begins with another member for every topic',
    (problem) => ranges(problem, (i, rest) => i < rest, 1),
    { promises: { coPartitioning: true } },
  ),
  exhibit(
    'static members',
    'does not know group instance ids',
    (problem) => planOf(choose(problem, (subscribers, p) => subscribers[p % subscribers.length])),
    { promises: { staticMembers: true } },
  ),
];
