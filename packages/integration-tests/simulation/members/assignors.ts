/** The assignors of a member: those of the plan, in the member's present mood. */
import { cooperativeSticky, range, roundRobin, sticky } from '@kohort/assignors';
import type { AssignmentPlan, Assignor, Clock } from '@kohort/core/spi';
import type { AssignorPlan } from '../plan/plan.ts';
import type { Moods } from './moods.ts';

/** @param number of the member: in an upgrade the later ones already offer the new assignor */
export function assignorsOf(plan: AssignorPlan, number: number, moods: Moods, clock: Clock): Assignor[] {
  return listOf(plan, number).map((assignor) => moody(assignor, moods, clock));
}

function listOf(plan: AssignorPlan, number: number): Assignor[] {
  switch (plan) {
    case 'eager':
      return [roundRobin()];
    case 'range':
      return [range()];
    case 'sticky':
      return [sticky()];
    case 'cooperative':
      return [cooperativeSticky()];
    case 'upgrading':
      return number % 2 === 0 ? [roundRobin()] : [cooperativeSticky(), roundRobin()];
  }
}

/** Whether all members run the cooperative protocol. */
export function isCooperative(plan: AssignorPlan): boolean {
  return plan === 'cooperative';
}

/** How long a slow assignor takes: longer than a rebalance timeout of a run with short ones. */
const SLOW_MS = 12_000;

function moody(assignor: Assignor, moods: Moods, clock: Clock): Assignor {
  return {
    ...assignor,
    async assign(problem, context): Promise<AssignmentPlan> {
      if (moods.assignor === 'throws') throw new Error('simulated: the assignor throws');
      if (moods.assignor === 'slow') await pause(clock, SLOW_MS, context.signal);
      const plan = await assignor.assign(problem, context);
      return moods.assignor === 'lies' ? everythingToEverybody(plan, problem.partitionCount) : plan;
    },
  };
}

function everythingToEverybody({ partitions }: AssignmentPlan, count: number): AssignmentPlan {
  const all = Int32Array.from({ length: count }, (_, flatId) => flatId);
  return { partitions: partitions.map(() => all) };
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(resolve, ms);
    signal.addEventListener('abort', () => {
      timer.cancel();
      resolve();
    });
  });
}
