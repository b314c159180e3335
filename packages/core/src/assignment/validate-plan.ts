/** Whether a plan is lawful: nothing that an assignor returns is sent before this has said so. */
import type { AssignmentPlan, AssignmentProblem } from '../contracts/assignor.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import { CHUNK, runToEnd, type Steps } from './steps.ts';
import { TopicMarks } from './topic-marks.ts';

export type PlanViolationKind =
  /** Not one Int32Array for each member, or user data that is not bytes. */
  | 'malformed'
  /** A flat id outside the problem. */
  | 'unknown-partition'
  /** Given to two members, or twice to one. */
  | 'assigned-twice'
  /** Given to a member that does not subscribe to the topic. */
  | 'not-subscribed'
  /** Given to nobody although somebody subscribes to its topic. */
  | 'not-assigned';

/** All violations of one kind. */
export interface PlanViolation {
  readonly kind: PlanViolationKind;
  readonly count: number;
  /** The first member and partition that show it. */
  readonly memberId?: string;
  readonly topicPartition?: TopicPartition;
  readonly detail?: string;
}

/** Empty for a plan that is complete, exclusive, and gives only what is known and subscribed. */
export function validatePlan(problem: AssignmentProblem, plan: AssignmentPlan): PlanViolation[] {
  return runToEnd(validationSteps(problem, plan));
}

/** As `validatePlan`, with pauses. */
export function* validationSteps(problem: AssignmentProblem, plan: AssignmentPlan): Steps<PlanViolation[]> {
  const malformed = malformation(problem, plan);
  if (malformed !== undefined) return [{ kind: 'malformed', count: 1, detail: malformed }];
  const found = new Violations(problem);
  const given = new Uint8Array(problem.partitionCount);
  const subscribed = new TopicMarks(problem.topics.length);
  let looked = 0;
  for (const [member, partitions] of plan.partitions.entries()) {
    subscribed.set(problem.members[member]?.topics ?? new Int32Array());
    for (let i = 0; i < partitions.length; i++) {
      if (++looked % CHUNK === 0) yield;
      const flatId = partitions[i] ?? -1;
      const topic = problem.topicOf(flatId);
      if (topic < 0) {
        found.add('unknown-partition', member, flatId);
        continue;
      }
      if (given[flatId] === 1) found.add('assigned-twice', member, flatId);
      if (!subscribed.has(topic)) found.add('not-subscribed', member, flatId);
      given[flatId] = 1;
    }
  }
  yield* addForgotten(given, found);
  return found.list();
}

function* addForgotten(given: Uint8Array, found: Violations): Steps<void> {
  let looked = 0;
  for (let flatId = given.indexOf(0); flatId !== -1; flatId = given.indexOf(0, flatId + 1)) {
    found.add('not-assigned', -1, flatId);
    if (++looked % CHUNK === 0) yield;
  }
}

/** Plans of plugins without types can be anything. */
function malformation(problem: AssignmentProblem, plan: unknown): string | undefined {
  if (typeof plan !== 'object' || plan === null)
    return `a plan is an object, not ${plan === null ? 'null' : typeof plan}`;
  const { partitions, userData } = plan as { readonly partitions?: unknown; readonly userData?: unknown };
  const size = problem.members.length;
  if (!Array.isArray(partitions) || partitions.length !== size)
    return `plan.partitions has not ${size} entries, one for each member`;
  if (!partitions.every((entry) => entry instanceof Int32Array))
    return 'an entry of plan.partitions is not an Int32Array';
  if (userData === undefined) return undefined;
  if (!Array.isArray(userData) || userData.length !== size)
    return `plan.userData has not ${size} entries, one for each member`;
  const isData = (entry: unknown) => entry === null || entry instanceof Uint8Array;
  return userData.every(isData) ? undefined : 'an entry of plan.userData is neither a Uint8Array nor null';
}

/** Counts by kind and keeps the first example. */
class Violations {
  readonly #problem: AssignmentProblem;
  readonly #found = new Map<PlanViolationKind, PlanViolation>();

  constructor(problem: AssignmentProblem) {
    this.#problem = problem;
  }

  add(kind: PlanViolationKind, member: number, flatId: number): void {
    const known = this.#found.get(kind);
    const next =
      known === undefined ? this.#first(kind, member, flatId) : { ...known, count: known.count + 1 };
    this.#found.set(kind, next);
  }

  #first(kind: PlanViolationKind, member: number, flatId: number): PlanViolation {
    const memberId = this.#problem.members[member]?.memberId;
    return {
      kind,
      count: 1,
      ...(memberId === undefined ? {} : { memberId }),
      ...(kind === 'unknown-partition'
        ? { detail: `flat id ${flatId} of ${this.#problem.partitionCount}` }
        : { topicPartition: this.#problem.partition(flatId) }),
    };
  }

  list(): PlanViolation[] {
    return [...this.#found.values()];
  }
}
