/** The assignor under test: runs it on problems within the deadline, and says what it did. */
import { type AssignmentPlan, type AssignmentProblem, type Assignor, validatePlan } from '@kohort/core/spi';
import { type Law, LawBroken } from './law.ts';
import type { KitSettings } from './options.ts';
import type { OtherProcess } from './other-process.ts';
import { problemOf } from './problems/build-problem.ts';
import type { ClaimSpec, ProblemSpec } from './problems/problem-spec.ts';
import { drive, isPromise, type Steps, settled } from './steps.ts';
import { planByMember } from './table.ts';
import { CallTimeout } from './watchdog.ts';

/** A problem and the plan that the assignor made for it. */
export interface Run {
  readonly spec: ProblemSpec;
  readonly problem: AssignmentProblem;
  /** Lawful, if it comes from `Subject.run`. */
  readonly plan: AssignmentPlan;
}

/** Runs something under other circumstances. */
export type World = <T>(run: () => T) => T;

interface Attempt {
  readonly instance?: Assignor;
  readonly problem?: AssignmentProblem;
  readonly world?: World;
}

/** The assignor of each member, by its place in the specification. */
export type Writers = (member: number) => Assignor;

export class Subject {
  readonly settings: KitSettings;
  readonly make: () => Assignor;
  /** There while a law is checked that wants it. */
  otherProcess: OtherProcess | undefined;
  /** The problem that it is at, for the case that it never comes back from it. */
  #latest: ProblemSpec = { topics: [], members: [] };

  constructor(make: () => Assignor, settings: KitSettings) {
    this.make = make;
    this.settings = settings;
  }

  /** The problem as a leader gets it, user data of every member's own instance included. */
  build(spec: ProblemSpec, writers?: Writers): AssignmentProblem {
    return this.#orBroken(spec, () => problemOf(spec, this.make, writers));
  }

  /** @throws LawBroken where there is no plan, or no lawful one */
  *run(spec: ProblemSpec, instance = this.make(), world?: World): Steps<Run> {
    return this.lawful(yield* this.attempt(spec, { instance, ...(world === undefined ? {} : { world }) }));
  }

  /** The plan where members have sent the user data of other assignors. @throws LawBroken as `run` */
  *runAmong(spec: ProblemSpec, writers: Writers): Steps<Run> {
    return this.lawful(yield* this.attempt(spec, { problem: this.build(spec, writers) }));
  }

  /** @throws LawBroken where the plan is none that the core would send */
  lawful(run: Run): Run {
    const [violation] = validatePlan(run.problem, run.plan);
    if (violation === undefined) return run;
    const { kind, topicPartition, detail } = violation;
    const where =
      topicPartition === undefined ? detail : `${topicPartition.topic}-${topicPartition.partition}`;
    throw this.broken(run, `the plan is not lawful: ${kind}, ${where}`);
  }

  /** @throws LawBroken where there is no plan: the assignor has thrown, or has not answered in time */
  *attempt(
    spec: ProblemSpec,
    { instance = this.make(), problem = this.build(spec), world }: Attempt = {},
  ): Steps<Run> {
    const { deadlineMs } = this.settings;
    const controller = new AbortController();
    const begin = () => this.begin(spec, problem, controller.signal, instance);
    const answer = world === undefined ? begin() : world(begin);
    if (!isPromise(answer)) return { spec, problem, plan: answer };
    const plan = yield* settled(answer, deadlineMs);
    if (plan === 'late') {
      controller.abort(new Error(`no plan within ${deadlineMs} ms`));
      throw new LawBroken(`the promise of a plan did not settle within ${deadlineMs} ms`, spec);
    }
    if ('error' in plan) throw new LawBroken(`assign rejected with ${describe(plan.error)}`, spec);
    return { spec, problem, plan: plan.value };
  }

  /** Whatever `assign` returns. @throws LawBroken where it throws */
  begin(
    spec: ProblemSpec,
    problem: AssignmentProblem,
    signal: AbortSignal,
    instance = this.make(),
  ): AssignmentPlan | Promise<AssignmentPlan> {
    const { deadlineMs } = this.settings;
    return this.#orBroken(spec, () => instance.assign(problem, { signal, deadlineMs }));
  }

  /** Checks a law on a problem, ending it where it does not return. */
  async check(law: Law, spec: ProblemSpec): Promise<void> {
    const { deadlineMs } = this.settings;
    this.#latest = spec;
    try {
      await drive(law.check(spec, this), deadlineMs);
    } catch (error) {
      if (!(error instanceof CallTimeout)) throw error;
      throw new LawBroken(`it has not returned within ${deadlineMs} ms`, this.#latest);
    }
  }

  broken({ spec, problem, plan }: Run, what: string): LawBroken {
    return new LawBroken(what, spec, planByMember(problem, plan));
  }

  #orBroken<T>(spec: ProblemSpec, run: () => T): T {
    this.#latest = spec;
    try {
      return run();
    } catch (error) {
      if (error instanceof CallTimeout) throw error;
      throw new LawBroken(`it threw ${describe(error)}`, spec);
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** What each member has been given, in canonical order, whatever order the assignor chose. */
export function sortedPlan({ plan }: Run): number[][] {
  return plan.partitions.map((flatIds) => [...flatIds].sort((a, b) => a - b));
}

export function samePlans(a: Run, b: Run): boolean {
  return JSON.stringify(sortedPlan(a)) === JSON.stringify(sortedPlan(b));
}

/** The problem of the next generation: everybody owns what the plan has given it. */
export function adopted(run: Run, generation = 5): ProblemSpec {
  const indexes = new Map(run.problem.members.map(({ memberId }, m) => [memberId, m]));
  return {
    topics: run.spec.topics,
    members: run.spec.members.map(({ data: _, ...member }) => ({
      ...member,
      generation,
      owns: claimsOf(run.problem, run.plan.partitions[indexes.get(member.id) ?? -1]),
    })),
  };
}

export function claimsOf(problem: AssignmentProblem, flatIds: Iterable<number> = []): ClaimSpec[] {
  const byTopic = new Map<string, number[]>();
  for (const flatId of [...flatIds].sort((a, b) => a - b)) {
    const { topic, partition } = problem.partition(flatId);
    const numbers = byTopic.get(topic);
    if (numbers === undefined) byTopic.set(topic, [partition]);
    else numbers.push(partition);
  }
  return Array.from(byTopic, ([topic, partitions]) => ({ topic, partitions }));
}
