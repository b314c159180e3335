/** Collects a plan, one partition at a time, without an object or a list for each. */
import type { AssignmentPlan, AssignmentProblem, PlanBuilder } from '../contracts/assignor.ts';

/**
 * A builder for a plan of this problem.
 *
 * @throws RangeError from `give`, for a member or partition that the problem does not have
 */
export function planBuilder({
  members,
  partitionCount,
}: Pick<AssignmentProblem, 'members' | 'partitionCount'>): PlanBuilder {
  const memberCount = members.length;
  // Who was given what, in order. A plan that gives each partition once needs no more.
  let takers = new Int32Array(partitionCount);
  let flatIds = new Int32Array(partitionCount);
  let size = 0;
  return {
    give(member, flatId) {
      if (!isIndex(member, memberCount))
        throw new RangeError(`no member ${member}: there are ${memberCount}`);
      if (!isIndex(flatId, partitionCount)) {
        throw new RangeError(`no partition ${flatId}: there are ${partitionCount}`);
      }
      if (size === flatIds.length) {
        takers = larger(takers);
        flatIds = larger(flatIds);
      }
      takers[size] = member;
      flatIds[size++] = flatId;
    },
    build: () => ({ partitions: byTaker(takers.subarray(0, size), flatIds, memberCount) }),
  };
}

function isIndex(value: number, end: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < end;
}

function larger(array: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(2 * array.length);
  copy.set(array);
  return copy;
}

/** For each member a part of one array. */
function byTaker(takers: Int32Array, flatIds: Int32Array, memberCount: number): AssignmentPlan['partitions'] {
  const end = new Int32Array(memberCount);
  for (let i = 0; i < takers.length; i++) {
    const member = takers[i] ?? 0;
    end[member] = (end[member] ?? 0) + 1;
  }
  for (let member = 1; member < memberCount; member++) {
    end[member] = (end[member] ?? 0) + (end[member - 1] ?? 0);
  }
  const next = Int32Array.from(end, (_, member) => end[member - 1] ?? 0);
  const given = new Int32Array(takers.length);
  for (let i = 0; i < takers.length; i++) {
    const member = takers[i] ?? 0;
    const place = next[member] ?? 0;
    given[place] = flatIds[i] ?? 0;
    next[member] = place + 1;
  }
  return Array.from(end, (last, member) => given.subarray(end[member - 1] ?? 0, last));
}
