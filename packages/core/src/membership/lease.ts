/**
 * The lease: what this member may believe about its ownership without asking. It ends 95 % of the session timeout after the
 * last accepted heartbeat was sent, by whichever clock has advanced more. Then ownership is in doubt, until the coordinator
 * accepts the old triple (nobody else can have owned the partitions) or refuses it.
 */

import { enterDoubt } from './doubt.ts';
import { arm, type Draft, emit } from './draft.ts';
import { leaveNow } from './ending.ts';
import { lose } from './ownership.ts';
import type { Membership, Moment } from './state.ts';

/** Share of the session timeout for which a member trusts its last accepted heartbeat. */
export const LEASE_SHARE = 0.95;

/** Milliseconds that the lease still runs; negative when it is over. */
export function leaseLeft(m: Pick<Membership, 'contact' | 'config'>, now: Moment): number {
  if (!m.contact) return Number.POSITIVE_INFINITY;
  const passed = Math.max(now.mono - m.contact.mono, now.wall - m.contact.wall);
  return m.config.sessionTimeout * LEASE_SHARE - passed;
}

function leaseRuns(m: Membership): boolean {
  return m.config.leaseEnforced && m.owned.length > 0 && m.state !== 'in-doubt';
}

/** Watches the lease after each step: arms the timer for its end, or notices that it is over. */
export function watchLease(d: Draft, contactBefore: Moment | null, ownedBefore: boolean): void {
  const { m, now } = d;
  if (!leaseRuns(m)) return;
  if (leaseLeft(m, now) <= 0) onLeaseOver(d);
  else if (contactBefore !== m.contact || !ownedBefore) arm(d, 'lease', leaseLeft(m, now));
}

export function onLeaseTimer(d: Draft): void {
  const left = leaseLeft(d.m, d.now);
  if (leaseRuns(d.m) && left > 0) arm(d, 'lease', left);
}

function onLeaseOver(d: Draft): void {
  const { m, now } = d;
  const sinceMs = m.contact ? now.mono - m.contact.mono : 0;
  emit(d, 'lease.expired', { sinceMs, sessionTimeoutMs: m.config.sessionTimeout });
  emit(d, 'member.fenced', { kind: 'lease' });
  switch (m.state) {
    case 'leaving':
      // Nothing is worth waiting for on the way out: what could not be given back in time is lost.
      lose(d, 'lease');
      leaveNow(d);
      return;
    case 'joining':
    case 'assigning':
    case 'syncing':
      // A new generation is on its way, and will say what is this member's.
      lose(d, 'lease');
      return;
    default:
      enterDoubt(d);
  }
}
