/**
 * Ownership in doubt, and out of it. An accepted heartbeat alone is no proof that the member still belongs to its generation:
 * a coordinator that reads its log answers every heartbeat with success, so that nobody resets itself (Kafka's
 * `GroupCoordinator`). So the coordinator is asked for the assignment again: SyncGroup for a stable generation changes
 * nothing, and only a member of that generation gets an answer.
 */
import type { RequestFailure } from '../contracts/verdict.ts';
import { answerWithin, repeatHeartbeat, scheduleHeartbeat } from './beating.ts';
import { backoffMs, cancel, closeRebalance, type Draft, emit, issue, move } from './draft.ts';
import { endsOwnership, judge } from './failure.ts';
import { follow } from './following.ts';
import { isLeader } from './state.ts';

export function enterDoubt(d: Draft): void {
  const { m, now } = d;
  if (m.rebalance) m.wanted = { trigger: m.rebalance.trigger, reason: m.rebalance.reason };
  closeRebalance(d, 'abandoned');
  m.step = null;
  m.applying = null;
  m.revoking = [];
  m.revoke = null;
  m.arrived = null;
  m.doubtSince = now.mono;
  cancel(d, 'join-by');
  move(d, 'in-doubt', 'the lease has ended');
  d.effects.push({ type: 'lose', partitions: m.owned, reason: 'lease' });
  if (!m.heartbeat) scheduleHeartbeat(d, 0);
}

/** A heartbeat was accepted: asks for the proof, unless that is on its way. */
export function askForProof(d: Draft): void {
  const { m } = d;
  if (m.step !== null || !m.coordinator) return;
  m.step = issue(d);
  m.stepAt = d.now;
  d.effects.push({
    type: 'sync',
    token: m.step,
    coordinator: m.coordinator,
    triple: m.triple,
    assignments: [],
    timeoutMs: answerWithin(d),
  });
}

/** No proof this time. A refusal of the member is final; anything else is asked again with the next accepted heartbeat. */
export function onNoProof(d: Draft, failure: RequestFailure): void {
  const { m } = d;
  if (endsOwnership(failure)) {
    follow(d, 'SyncGroup', failure, judge(d, 'SyncGroup', failure));
    return;
  }
  const failures = m.failures.join + 1;
  m.failures = { ...m.failures, join: failures };
  if (!m.heartbeat) repeatHeartbeat(d, backoffMs(d, failures));
}

/**
 * The coordinator knows the member in its old generation: what was owned is owned again, with no JoinGroup. The lease counts
 * from the heartbeat before, since SyncGroup need not restart the session.
 */
export function restore(d: Draft): void {
  const { m, now } = d;
  emit(d, 'lease.restored', { doubtMs: m.doubtSince === null ? 0 : now.mono - m.doubtSince });
  m.doubtSince = null;
  m.step = null;
  m.failures = { ...m.failures, join: 0 };
  move(d, 'applying', 'the coordinator accepted the member again');
  m.applying = issue(d);
  d.effects.push({
    type: 'assign',
    token: m.applying,
    triple: m.triple,
    isLeader: isLeader(m),
    added: m.owned,
  });
}
