/** The wish to rejoin, and the ways into `joining`: at once, after giving back what has to be, or after a backoff. */
import type { RebalanceTrigger } from '../contracts/hooks.ts';
import { isParked, scheduleHeartbeat } from './beating.ts';
import { arm, backoffMs, cancel, type Draft, move, openRebalance } from './draft.ts';
import { startRevoke } from './ownership.ts';
import type { Membership } from './state.ts';

/** Rejoins that may follow each other without a pause; beyond, they back off. */
const HURRIED_REJOINS = 5;

/** Wants a new generation: at once where the state allows, otherwise after the rebalance that is under way. */
export function rejoin(d: Draft, trigger: RebalanceTrigger, reason: string): void {
  const { m } = d;
  switch (m.state) {
    case 'stable':
    case 'applying':
      openRebalance(d, trigger, reason);
      giveBackAndJoin(d, reason);
      return;
    case 'joining':
      if (m.step !== null) m.wanted = { trigger, reason };
      return;
    case 'assigning':
    case 'syncing':
    case 'in-doubt':
      m.wanted = { trigger, reason };
      return;
    default:
      return;
  }
}

/** Eager: everything is given back first. Cooperative: only what is no longer subscribed to (KIP-429). */
function giveBackAndJoin(d: Draft, reason: string): void {
  const { m } = d;
  const subscribed = new Set(m.topics);
  const due = isCooperative(m) ? m.owned.filter(({ topic }) => !subscribed.has(topic)) : m.owned;
  if (due.length > 0) startRevoke(d, 'rebalance', due);
  else goJoin(d, reason);
}

function isCooperative(m: Membership): boolean {
  return m.config.protocol === 'cooperative';
}

/** Enters `joining` with nothing in flight. */
export function goJoin(d: Draft, reason: string): void {
  const { m } = d;
  leaveStep(d, reason);
  m.wanted = null;
  m.joinHeld = false;
  cancel(d, 'join');
}

/** Whatever the rebalance was at, it is over; what is owned stays owned, and goes on being vouched for by heartbeats. */
function leaveStep(d: Draft, reason: string): void {
  const { m } = d;
  if (m.state === 'assigning') d.effects.push({ type: 'cancel-plan' });
  if (m.state === 'joining' && m.step !== null) m.joinUnseen = true;
  if (isParked(m) && m.coordinator)
    d.effects.push({ type: 'abandon-request', coordinator: m.coordinator, reason });
  move(d, 'joining', reason);
  m.step = null;
  m.heartbeat = null;
  m.arrived = null;
  m.deferred = false;
  cancel(d, 'follow-up');
  if (m.owned.length > 0) scheduleHeartbeat(d, m.config.heartbeatInterval);
}

/** Enters `joining` and waits before the next attempt. */
export function goJoinLater(d: Draft, reason: string, delayMs: number): void {
  const { m } = d;
  leaveStep(d, reason);
  m.joinHeld = true;
  arm(d, 'join', delayMs, true);
}

/** Rejoins at once, unless that has happened too often in a row. */
export function hurryOrWait(d: Draft, reason: string): void {
  const { m } = d;
  m.hurried += 1;
  if (m.hurried <= HURRIED_REJOINS) goJoin(d, reason);
  else goJoinLater(d, reason, backoffMs(d, m.hurried - HURRIED_REJOINS));
}
