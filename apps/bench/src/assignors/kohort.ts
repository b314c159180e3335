/** Measures Kohort's `cooperativeSticky`, in this process. */
import { cooperativeSticky } from '@kohort/assignors';
import {
  type AssignmentPlan,
  type AssignmentProblem,
  buildProblem,
  type Clock,
  type JoinedMember,
  type PlanRequest,
  planAssignments,
  systemClock,
} from '@kohort/core/spi';
import { type BenchGroup, clusterOf, joinedMembers } from './group.ts';
import { type PlanFacts, planFacts } from './plan-facts.ts';

export interface KohortFigures extends PlanFacts {
  /** Milliseconds on the clock and of CPU for the assignor alone, one figure for each round. */
  readonly wallMs: readonly number[];
  readonly cpuMs: readonly number[];
  /** On the clock, all that a leader does: from what JoinGroup brings to what SyncGroup sends. */
  readonly leaderMs: readonly number[];
  /** Longest time in that without a pause, the lowest of the rounds: higher ones are other users of the machine. */
  readonly longestHoldMs: number;
  /** Most bytes in typed arrays beside the problem, for each partition. */
  readonly bytesPerPartition: number;
}

/** As long as peers have for warming up, and three rounds at least. */
const WARM_UP_MS = 2_000;
const WARM_UP_ROUNDS = 3;
const DEADLINE_MS = 600_000;

export async function measureKohort(group: BenchGroup, rounds: number): Promise<KohortFigures> {
  const joined = joinedMembers(group);
  const cluster = clusterOf(group);
  const [wallMs, cpuMs, leaderMs, holds]: number[][] = [[], [], [], []];
  let last: { problem: AssignmentProblem; plan: AssignmentPlan } | undefined;
  const warm = performance.now() + WARM_UP_MS;
  for (let round = 0; round < WARM_UP_ROUNDS || performance.now() < warm; round++) {
    await assign(buildProblem(joined, cluster).problem, systemClock);
    await lead(joined, cluster);
  }
  for (let round = 0; round < rounds; round++) {
    const { problem } = buildProblem(joined, cluster);
    const cpuBefore = process.cpuUsage();
    const ready = performance.now();
    const plan = await assign(problem, systemClock);
    wallMs?.push(performance.now() - ready);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuMs?.push((user + system) / 1000);
    last = { problem, plan };
  }
  for (let round = 0; round < rounds; round++) {
    const { tookMs, longestHoldMs } = await lead(joined, cluster);
    leaderMs?.push(tookMs);
    holds?.push(longestHoldMs);
  }
  if (last === undefined) throw new RangeError(`${rounds} rounds`);
  return {
    wallMs: wallMs ?? [],
    cpuMs: cpuMs ?? [],
    leaderMs: leaderMs ?? [],
    longestHoldMs: Math.min(...(holds ?? [])),
    bytesPerPartition: await bytesFor(last.problem),
    ...planFacts(last.plan.partitions, last.problem.owners().owner),
  };
}

const assignor = cooperativeSticky();
const { signal } = new AbortController();

export function assign(problem: AssignmentProblem, clock: Clock): AssignmentPlan | Promise<AssignmentPlan> {
  return assignor.assign(problem, { signal, deadlineMs: DEADLINE_MS, clock });
}

/** The whole duty of a leader, with an eye on how long it keeps everything else waiting. */
async function lead(members: readonly JoinedMember[], cluster: PlanRequest['cluster']) {
  const meter = holdMeter();
  const began = performance.now();
  const planned = await planAssignments({
    members,
    cluster,
    assignor,
    protocol: 'cooperative',
    clock: meter.clock,
    deadlineMs: DEADLINE_MS,
    signal,
  });
  const ended = performance.now();
  if (planned.report.degraded) throw new Error('an unlawful plan');
  return { tookMs: ended - began, longestHoldMs: meter.longest(ended) };
}

/** Real time, with an eye on the longest stretch between two pauses. */
function holdMeter() {
  let began = performance.now();
  let longest = 0;
  const end = (now: number) => {
    longest = Math.max(longest, now - began);
  };
  const clock: Clock = {
    ...systemClock,
    setTimer(callback, delayMs) {
      // The deadline is no pause.
      if (delayMs > 0) return systemClock.setTimer(callback, delayMs);
      end(performance.now());
      const handle = setImmediate(() => {
        began = performance.now();
        callback();
      });
      return { cancel: () => clearImmediate(handle) };
    },
  };
  return {
    clock,
    longest(now: number): number {
      end(now);
      return longest;
    },
  };
}

/** The assignor looks at the clock after each step: a good moment to look at memory. */
async function bytesFor(problem: AssignmentProblem): Promise<number> {
  problem.owners();
  const before = process.memoryUsage().arrayBuffers;
  let most = before;
  const clock: Clock = {
    ...systemClock,
    monotonic() {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      return 0;
    },
  };
  await assign(problem, clock);
  return (most - before) / problem.partitionCount;
}
