/** What follows when an assignment has been applied, and when partitions have been given back. */
import { cancel, closeRebalance, type Draft, endPhase, move } from './draft.ts';
import { leaveNow } from './ending.ts';
import type { MembershipEvent } from './event.ts';
import { goJoin, rejoin } from './joining.ts';
import { lose } from './ownership.ts';
import { leaveForStuck } from './stepping-out.ts';

export function onApplied(d: Draft, event: Extract<MembershipEvent, { type: 'applied' }>): void {
  const { m } = d;
  if (event.token !== m.step || m.state !== 'applying') return;
  m.step = null;
  endPhase(d, 'applyMs');
  closeRebalance(d, 'ok');
  move(d, 'stable', 'the assignment is applied');
  const wanted = m.wanted;
  m.wanted = null;
  if (wanted) rejoin(d, wanted.trigger, wanted.reason);
}

export function onRevoked(d: Draft, event: Extract<MembershipEvent, { type: 'revoked' }>): void {
  const { m } = d;
  if (event.token !== m.step) return;
  m.step = null;
  m.owned = [];
  if (m.state === 'draining') afterRevoke(d);
  else if (m.state === 'leaving') leaveNow(d);
}

/** `joinBy` has come: the JoinGroup leaves, and what has not been given back is lost. */
export function onJoinByTimer(d: Draft): void {
  const { m } = d;
  if (m.state !== 'draining') return;
  lose(d, 'rebalance-timeout');
  afterRevoke(d);
}

function afterRevoke(d: Draft): void {
  cancel(d, 'join-by');
  endPhase(d, 'revokeMs');
  if (d.m.stuck) leaveForStuck(d);
  else goJoin(d, 'partitions are given back');
}
