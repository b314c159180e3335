/** Names and messages of failed requests, for events and errors. */
import type { MemberStateName } from '../contracts/description.ts';
import type { RebalanceTrigger } from '../contracts/hooks.ts';
import type { GroupApi, RequestFailure, Verdict, VerdictState } from '../contracts/verdict.ts';
import { describeKafkaCode, KafkaCode } from '../errors/kafka-codes.ts';
import { type Draft, emit } from './draft.ts';
import { type Failure, isLeader, type Moment } from './state.ts';

/** The Kafka error name, or the kind of the transport failure. */
export function failureName(failure: RequestFailure): string {
  if ('errorCode' in failure) return describeKafkaCode(failure.errorCode).name;
  return 'transport' in failure ? failure.transport : failure.answer;
}

/** Asks the error tables, tells hooks what they say, and notes that a broker has answered. */
export function judge(
  d: Draft,
  api: GroupApi,
  failure: RequestFailure,
  triple: 'current' | 'stale' = 'current',
): Verdict {
  const { m } = d;
  const verdict = m.config.verdictFor(api, failure, {
    phase: PHASES[m.state],
    triple,
    superseded: m.givenId === 'in-question',
    leader: isLeader(m),
    leaving: m.state === 'leaving',
    connected: m.connected,
  });
  if (!('transport' in failure)) m.connected = true;
  emit(d, 'request.failed', { operation: api, error: failureName(failure), verdict: verdict.action });
  return verdict;
}

const PHASES: Readonly<Record<MemberStateName, VerdictState['phase']>> = {
  idle: 'unjoined',
  joining: 'preparing',
  assigning: 'completing',
  syncing: 'completing',
  applying: 'stable',
  stable: 'stable',
  draining: 'stable',
  'in-doubt': 'stable',
  out: 'unjoined',
  leaving: 'stable',
  closed: 'unjoined',
  terminal: 'unjoined',
};

/** What a fatal verdict means to the user. */
export function fatalFailure(
  api: GroupApi,
  failure: RequestFailure,
  verdict: Extract<Verdict, { action: 'fatal' }>,
): Failure {
  const kafkaCode = 'errorCode' in failure ? failure.errorCode : null;
  const name = kafkaCode === null ? failureName(failure) : `${failureName(failure)} (${kafkaCode})`;
  return {
    terminalClass: verdict.terminalClass,
    message: `${api} failed with ${name}. ${verdict.hint}`,
    kafkaCode,
  };
}

/** Whether the coordinator says that this member's ownership is over. */
export function endsOwnership(failure: RequestFailure): boolean {
  return 'errorCode' in failure && ENDS_OWNERSHIP.has(failure.errorCode);
}

const ENDS_OWNERSHIP: ReadonlySet<number> = new Set([
  KafkaCode.unknownMemberId,
  KafkaCode.illegalGeneration,
  KafkaCode.fencedInstanceId,
]);

/** Why what is owned is lost with this failure. */
export function lossReason(failure: RequestFailure): 'unknown-member' | 'illegal-generation' {
  const unknown = 'errorCode' in failure && failure.errorCode === KafkaCode.unknownMemberId;
  return unknown ? 'unknown-member' : 'illegal-generation';
}

/** What a rebalance is called that begins with this failure. */
export function triggerOf(api: GroupApi, failure: RequestFailure): RebalanceTrigger {
  if ('errorCode' in failure && failure.errorCode === KafkaCode.unknownMemberId) return 'unknown-member';
  if ('errorCode' in failure && failure.errorCode === KafkaCode.illegalGeneration)
    return 'illegal-generation';
  if (api === 'OffsetCommit') return 'commit';
  if (api === 'SyncGroup') return 'sync-failed';
  return api === 'Heartbeat' ? 'heartbeat' : 'join-failed';
}

/** Tells hooks that a request failed. */
export function sayOutcome(
  d: Draft,
  name: 'join.end' | 'sync.end' | 'heartbeat.end',
  sentAt: Moment | null,
  failure: RequestFailure,
): void {
  const outcome = {
    durationMs: sentAt ? d.now.mono - sentAt.mono : 0,
    outcome: 'error',
    error: failureName(failure),
  } as const;
  if (name === 'heartbeat.end') emit(d, name, { ...outcome, sessionTimeoutMs: d.m.config.sessionTimeout });
  else if (name === 'sync.end') emit(d, name, { ...outcome, isLeader: isLeader(d.m), assigned: 0 });
  else
    emit(d, name, {
      ...outcome,
      attempt: d.m.rebalance?.rounds ?? 1,
      isLeader: false,
      memberCount: 0,
      assignor: null,
    });
}
