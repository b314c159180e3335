/** What a heartbeat is answered. REBALANCE_IN_PROGRESS is a good answer: the coordinator knows the member. */
import type { RequestFailure } from '../contracts/verdict.ts';
import { KafkaCode } from '../errors/kafka-codes.ts';
import { beats, noticeStall, repeatHeartbeat, scheduleHeartbeat, sendHeartbeat } from './beating.ts';
import { forgetCoordinator, reportRetry } from './coordinator.ts';
import { askForProof, restore } from './doubt.ts';
import { backoffMs, type Draft, emit } from './draft.ts';
import { leaveNow } from './ending.ts';
import type { MembershipEvent } from './event.ts';
import { endsOwnership, failureName, judge, lossReason, sayOutcome } from './failure.ts';
import { follow } from './following.ts';
import { applyArrived } from './joining.ts';
import { lose, postponeJoin } from './ownership.ts';
import { goJoin, rejoin } from './rejoining.ts';
import { isJoinUnderWay, type Membership, type Moment, type SentHeartbeat } from './state.ts';

export function onHeartbeatTimer(d: Draft): void {
  const { m, now } = d;
  if (!beats(m)) return;
  const late = now.mono - (m.heartbeatDue ?? now.mono);
  if (late > Math.max(100, m.config.heartbeatInterval / 5)) emit(d, 'heartbeat.late', { lateByMs: late });
  sendHeartbeat(d);
}

/** The coordinator knows this member: the session and the lease count from the moment the request was sent. */
function accepted(d: Draft, at: Moment): void {
  const { m, now } = d;
  m.contact = at;
  m.stalled = false;
  m.lastHeartbeat = now.wall;
  m.failures = { ...m.failures, heartbeat: 0 };
  d.effects.push({ type: 'lease', mono: at.mono, wall: at.wall });
}

/** Takes the heartbeat that the event answers, or nothing if it is a stale one. */
function answered(d: Draft, token: number): SentHeartbeat | null {
  const { m } = d;
  const sent = m.heartbeat;
  if (!sent || sent.token !== token) return null;
  m.heartbeat = null;
  return beats(m) ? sent : null;
}

export function onHeartbeat(d: Draft, event: Extract<MembershipEvent, { type: 'heartbeat' }>): void {
  const { m, now } = d;
  const sent = answered(d, event.token);
  if (!sent) return;
  emit(d, 'heartbeat.end', {
    durationMs: now.mono - sent.at.mono,
    outcome: 'ok',
    error: null,
    sessionTimeoutMs: m.config.sessionTimeout,
  });
  accepted(d, sent.at);
  m.calm = sent.at.mono;
  if (m.state === 'stable') m.hurried = 0;
  scheduleHeartbeat(d, sent.at.mono + m.config.heartbeatInterval - now.mono);
  if (m.state === 'in-doubt') askForProof(d);
  else if (m.state === 'syncing') applyArrived(d);
  else if (m.state === 'draining') postponeJoin(d);
}

export function onHeartbeatFailed(
  d: Draft,
  event: Extract<MembershipEvent, { type: 'heartbeat-failed' }>,
): void {
  const { m } = d;
  const sent = answered(d, event.token);
  if (!sent) return;
  sayOutcome(d, 'heartbeat.end', sent.at, event.failure);
  if (failedWith(event.failure, KafkaCode.rebalanceInProgress)) {
    onRebalanceSignal(d, sent.at);
    return;
  }
  if (isJoinUnderWay(m) && failedWith(event.failure, KafkaCode.illegalGeneration)) {
    // The JoinGroup that is under way may have ended the old generation at this very moment; its answer will say.
    scheduleHeartbeat(d, m.config.heartbeatInterval);
    return;
  }
  if (m.state === 'leaving' && endsOwnership(event.failure)) {
    lose(d, lossReason(event.failure));
    leaveNow(d);
    return;
  }
  const verdict = judge(d, 'Heartbeat', event.failure);
  switch (verdict.action) {
    case 'ignore':
      scheduleHeartbeat(d, m.config.heartbeatInterval);
      return;
    case 'retry':
    case 'rediscover': {
      const failures = m.failures.heartbeat + 1;
      m.failures = { ...m.failures, heartbeat: failures };
      const delayMs = backoffMs(d, failures);
      reportRetry(d, 'Heartbeat', failures, delayMs, event.failure);
      // A coordinator that answers nothing for a whole session is as good as gone.
      if (verdict.action === 'retry' && !noticeStall(d)) repeatHeartbeat(d, delayMs);
      else forgetCoordinator(d, `heartbeat: ${failureName(event.failure)}`, delayMs);
      return;
    }
    default:
      follow(d, 'Heartbeat', event.failure, verdict);
  }
}

function failedWith(failure: RequestFailure, errorCode: number): boolean {
  return 'errorCode' in failure && failure.errorCode === errorCode;
}

/** The coordinator collects the members for a new generation, and has accepted this one. */
function onRebalanceSignal(d: Draft, at: Moment): void {
  const { m, now } = d;
  accepted(d, at);
  scheduleHeartbeat(d, at.mono + m.config.heartbeatInterval - now.mono);
  if (m.state === 'in-doubt') restore(d);
  else if (isOvertaken(m, at)) goJoin(d, 'the group rebalances again before the assignment has come');
  else if (m.state === 'syncing') applyArrived(d);
  if (m.state === 'stable' || m.state === 'applying') rejoin(d, 'heartbeat', 'the group is rebalancing');
}

/**
 * Whether the coordinator has gone on to another rebalance than the one whose SyncGroup this member waits for. It answers
 * those that are parked when that happens; an answer that is lost would be waited for until the member is expelled.
 */
function isOvertaken(m: Membership, beatSentAt: Moment): boolean {
  return m.state === 'syncing' && m.step !== null && beatSentAt.mono > (m.stepAt?.mono ?? beatSentAt.mono);
}
