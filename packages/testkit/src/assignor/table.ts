/** A problem and the plan for it as a table, for people who have to find out what went wrong. */
import type { AssignmentPlan, AssignmentProblem } from '@kohort/core/spi';
import { printNumbers } from './problems/print-problem.ts';
import type { MemberSpec, ProblemSpec } from './problems/problem-spec.ts';

/** Who was given what, by member id. */
export type PlanByMember = ReadonlyMap<string, readonly string[]>;

/** `topic-first..last` for each member, in order. */
export function planByMember(problem: AssignmentProblem, plan: AssignmentPlan): PlanByMember {
  return new Map(
    problem.members.map(({ memberId }, m) => [memberId, describeFlatIds(problem, plan.partitions[m])]),
  );
}

function describeFlatIds(problem: AssignmentProblem, flatIds: Iterable<number> | undefined): string[] {
  const byTopic = new Map<string, number[]>();
  const unknown: string[] = [];
  for (const flatId of [...(flatIds ?? [])].sort((a, b) => a - b)) {
    if (problem.topicOf(flatId) < 0) {
      unknown.push(`no partition: ${flatId}`);
      continue;
    }
    const { topic, partition } = problem.partition(flatId);
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  }
  return [...unknown, ...Array.from(byTopic, ([topic, numbers]) => `${topic}-${printNumbers(numbers)}`)];
}

/** Topics, then a line for each member: subscription, claims, what it was given. */
export function renderProblem({ topics, members }: ProblemSpec, plan: PlanByMember | undefined): string {
  const topicRows = topics.map(({ name, partitions, racks }) => [
    name,
    `${partitions}`,
    ...(racks === undefined ? [] : [racks.map((set) => set.join('/') || '-').join(' ')]),
  ]);
  const hasRacks = topics.some(({ racks }) => racks !== undefined);
  const memberRows = members.map((member) => [
    describeMember(member),
    member.topics.join(' ') || '-',
    describeClaims(member),
    plan?.get(member.id)?.join(' ') || '-',
  ]);
  return [
    ...align([['topic', 'partitions', ...(hasRacks ? ['racks'] : [])], ...topicRows]),
    '',
    ...align([['member', 'subscribes to', 'claims', plan === undefined ? 'no plan' : 'plan'], ...memberRows]),
  ].join('\n');
}

function describeMember({ id, instance, rack }: MemberSpec): string {
  const notes = [
    instance === undefined ? [] : `instance ${instance}`,
    rack === undefined ? [] : `rack ${rack}`,
  ];
  const text = notes.flat().join(', ');
  return text === '' ? id : `${id} (${text})`;
}

function describeClaims({ owns, generation, data }: MemberSpec): string {
  const claims = owns.map(({ topic, partitions }) => `${topic}-${printNumbers(partitions)}`);
  if (generation !== -1 || owns.length > 0) claims.push(`@${generation}`);
  if (data !== undefined) claims.push(`user data ${data}`);
  return claims.join(' ') || '-';
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
