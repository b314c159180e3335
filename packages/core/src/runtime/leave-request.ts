/** The goodbye: best effort within its time. A coordinator that moved is looked up again; "unknown member" is success. */
import { backoffDelay, pause } from '../cluster/backoff.ts';
import type { BrokerAddress } from '../contracts/topic-partition.ts';
import type { LeaveResult } from '../contracts/transport.ts';
import { describeKafkaCode, KafkaCode } from '../errors/kafka-codes.ts';
import { failureName } from '../membership/failure.ts';
import type { ManagerContext } from './context.ts';
import { failureOf } from './failure-of.ts';

export interface LeaveOptions {
  readonly memberId: string;
  readonly reason: string;
  readonly coordinator: BrokerAddress | null;
  readonly timeoutMs: number;
}

export interface LeaveOutcome {
  /** The coordinator has taken the member out, or did not know it any more. */
  readonly left: boolean;
  /** Kafka error name or transport error kind; null when it left. */
  readonly error: string | null;
}

/** Never rejects. */
export async function sendLeave(context: ManagerContext, options: LeaveOptions): Promise<LeaveOutcome> {
  const { settings, signal } = context;
  const { clock, retryBackoff, random } = settings;
  const deadline = clock.monotonic() + options.timeoutMs;
  let coordinator = options.coordinator;
  let error = 'timeout';
  for (let attempt = 1; clock.monotonic() < deadline && !signal.aborted; attempt++) {
    const answer = await attemptLeave(context, options, coordinator, deadline);
    if (answer.error === null) return { left: true, error: null };
    error = answer.error;
    if (!answer.again) break;
    coordinator = null;
    const left = Math.max(0, deadline - clock.monotonic());
    await pause(clock, Math.min(backoffDelay(retryBackoff, attempt, random), left), signal);
  }
  return { left: false, error };
}

/** Transport failures after which another attempt has no sense. */
const FINAL = new Set<string>(['closed', 'aborted', 'unsupportedVersion']);

async function attemptLeave(
  context: ManagerContext,
  options: LeaveOptions,
  known: BrokerAddress | null,
  deadline: number,
): Promise<{ readonly error: string | null; readonly again: boolean }> {
  const left = () => Math.max(1, deadline - context.settings.clock.monotonic());
  try {
    const coordinator = known ?? (await lookUp(context, left()));
    if (!coordinator) return { error: 'COORDINATOR_NOT_AVAILABLE', again: true };
    const code = await leave(context, options, coordinator, left());
    if (code === KafkaCode.none || code === KafkaCode.unknownMemberId) return { error: null, again: false };
    return { error: describeKafkaCode(code).name, again: mayPass(code) };
  } catch (thrown) {
    const error = failureName(failureOf(thrown));
    return { error, again: !FINAL.has(error) };
  }
}

async function lookUp(
  { connection, settings, signal }: ManagerContext,
  timeoutMs: number,
): Promise<BrokerAddress | null> {
  const result = await connection.transport.findCoordinator(settings.groupId, { timeoutMs, signal });
  return result.coordinator;
}

async function leave(
  { connection, settings, signal }: ManagerContext,
  { memberId, reason }: LeaveOptions,
  coordinator: BrokerAddress,
  timeoutMs: number,
): Promise<number> {
  const { groupId, groupInstanceId } = settings;
  const member = groupInstanceId === undefined ? { memberId, reason } : { memberId, groupInstanceId, reason };
  const result = await connection.transport.leaveGroup(
    coordinator,
    { groupId, members: [member] },
    { timeoutMs, signal },
  );
  return codeOf(result);
}

/** From version 3 on the code of the member counts, and the code of the response stays 0. */
function codeOf(result: LeaveResult): number {
  return result.errorCode !== KafkaCode.none
    ? result.errorCode
    : (result.members[0]?.errorCode ?? KafkaCode.none);
}

function mayPass(code: number): boolean {
  return (
    code === KafkaCode.coordinatorLoadInProgress ||
    code === KafkaCode.coordinatorNotAvailable ||
    code === KafkaCode.notCoordinator
  );
}
