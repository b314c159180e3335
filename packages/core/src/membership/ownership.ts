/** Giving partitions back, and losing them. Eager: everything is given back before the JoinGroup. */
import type { LossReason } from '../contracts/hooks.ts';
import { arm, cancel, type Draft, issue, move } from './draft.ts';
import type { Membership } from './state.ts';

/**
 * Milliseconds until the JoinGroup has to leave whatever the handlers do. Counted from the moment the last heartbeat was sent
 * that came back without REBALANCE_IN_PROGRESS: the coordinator cannot have begun the rebalance before that.
 */
function joinByLeft(m: Membership, nowMono: number): number {
  const reserve = Math.max(1000, m.config.rebalanceTimeout / 10);
  return Math.max(0, (m.calm ?? nowMono) + m.config.rebalanceTimeout - reserve - nowMono);
}

/** Asks for everything back. */
export function startRevoke(d: Draft, reason: 'rebalance' | 'leave'): void {
  const { m, now } = d;
  move(
    d,
    'draining',
    reason === 'rebalance'
      ? 'giving partitions back before the rebalance'
      : 'giving partitions back before leaving',
  );
  m.step = issue(d);
  const deadlineMs = joinByLeft(m, now.mono);
  arm(d, 'join-by', deadlineMs);
  d.effects.push({ type: 'revoke', token: m.step, partitions: m.owned, deadlineMs, reason });
}

/** A heartbeat came back calm while draining: the broker's rebalance has not begun, so there is more time. */
export function postponeJoin(d: Draft): void {
  arm(d, 'join-by', joinByLeft(d.m, d.now.mono));
}

/** Ownership has ended without consent, at this moment. Callbacks that run are overtaken. */
export function lose(d: Draft, reason: LossReason): void {
  const { m } = d;
  const told = m.state === 'in-doubt';
  if (m.owned.length > 0 && !told) d.effects.push({ type: 'lose', partitions: m.owned, reason });
  m.owned = [];
  m.step = null;
  m.doubtSince = null;
  cancel(d, 'join-by');
  cancel(d, 'lease');
}
