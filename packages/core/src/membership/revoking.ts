/** What follows when an assignment has been applied, and when partitions have been given back. */
import { arm, cancel, closeRebalance, type Draft, endPhase, move } from './draft.ts';
import { leaveNow, revokeToClose } from './ending.ts';
import type { MembershipEvent } from './event.ts';
import { goJoin, rejoin, takeOver } from './joining.ts';
import { lose, startRevoke } from './ownership.ts';
import { without } from './state.ts';
import { leaveForStuck } from './stepping-out.ts';

/** Heartbeat intervals that the leader waits for the owners of held-back partitions to ask for the follow-up. */
const FOLLOW_UP_BEATS = 2;

export function onApplied(d: Draft, event: Extract<MembershipEvent, { type: 'applied' }>): void {
  const { m } = d;
  if (event.token !== m.applying) return;
  m.applying = null;
  if (m.state !== 'applying') return;
  endPhase(d, 'applyMs');
  closeRebalance(d, 'ok');
  move(d, 'stable', 'the assignment is applied');
  const wanted = m.wanted;
  m.wanted = null;
  if (wanted) rejoin(d, wanted.trigger, wanted.reason);
  else if (m.deferred) arm(d, 'follow-up', FOLLOW_UP_BEATS * m.config.heartbeatInterval);
}

/** Nobody has given back what the plan waits for: whoever claimed it does not own it. A new plan will see that. */
export function onFollowUpTimer(d: Draft): void {
  const { m } = d;
  if (m.state === 'stable' && m.deferred)
    rejoin(d, 'cooperative-follow-up', 'partitions that were held back are still without an owner');
}

export function onRevoked(d: Draft, event: Extract<MembershipEvent, { type: 'revoked' }>): void {
  const { m, now } = d;
  if (event.token !== m.step) return;
  m.step = null;
  m.owned = without(m.owned, m.revoking);
  m.revoking = [];
  if (m.state === 'draining') afterRevoke(d);
  else if (m.state === 'leaving' && m.owned.length > 0)
    revokeToClose(d, (m.ending?.deadline ?? now.mono) - now.mono);
  else if (m.state === 'leaving') leaveNow(d);
}

/** `joinBy` has come: the JoinGroup leaves, and what has not been given back is lost. */
export function onJoinByTimer(d: Draft): void {
  const { m } = d;
  if (m.state !== 'draining') return;
  lose(d, 'rebalance-timeout', m.revoking);
  m.step = null;
  afterRevoke(d);
}

function afterRevoke(d: Draft): void {
  const { m } = d;
  cancel(d, 'join-by');
  endPhase(d, 'revokeMs');
  if (m.stuck && m.owned.length > 0) startRevoke(d, 'leave', m.owned);
  else if (m.stuck) leaveForStuck(d);
  else if (m.arrived) followUp(d);
  else goJoin(d, 'partitions are given back');
}

/** Cooperative: the rest of the new assignment is taken over, and those who wait for what was given back get it in the follow-up. */
function followUp(d: Draft): void {
  takeOver(d);
  rejoin(d, 'cooperative-follow-up', 'partitions were given back');
}
