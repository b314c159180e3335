/**
 * Sending heartbeats: on their own timer, whatever the handlers do. A parked request keeps the session, so a member that
 * owns nothing sends none meanwhile; one that works on needs to know that it may.
 */
import { lookUp } from './coordinator.ts';
import { arm, type Draft, emit, issue } from './draft.ts';
import type { Membership } from './state.ts';

/** Whether the member heartbeats in its state. */
export function beats(m: Membership): boolean {
  switch (m.state) {
    case 'assigning':
    case 'applying':
    case 'stable':
    case 'draining':
    case 'in-doubt':
      return true;
    case 'joining':
      return m.owned.length > 0;
    case 'syncing':
      return m.arrived !== null || m.owned.length > 0;
    case 'leaving':
      return m.triple.generationId >= 0 && m.owned.length > 0;
    default:
      return false;
  }
}

export function scheduleHeartbeat(d: Draft, delayMs: number): void {
  d.m.heartbeatDue = d.now.mono + Math.max(0, delayMs);
  arm(d, 'heartbeat', delayMs);
}

/** After a failure: varied, so that members that failed together do not ask together. */
export function repeatHeartbeat(d: Draft, delayMs: number): void {
  d.m.heartbeatDue = null;
  arm(d, 'heartbeat', delayMs, true);
}

/** Sends one, unless one is on its way. */
export function sendHeartbeat(d: Draft): void {
  const { m, now } = d;
  if (m.heartbeat) return;
  noticeStall(d);
  if (!m.coordinator) {
    lookUp(d);
    return;
  }
  const token = issue(d);
  m.heartbeat = { token, at: now };
  m.heartbeatDue = null;
  d.effects.push({
    type: 'heartbeat',
    beside: isParked(m),
    token,
    coordinator: m.coordinator,
    triple: m.triple,
    timeoutMs: answerWithin(d),
  });
}

/**
 * Milliseconds for an answer that the session waits for: short enough that one lost request does not cost it. Where there is
 * none to be lost, haste would only keep a coordinator that is slow from ever answering in time.
 */
export function answerWithin({ m, now }: Draft): number {
  const { contact, owned } = m;
  const { sessionTimeout } = m.config;
  const left = contact && owned.length > 0 ? sessionTimeout - (now.mono - contact.mono) : sessionTimeout;
  return left < sessionTimeout / 6 ? sessionTimeout / 2 : Math.min(sessionTimeout / 2, left);
}

/** Whether JoinGroup or SyncGroup may occupy the group's connection. */
export function isParked(m: Membership): boolean {
  return m.state === 'leaving' || ((m.state === 'joining' || m.state === 'syncing') && m.step !== null);
}

/** Whether no heartbeat has been answered for a whole session; told once for each episode. */
export function noticeStall(d: Draft): boolean {
  const { m, now } = d;
  if (!m.contact) return false;
  const sinceMs = now.mono - m.contact.mono;
  if (sinceMs <= m.config.sessionTimeout) return false;
  if (!m.stalled) emit(d, 'heartbeat.stalled', { sinceMs });
  m.stalled = true;
  return true;
}
