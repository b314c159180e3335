/** Giving partitions back, and losing them. */
import type { LossReason } from '../contracts/hooks.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import { arm, cancel, type Draft, issue, move } from './draft.ts';
import { type Membership, NO_GENERATION, without } from './state.ts';

/**
 * Milliseconds until the JoinGroup has to leave whatever the handlers do. Counted from the moment the last heartbeat was sent
 * that came back without REBALANCE_IN_PROGRESS: the coordinator cannot have begun the rebalance before that.
 */
function joinByLeft(m: Membership, nowMono: number): number {
  const reserve = Math.max(1000, m.config.rebalanceTimeout / 10);
  return Math.max(0, (m.calm ?? nowMono) + m.config.rebalanceTimeout - reserve - nowMono);
}

/** Asks for partitions back; the member goes on when they are given back, and at `joinBy` without that. */
export function startRevoke(
  d: Draft,
  reason: 'rebalance' | 'leave',
  partitions: readonly TopicPartition[],
): void {
  const { m, now } = d;
  move(
    d,
    'draining',
    reason === 'rebalance'
      ? 'giving partitions back for the rebalance'
      : 'giving partitions back before leaving',
  );
  m.step = null;
  m.revoke = issue(d);
  m.revoking = partitions;
  const deadlineMs = joinByLeft(m, now.mono);
  arm(d, 'join-by', deadlineMs);
  d.effects.push({ type: 'revoke', token: m.revoke, partitions, deadlineMs, reason });
}

/** Waits on for what was being given back when the last rebalance began. */
export function resumeDraining(d: Draft, reason: string): void {
  const { m, now } = d;
  move(d, 'draining', reason);
  m.step = null;
  arm(d, 'join-by', joinByLeft(m, now.mono));
}

/** A heartbeat came back calm while draining: the broker's rebalance has not begun, so there is more time. */
export function postponeJoin(d: Draft): void {
  arm(d, 'join-by', joinByLeft(d.m, d.now.mono));
}

/** Ownership has ended without consent, at this moment. Callbacks that run for these partitions are overtaken. */
export function lose(d: Draft, reason: LossReason, partitions: readonly TopicPartition[] = d.m.owned): void {
  const { m } = d;
  const told = m.state === 'in-doubt';
  if (partitions.length > 0 && !told) d.effects.push({ type: 'lose', partitions, reason });
  m.owned = without(m.owned, partitions);
  m.revoking = without(m.revoking, partitions);
  if (m.owned.length > 0) return;
  m.revoke = null;
  m.ownedGeneration = NO_GENERATION;
  m.applying = null;
  m.doubtSince = null;
  // A JoinGroup or SyncGroup under way goes on: it asks for a new assignment, and claims nothing that counts any more.
  if (!isAsking(m)) m.step = null;
  cancel(d, 'join-by');
  cancel(d, 'lease');
}

function isAsking({ state }: Membership): boolean {
  return state === 'joining' || state === 'assigning' || state === 'syncing';
}
