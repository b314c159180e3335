/**
 * The leader's duty in one call: what the members sent, to the bytes that each gets back. Whatever an assignor does,
 * a lawful plan comes out.
 */

import { deferSteps } from '../assignment/deferral.ts';
import { type EncodedAssignment, encodePlan } from '../assignment/encode-plan.ts';
import { fallbackSteps } from '../assignment/fallback-plan.ts';
import type { MemberIssue } from '../assignment/member-issue.ts';
import { type BuiltProblem, problemSteps } from '../assignment/problem.ts';
import type { Steps } from '../assignment/steps.ts';
import type { AssignmentCluster } from '../assignment/topic-index.ts';
import { type PlanViolation, validationSteps } from '../assignment/validate-plan.ts';
import type {
  AssignmentPlan,
  AssignmentProblem,
  Assignor,
  RebalanceProtocol,
} from '../contracts/assignor.ts';
import type { Clock } from '../contracts/clock.ts';
import type { JoinedMember } from '../contracts/transport.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import { runSliced } from './run-sliced.ts';

export interface PlanRequest {
  readonly members: readonly JoinedMember[];
  readonly cluster: AssignmentCluster;
  readonly assignor: Assignor;
  /** The protocol that this group runs: see `selectRebalanceProtocol`. */
  readonly protocol: RebalanceProtocol;
  readonly clock: Clock;
  /** Milliseconds that the assignor may take. */
  readonly deadlineMs: number;
  /** Aborted when the plan is not wanted any more. */
  readonly signal: AbortSignal;
}

/** Fields of the event `assignment.rejected`. */
export interface PlanRejection {
  readonly source: 'assignor' | 'member';
  /** Name of the assignor, or member id. */
  readonly offender: string;
  readonly reason: string;
}

export interface PlanReport {
  readonly assignor: string;
  readonly members: number;
  readonly partitions: number;
  /** Partitions that the plan takes from a member that owns and could keep them. */
  readonly moved: number;
  /** Partitions held back until their present owners have given them up: another rebalance follows. Cooperative only. */
  readonly deferred: number;
  /** What the assignor took, in milliseconds. */
  readonly durationMs: number;
  /** The assignor failed and the fallback stands in for it. */
  readonly degraded: boolean;
  readonly rejections: readonly PlanRejection[];
  /** Everything odd about what the members sent. */
  readonly issues: readonly MemberIssue[];
  /** Subscribed topics that the cluster does not know. */
  readonly topicsWithoutMetadata: readonly string[];
}

export interface PlannedAssignments {
  /** One for every member, in order of member id. */
  readonly assignments: readonly EncodedAssignment[];
  readonly report: PlanReport;
}

/**
 * A small group is planned at once, as far as its assignor is; a large one with pauses, in which heartbeats get through.
 *
 * @throws KohortError `KOHORT_ABORTED` when the signal is aborted, and for no other reason
 */
export async function planAssignments(request: PlanRequest): Promise<PlannedAssignments> {
  try {
    return await plan(request);
  } catch (error) {
    throw request.signal.aborted ? abortedError() : error;
  }
}

async function plan(request: PlanRequest): Promise<PlannedAssignments> {
  const { members, cluster, assignor, clock } = request;
  const slices = { clock, signal: request.signal };
  const building = runSliced(problemSteps(members, cluster, assignor.userData), slices);
  const built = building instanceof Promise ? await building : building;
  const began = clock.monotonic();
  const proposal = await propose(built.problem, request);
  request.signal.throwIfAborted();
  const durationMs = clock.monotonic() - began;
  return runSliced(finish(built, proposal, durationMs, request), slices);
}

/** From what the assignor proposes to what is sent. */
function* finish(
  { problem, issues, topicsWithoutMetadata, versions }: BuiltProblem,
  proposal: Proposal,
  durationMs: number,
  { assignor, protocol }: PlanRequest,
): Steps<PlannedAssignments> {
  const plan = proposal.plan ?? (yield* fallbackSteps(problem));
  yield;
  const deferral = protocol === 'cooperative' ? yield* deferSteps(problem, plan) : { plan, deferred: [] };
  const assignments = yield* encodePlan(problem, deferral.plan, versions);
  return {
    assignments,
    report: {
      assignor: assignor.name,
      members: problem.members.length,
      partitions: problem.partitionCount,
      moved: countMoves(problem, plan),
      deferred: deferral.deferred.length,
      durationMs,
      degraded: proposal.plan === undefined,
      rejections: [...rejectedMembers(issues), ...rejectedPlan(assignor, proposal.reason)],
      issues,
      topicsWithoutMetadata,
    },
  };
}

/** A plan, or the reason why there is none. */
interface Proposal {
  readonly plan?: AssignmentPlan;
  readonly reason?: string;
}

async function propose(problem: AssignmentProblem, request: PlanRequest): Promise<Proposal> {
  try {
    const plan = await runAssignor(problem, request);
    const { clock, signal } = request;
    const violations = await runSliced(validationSteps(problem, plan), { clock, signal });
    return violations.length === 0 ? { plan } : { reason: violations.map(describeViolation).join('; ') };
  } catch (error) {
    return { reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** Rejects at the deadline, whatever the assignor does; its own signal is aborted then. */
async function runAssignor(problem: AssignmentProblem, request: PlanRequest): Promise<AssignmentPlan> {
  const { assignor, clock, deadlineMs, signal } = request;
  if (signal.aborted) throw abortedError();
  const controller = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  const onAbort = () => controller.abort(abortedError());
  signal.addEventListener('abort', onAbort, { once: true });
  const deadline = clock.setTimer(() => controller.abort(deadlineError(deadlineMs)), deadlineMs);
  try {
    const plan = assignor.assign(problem, { signal: controller.signal, deadlineMs, clock });
    return await Promise.race([plan, stopped]);
  } finally {
    deadline.cancel();
    signal.removeEventListener('abort', onAbort);
  }
}

function abortedError(): KohortError {
  return new KohortError(
    ErrorCode.aborted,
    'The plan is not wanted any more: the rebalance has been overtaken.',
  );
}

function deadlineError(deadlineMs: number): Error {
  return new Error(`no plan within ${deadlineMs} ms`);
}

function describeViolation({ kind, count, memberId, topicPartition, detail }: PlanViolation): string {
  const where = topicPartition === undefined ? detail : `${topicPartition.topic}-${topicPartition.partition}`;
  const whom = memberId === undefined ? '' : ` at member ${memberId}`;
  return `${kind} (${count}), first ${where}${whom}`;
}

function rejectedPlan(assignor: Assignor, reason: string | undefined): PlanRejection[] {
  return reason === undefined ? [] : [{ source: 'assignor', offender: assignor.name, reason }];
}

function rejectedMembers(issues: readonly MemberIssue[]): PlanRejection[] {
  return issues
    .filter(({ kind }) => kind === 'unreadable-metadata' || kind === 'duplicate-member')
    .map(({ memberId, kind, reason }) => ({
      source: 'member',
      offender: memberId,
      reason: reason === undefined ? kind : `${kind}: ${reason}`,
    }));
}

function countMoves(problem: AssignmentProblem, plan: AssignmentPlan): number {
  const { owner } = problem.owners();
  let moved = 0;
  for (const [member, partitions] of plan.partitions.entries()) {
    for (let i = 0; i < partitions.length; i++) {
      const held = owner[partitions[i] ?? -1] ?? -1;
      if (held !== -1 && held !== member) moved++;
    }
  }
  return moved;
}
