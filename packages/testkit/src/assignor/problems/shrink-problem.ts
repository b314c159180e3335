/** Smaller problems next to a problem: what a counterexample is reduced by. */
import { byCodeUnits, type MemberSpec, type ProblemSpec, type TopicSpec } from './problem-spec.ts';

/** The big steps first. Each problem is strictly smaller, so that shrinking ends. */
export function* smallerProblems(spec: ProblemSpec): Generator<ProblemSpec> {
  const { topics, members } = spec;
  for (const m of members.keys()) yield { topics, members: members.toSpliced(m, 1) };
  for (const [t, { name }] of topics.entries()) {
    yield { topics: topics.toSpliced(t, 1), members: members.map((member) => forget(member, name)) };
  }
  for (const [t, topic] of topics.entries()) {
    for (const smaller of smallerTopics(topic)) yield { topics: topics.with(t, smaller), members };
  }
  for (const [m, member] of members.entries()) {
    for (const smaller of smallerMembers(member)) yield { topics, members: members.with(m, smaller) };
  }
  const renamed = plainNames(spec);
  if (namesOf(renamed) !== namesOf(spec)) yield renamed;
}

function forget(member: MemberSpec, name: string): MemberSpec {
  return {
    ...member,
    topics: member.topics.filter((topic) => topic !== name),
    owns: member.owns.filter(({ topic }) => topic !== name),
  };
}

function* smallerTopics(topic: TopicSpec): Generator<TopicSpec> {
  const { name, partitions, racks } = topic;
  for (const count of new Set([1, partitions >> 1, partitions - 1])) {
    if (count < 0 || count >= partitions) continue;
    yield { name, partitions: count, ...(racks === undefined ? {} : { racks: racks.slice(0, count) }) };
  }
  if (racks === undefined) return;
  yield { name, partitions };
  for (const [p, set] of racks.entries()) {
    if (set.length > 1) yield { name, partitions, racks: racks.with(p, set.slice(0, 1)) };
  }
}

function* smallerMembers(member: MemberSpec): Generator<MemberSpec> {
  const { instance, rack, data, ...plain } = member;
  if (data !== undefined) {
    const { data: _, ...rest } = member;
    yield rest;
    if (data.length > 2) yield { ...rest, data: data.slice(0, (data.length >> 2) * 2) };
  }
  if (rack !== undefined) {
    const { rack: _, ...rest } = member;
    yield rest;
  }
  if (instance !== undefined) {
    const { instance: _, ...rest } = member;
    yield rest;
  }
  yield* fewerClaims(member);
  for (const t of plain.topics.keys()) yield { ...member, topics: plain.topics.toSpliced(t, 1) };
}

function* fewerClaims(member: MemberSpec): Generator<MemberSpec> {
  const { owns, generation } = member;
  if (owns.length === 0) {
    if (generation !== -1) yield { ...member, generation: -1 };
    return;
  }
  yield { ...member, owns: [], generation: -1 };
  for (const [c, claim] of owns.entries()) {
    yield { ...member, owns: owns.toSpliced(c, 1) };
    if (claim.partitions.length < 2) continue;
    for (const p of claim.partitions.keys()) {
      yield { ...member, owns: owns.with(c, { ...claim, partitions: claim.partitions.toSpliced(p, 1) }) };
    }
  }
  if (generation > 1) yield { ...member, generation: 1 };
}

function namesOf({ topics, members }: ProblemSpec): string {
  return JSON.stringify([topics.map(({ name }) => name), members.map(({ id, instance }) => [id, instance])]);
}

/** Members `m0`, `m1`, ..., topics `t0`, `t1`, ... and instances `i0`, ... in the order of the names before. */
export function plainNames({ topics, members }: ProblemSpec): ProblemSpec {
  const topicNames = numbered(
    't',
    topics.map(({ name }) => name),
  );
  const ids = numbered(
    'm',
    members.map(({ id }) => id),
  );
  const instances = numbered(
    'i',
    members.flatMap(({ instance }) => instance ?? []),
  );
  return {
    topics: topics.map((topic) => ({ ...topic, name: topicNames(topic.name) })),
    members: members.map((member) => ({
      ...member,
      id: ids(member.id),
      topics: member.topics.map(topicNames),
      owns: member.owns.map((claim) => ({ ...claim, topic: topicNames(claim.topic) })),
      ...(member.instance === undefined ? {} : { instance: instances(member.instance) }),
    })),
  };
}

/** Keeps the order, and names that are not in the list as they are. */
function numbered(prefix: string, names: readonly string[]): (name: string) => string {
  const sorted = [...new Set(names)].sort(byCodeUnits);
  const width = String(Math.max(0, sorted.length - 1)).length;
  const fresh = new Map(sorted.map((name, i) => [name, `${prefix}${String(i).padStart(width, '0')}`]));
  return (name) => fresh.get(name) ?? name;
}
