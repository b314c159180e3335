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
  resolveOwners,
  systemClock,
} from '@kohort/core/spi';
import { type BenchGroup, clusterOf, joinedMembers } from './group.ts';
import { type PlanFacts, planFacts } from './plan-facts.ts';

export interface KohortFigures extends PlanFacts {
  /** Milliseconds on the clock and of CPU from decoded members to a plan, one figure for each round. */
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
/** What is shorter than this is done several times in a round: a clock that is read costs time as well. */
const ROUND_MS = 2;
const DEADLINE_MS = 600_000;

export async function measureKohort(group: BenchGroup, rounds: number): Promise<KohortFigures> {
  const joined = joinedMembers(group);
  const cluster = clusterOf(group);
  const [wallMs, cpuMs, leaderMs, holds]: number[][] = [[], [], [], []];
  let last: { problem: AssignmentProblem; plan: AssignmentPlan } | undefined;
  const warm = performance.now() + WARM_UP_MS;
  for (let round = 0; round < WARM_UP_ROUNDS || performance.now() < warm; round++) {
    await resolveAndAssign(buildProblem(joined, cluster).problem);
    await lead(joined, cluster);
  }
  const warmProblem = buildProblem(joined, cluster).problem;
  const times = await timesInARound(() => resolveAndAssign(warmProblem));
  const leaderTimes = await timesInARound(() => lead(joined, cluster));
  for (let round = 0; round < rounds; round++) {
    const { problem } = buildProblem(joined, cluster);
    const cpuBefore = process.cpuUsage();
    const ready = performance.now();
    for (let i = 1; i < times; i++) await resolveAndAssign(problem);
    const plan = await resolveAndAssign(problem);
    wallMs?.push((performance.now() - ready) / times);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuMs?.push((user + system) / 1000 / times);
    last = { problem, plan };
  }
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    for (let i = 0; i < leaderTimes; i++) holds?.push(await lead(joined, cluster));
    leaderMs?.push((performance.now() - began) / leaderTimes);
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

/** Who owns what is part of a problem; other clients' assignors find it out themselves. */
function resolveAndAssign(problem: AssignmentProblem): AssignmentPlan | Promise<AssignmentPlan> {
  resolveOwners(problem);
  return assign(problem, systemClock);
}

/** As many as fit, after as long again as that to warm up for it. */
async function timesInARound(work: () => unknown): Promise<number> {
  let times = 0;
  for (const end = performance.now() + WARM_UP_MS; times === 0 || performance.now() < end; times++)
    await work();
  return Math.max(1, Math.floor((times * ROUND_MS) / WARM_UP_MS));
}

/** The whole duty of a leader. Returns how long it keeps everything else waiting at most. */
async function lead(members: readonly JoinedMember[], cluster: PlanRequest['cluster']): Promise<number> {
  const meter = holdMeter();
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
  return meter.longest(ended);
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
