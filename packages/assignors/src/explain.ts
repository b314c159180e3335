/** A plan in words, for logs and tests: who gets what, what moved and why, and loads before and after. */
import { type AssignmentPlan, type AssignmentProblem, runToEnd } from '@kohort/core/spi';
import { explainMoves } from './explain/moves.ts';
import { partitionList, printable, table } from './explain/text.ts';
import { ownersAnywhere } from './sticky/owners.ts';

export interface ExplainOptions {
  /** Most lines for members, and most for moves; the rest is counted. Default: 50. */
  readonly limit?: number;
}

/**
 * Several lines of text: a summary, a line for each member with its load before and after, and a line for each
 * partition that has changed hands. Before is what members claim, undisputed and subscribed still, in their
 * subscription or in user data of a sticky assignor; eager assignors other than `sticky` know of no before.
 */
export function explain(
  problem: AssignmentProblem,
  plan: AssignmentPlan,
  { limit = 50 }: ExplainOptions = {},
): string {
  const { owner, conflicts } = runToEnd(ownersAnywhere(problem));
  const before = problem.members.map(() => 0);
  for (const member of owner) if (member !== -1) before[member] = (before[member] ?? 0) + 1;
  const after = problem.members.map((_, m) => plan.partitions[m]?.length ?? 0);
  const moves = explainMoves(problem, plan, owner, { before, after });
  const free = owner.reduce((count, member) => count + (member === -1 ? 1 : 0), 0);
  const lines = [
    `${counted(problem.partitionCount, 'partition')} of ${counted(problem.topics.length, 'topic')} for ` +
      `${counted(problem.members.length, 'member')}: ` +
      `${problem.partitionCount - free - moves.length} kept, ${moves.length} moved, ${free} without an owner before` +
      (conflicts.length > 0 ? `, ${conflicts.length} of these claimed by several` : ''),
    `loads before ${spread(before)}, after ${spread(after)}`,
    ...table(
      ['member', 'before', 'after', 'partitions'],
      problem.members
        .slice(0, limit)
        .map(({ memberId }, m) => [
          printable(memberId),
          `${before[m]}`,
          `${after[m]}`,
          partitionList(problem, plan.partitions[m] ?? new Int32Array()),
        ]),
    ),
    ...rest(problem.members.length - limit, 'member'),
    ...table(
      ['moved', 'from', 'to', 'why'],
      moves.slice(0, limit).map(({ partition, from, to, why }) => [partition, from, to, why]),
    ),
    ...rest(moves.length - limit, 'move'),
  ];
  return lines.join('\n');
}

function spread(loads: readonly number[]): string {
  if (loads.length === 0) return 'none';
  const least = loads.reduce((a, b) => Math.min(a, b));
  const most = loads.reduce((a, b) => Math.max(a, b));
  return least === most ? `${least} each` : `${least} to ${most}`;
}

function rest(count: number, what: string): string[] {
  return count > 0 ? [`and ${counted(count, `more ${what}`)}`] : [];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
