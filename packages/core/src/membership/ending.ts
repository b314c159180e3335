/** The ways out for good: closing, and failing. */

import { TERMINAL_CODES } from '../errors/error-codes.ts';
import { arm, cancel, closeRebalance, type Draft, emit, issue, move } from './draft.ts';
import type { MembershipEvent } from './event.ts';
import { lose } from './ownership.ts';
import { type Failure, type Membership, NO_GENERATION } from './state.ts';

/** Milliseconds for a goodbye after an error. */
const PARTING_MS = 2000;

export function onClose(d: Draft, event: Extract<MembershipEvent, { type: 'close' }>): void {
  finishSoon(d, { leave: event.leave, reason: event.reason, timeoutMs: event.timeoutMs, failure: null });
}

export function onFail(d: Draft, event: Extract<MembershipEvent, { type: 'fail' }>): void {
  finishSoon(d, {
    leave: false,
    reason: event.failure.message,
    timeoutMs: event.timeoutMs,
    failure: event.failure,
  });
}

interface Wish {
  readonly leave: boolean;
  readonly reason: string;
  readonly timeoutMs: number;
  readonly failure: Failure | null;
}

/** Gives back what is owned, then leaves; over by the deadline in any case. */
function finishSoon(d: Draft, wish: Wish): void {
  const { m, now } = d;
  const deadline = now.mono + wish.timeoutMs;
  if (m.state === 'closed' || m.state === 'terminal') return;
  if (m.ending) {
    if (deadline < m.ending.deadline) {
      m.ending = { ...m.ending, deadline };
      arm(d, 'end', wish.timeoutMs);
    }
    return;
  }
  m.ending = { leave: wish.leave, reason: wish.reason, deadline, failure: wish.failure };
  m.wanted = null;
  const from = m.state;
  if (from === 'idle') {
    finish(d);
    return;
  }
  if (from === 'assigning' && m.owned.length === 0) d.effects.push({ type: 'cancel-plan' });
  cancel(d, 'join');
  cancel(d, 'join-by');
  arm(d, 'end', wish.timeoutMs);
  move(d, 'leaving', wish.reason);
  closeRebalance(d, 'abandoned');
  if (from === 'out') finish(d);
  else if (from === 'in-doubt') dropAndLeave(d);
  else if (m.revoke !== null)
    return; // what is being given back is given back, and then the member leaves
  else if (m.owned.length > 0) revokeToClose(d, wish.timeoutMs);
  else if (from === 'joining' && m.step !== null && m.triple.memberId === '')
    return; // the answer will name the member that has to leave
  else leaveNow(d);
}

/** The part of the time to close in which partitions are given back; the rest is for the goodbye. */
function revokeShare(timeoutMs: number): number {
  return Math.max(0, timeoutMs - Math.max(250, timeoutMs / 10));
}

/** Asks for everything back, for good. */
export function revokeToClose(d: Draft, timeoutMs: number): void {
  const { m } = d;
  m.revoke = issue(d);
  m.revoking = m.owned;
  d.effects.push({
    type: 'revoke',
    token: m.revoke,
    partitions: m.owned,
    deadlineMs: revokeShare(timeoutMs),
    reason: 'close',
  });
}

function dropAndLeave(d: Draft): void {
  d.m.owned = []; // told as lost when the lease ended
  d.m.ownedGeneration = NO_GENERATION;
  leaveNow(d);
}

function mayLeave(m: Membership): boolean {
  if (m.triple.memberId === '') return false;
  return m.config.groupInstanceId === undefined || m.ending?.leave === true;
}

/** Says goodbye where that is due, and ends. Best effort: the session timeout does the rest. */
export function leaveNow(d: Draft): void {
  const { m, now } = d;
  if (!m.ending) return;
  const timeoutMs = m.ending.deadline - now.mono;
  if (!mayLeave(m) || timeoutMs <= 0) {
    finish(d);
    return;
  }
  m.step = issue(d);
  d.effects.push({
    type: 'leave',
    token: m.step,
    memberId: m.triple.memberId,
    reason: m.ending.reason,
    timeoutMs,
  });
}

export function onEndTimer(d: Draft): void {
  if (d.m.state === 'leaving') finish(d);
}

/** An error without remedy: ownership ends now. A fenced member says nothing to the coordinator: the name is somebody else's. */
export function terminate(d: Draft, failure: Failure): void {
  const { m, now } = d;
  if (m.state === 'closed' || m.state === 'terminal') return;
  const fenced = failure.terminalClass === 'fenced';
  if (m.owned.length > 0 && fenced) emit(d, 'member.fenced', { kind: 'instance-id' });
  lose(d, fenced ? 'fenced' : 'terminal');
  if (m.state === 'assigning') d.effects.push({ type: 'cancel-plan' });
  closeRebalance(d, 'abandoned');
  if (m.state !== 'leaving' && m.state !== 'idle') move(d, 'leaving', failure.message);
  m.ending = {
    leave: false,
    reason: failure.message,
    deadline: now.mono + PARTING_MS,
    failure: m.ending?.failure ?? failure,
  };
  const parts = failure.terminalClass === 'configuration';
  if (parts) {
    arm(d, 'end', PARTING_MS);
    leaveNow(d);
  } else {
    finish(d);
  }
}

export function onAbandon(d: Draft, event: Extract<MembershipEvent, { type: 'abandon' }>): void {
  terminate(d, event.failure);
}

/** The end, at once. */
export function finish(d: Draft): void {
  const { m } = d;
  const failure = m.ending?.failure ?? null;
  lose(d, 'terminal');
  closeRebalance(d, 'abandoned');
  for (const name of ['lookup', 'join', 'heartbeat', 'lease', 'join-by', 'follow-up', 'end'] as const)
    cancel(d, name);
  m.lookup = null;
  m.heartbeat = null;
  if (failure) {
    emit(d, 'member.terminated', {
      terminalClass: failure.terminalClass,
      code: TERMINAL_CODES[failure.terminalClass],
      message: failure.message,
    });
  }
  move(d, failure ? 'terminal' : 'closed', m.ending?.reason ?? 'closed');
  d.effects.push({ type: 'end', failure });
}
