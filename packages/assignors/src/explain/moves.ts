/** The partitions that a plan moves, each with its reason. */
import type { AssignmentPlan, AssignmentProblem } from '@kohort/core/spi';
import { printable } from './text.ts';

export interface Move {
  readonly partition: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** For each member what it held before and holds after. */
export interface Loads {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** In order of partitions. @param owner for each flat id its owner before, -1 for none */
export function explainMoves(
  problem: AssignmentProblem,
  plan: AssignmentPlan,
  owner: Int32Array,
  loads: Loads,
): Move[] {
  const moved: { flatId: number; from: number; to: number }[] = [];
  for (const [to, partitions] of plan.partitions.entries()) {
    for (const flatId of partitions) {
      const from = owner[flatId] ?? -1;
      if (from !== -1 && from !== to) moved.push({ flatId, from, to });
    }
  }
  moved.sort((a, b) => a.flatId - b.flatId);
  const name = (member: number) => printable(problem.members[member]?.memberId ?? '');
  return moved.map(({ flatId, from, to }) => {
    const { topic, partition } = problem.partition(flatId);
    const why = reason(problem, flatId, from, to, loads);
    return { partition: `${topic}-${partition}`, from: name(from), to: name(to), why };
  });
}

function reason(problem: AssignmentProblem, flatId: number, from: number, to: number, loads: Loads): string {
  const { before, after } = loads;
  const change = (member: number) => `${before[member]} to ${after[member]}`;
  const relieves = (before[from] ?? 0) > (after[from] ?? 0);
  const fills = (before[to] ?? 0) < (after[to] ?? 0);
  if (relieves && fills) return `balance: giver ${change(from)}, receiver ${change(to)}`;
  if (comesHome(problem, flatId, from, to)) return 'rack: a replica is near the receiver, and none was near';
  if (relieves) return `balance through others: giver ${change(from)}`;
  if (fills) return `balance through others: receiver ${change(to)}`;
  return 'exchange: makes room for another move';
}

function comesHome(problem: AssignmentProblem, flatId: number, from: number, to: number): boolean {
  const racks = problem.replicaRacks(flatId);
  const isNear = (member: number) => racks.includes(problem.members[member]?.rackId ?? '');
  return isNear(to) && !isNear(from) && problem.members[from]?.rackId !== undefined;
}
