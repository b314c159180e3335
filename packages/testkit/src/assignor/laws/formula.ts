/** Plans that are given by a formula: those of Kafka's range and round-robin assignors, written down once more. */

import type { Law } from '../law.ts';
import { byCodeUnits, type MemberSpec, type ProblemSpec, withoutRacks } from '../problems/problem-spec.ts';
import type { Steps } from '../steps.ts';
import { sortedPlan } from '../subject.ts';

/** Topic and partition number of each partition that a member gets. */
type Expected = ReadonlyMap<string, readonly string[]>;

export const formulaLaws: readonly Law[] = [
  {
    name: 'formula of range',
    says: "without racks, plans are those of Kafka's range assignor",
    claims: 'none',
    binds: ({ sameAs }) => sameAs === 'range',
    check: (spec, subject) => expectPlan(rangeOf, spec, subject),
  },
  {
    name: 'formula of round robin',
    says: "plans are those of Kafka's round-robin assignor",
    claims: 'none',
    binds: ({ sameAs }) => sameAs === 'roundrobin',
    check: (spec, subject) => expectPlan(roundRobinOf, spec, subject),
  },
  {
    name: 'co-partitioning',
    says: 'equal numbers of topics with equal counts and subscribers are at one member',
    claims: 'exclusive',
    binds: ({ coPartitioning = false }) => coPartitioning,
    *check(spec, subject) {
      const [first] = spec.topics;
      if (first === undefined) return;
      const twin = { ...first, name: `${first.name}-twin` };
      const members = spec.members.map((member) => {
        const topics = member.topics.includes(first.name) ? [...member.topics, twin.name] : member.topics;
        return { ...member, topics };
      });
      const run = yield* subject.run({ topics: [...spec.topics, twin], members });
      for (const [m, flatIds] of run.plan.partitions.entries()) {
        const numbers = (topic: string) =>
          Array.from(flatIds, (flatId) => run.problem.partition(flatId))
            .flatMap((owned) => (owned.topic === topic ? [owned.partition] : []))
            .sort((a, b) => a - b)
            .join();
        if (numbers(first.name) === numbers(twin.name)) continue;
        const who = run.problem.members[m]?.memberId;
        throw subject.broken(run, `${who} has other numbers of ${first.name} than of ${twin.name}`);
      }
    },
  },
];

function* expectPlan(
  formula: (spec: ProblemSpec) => Expected,
  spec: ProblemSpec,
  subject: Parameters<Law['check']>[1],
): Steps<void> {
  const run = yield* subject.run(withoutRacks(spec));
  const expected = formula(run.spec);
  for (const [m, flatIds] of sortedPlan(run).entries()) {
    const memberId = run.problem.members[m]?.memberId ?? '';
    const got = flatIds.map((flatId) => {
      const { topic, partition } = run.problem.partition(flatId);
      return `${topic}-${partition}`;
    });
    const due = expected.get(memberId) ?? [];
    if (got.join(' ') === due.join(' ')) continue;
    throw subject.broken(run, `${memberId} should get ${due.join(' ') || 'nothing'}`);
  }
}

/** Static members by instance id, then the others by member id. */
function inOrder(members: readonly MemberSpec[]): MemberSpec[] {
  const rank = ({ instance }: MemberSpec) => (instance === undefined ? 1 : 0);
  return [...members].sort(
    (a, b) =>
      rank(a) - rank(b) || byCodeUnits(a.instance ?? a.id, b.instance ?? b.id) || byCodeUnits(a.id, b.id),
  );
}

const byName = ({ topics }: ProblemSpec) => [...topics].sort((a, b) => byCodeUnits(a.name, b.name));

/** Of n partitions and c subscribers, the i-th gets those from i·⌊n/c⌋ + min(i, n mod c) on. */
function rangeOf(spec: ProblemSpec): Expected {
  const given = new Map<string, string[]>(spec.members.map(({ id }) => [id, []]));
  for (const { name, partitions } of byName(spec)) {
    const subscribers = inOrder(spec.members.filter(({ topics }) => topics.includes(name)));
    const share = Math.floor(partitions / subscribers.length);
    const rest = partitions % subscribers.length;
    for (const [i, { id }] of subscribers.entries()) {
      const start = i * share + Math.min(i, rest);
      const end = start + share + (i < rest ? 1 : 0);
      for (let partition = start; partition < end; partition++) given.get(id)?.push(`${name}-${partition}`);
    }
  }
  return given;
}

/** Partition after partition to the next member around the ring that subscribes to the topic. */
function roundRobinOf(spec: ProblemSpec): Expected {
  const ring = inOrder(spec.members);
  const given = new Map<string, string[]>(ring.map(({ id }) => [id, []]));
  let cursor = 0;
  for (const { name, partitions } of byName(spec)) {
    if (!ring.some(({ topics }) => topics.includes(name))) continue;
    for (let partition = 0; partition < partitions; partition++) {
      while (ring[cursor % ring.length]?.topics.includes(name) !== true) cursor++;
      given.get(ring[cursor % ring.length]?.id ?? '')?.push(`${name}-${partition}`);
      cursor++;
    }
  }
  return given;
}
