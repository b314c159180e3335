/** What follows when an assignment has been applied, and when partitions have been given back. */
import { arm, cancel, closeRebalance, type Draft, endPhase, move } from './draft.ts';
import { leaveNow, revokeToClose } from './ending.ts';
import type { MembershipEvent } from './event.ts';
import { applyArrived, takeOver } from './joining.ts';
import { lose, startRevoke } from './ownership.ts';
import { goJoin, rejoin } from './rejoining.ts';
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
  if (event.token !== m.revoke) return;
  m.revoke = null;
  m.owned = without(m.owned, m.revoking);
  m.givenBack = [...m.givenBack, ...m.revoking];
  m.revoking = [];
  if (m.state === 'draining') afterRevoke(d);
  else if (m.state === 'leaving' && m.owned.length > 0)
    revokeToClose(d, (m.ending?.deadline ?? now.mono) - now.mono);
  else if (m.state === 'leaving') leaveNow(d);
}

/**
 * `joinBy` has come, and the JoinGroup leaves. Where an assignment has arrived, what still drains goes on being claimed: the
 * leader gives it to nobody else. Otherwise nothing protects it, and what has not been given back is lost.
 */
export function onJoinByTimer(d: Draft): void {
  const { m } = d;
  if (m.state !== 'draining') return;
  if (m.arrived && !m.stuck) {
    endPhase(d, 'revokeMs');
    takeOver(d);
    goJoin(d, 'the rebalance does not wait for what is still being given back');
    return;
  }
  lose(d, 'rebalance-timeout', m.revoking);
  m.revoke = null;
  afterRevoke(d);
}

/** Nothing is being given back any more: the member goes on with what it was at. */
function afterRevoke(d: Draft): void {
  const { m } = d;
  cancel(d, 'join-by');
  endPhase(d, 'revokeMs');
  if (m.stuck && m.owned.length > 0) startRevoke(d, 'leave', m.owned);
  else if (m.stuck) leaveForStuck(d);
  else if (m.arrived) applyArrived(d);
  else goJoin(d, 'partitions are given back');
}
