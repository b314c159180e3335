/** Leaving for a while, because a handler never settles: the group must not wait for it. */
import { partitionKey } from '../contracts/topic-partition.ts';
import { isParked } from './beating.ts';
import { cancel, closeRebalance, type Draft, issue, move, openRebalance } from './draft.ts';
import { finish } from './ending.ts';
import type { MembershipEvent } from './event.ts';
import { lose, resumeDraining, startRevoke } from './ownership.ts';
import { goJoin } from './rejoining.ts';
import { NO_GENERATION } from './state.ts';

/** Handlers of `stuck` never settle: those partitions are lost now, the others are given back, and the member leaves. */
export function onStepOut(d: Draft, event: Extract<MembershipEvent, { type: 'step-out' }>): void {
  const { m } = d;
  if (m.state === 'leaving' || m.state === 'in-doubt') return;
  const stuck = m.owned.filter((p) => event.stuck.some((other) => partitionKey(other) === partitionKey(p)));
  if (stuck.length === 0) return;
  lose(d, 'processing-deadline', stuck);
  m.stuck = { token: event.token, freed: false };
  if (m.state === 'draining') {
    if (m.revoke === null) leaveForStuck(d); // nothing else was owned
    return;
  }
  openRebalance(d, 'processing-deadline', 'a handler did not settle in time');
  if (m.state === 'assigning') d.effects.push({ type: 'cancel-plan' });
  if (isParked(m) && m.coordinator) {
    d.effects.push({ type: 'abandon-request', coordinator: m.coordinator, reason: 'leaving for a while' });
  }
  m.arrived = null;
  m.wanted = null;
  if (m.revoke !== null) resumeDraining(d, 'giving back what is being given back before leaving');
  else if (m.owned.length > 0) startRevoke(d, 'leave', m.owned);
  else leaveForStuck(d);
}

/** Everything but the stuck work is given back: leave, static members too, and wait for that work. */
export function leaveForStuck(d: Draft): void {
  const { m } = d;
  closeRebalance(d, 'abandoned');
  cancel(d, 'join-by');
  move(d, 'out', 'a handler did not settle in time');
  m.heartbeat = null;
  m.arrived = null;
  m.applying = null;
  m.ownedGeneration = NO_GENERATION;
  m.step = issue(d);
  const reason = 'a handler did not settle within maxProcessingTime';
  d.effects.push({
    type: 'leave',
    token: m.step,
    memberId: m.triple.memberId,
    reason,
    timeoutMs: m.config.requestTimeout,
  });
}

export function onStepIn(d: Draft, event: Extract<MembershipEvent, { type: 'step-in' }>): void {
  const { m } = d;
  if (m.stuck?.token !== event.token) return;
  m.stuck = { ...m.stuck, freed: true };
  if (m.state === 'out' && m.step === null) comeBack(d);
}

function comeBack(d: Draft): void {
  d.m.stuck = null;
  openRebalance(d, 'processing-deadline', 'the handler has settled');
  goJoin(d, 'the handler has settled');
}

export function onLeft(d: Draft, event: Extract<MembershipEvent, { type: 'left' }>): void {
  const { m } = d;
  if (event.token !== m.step) return;
  m.step = null;
  m.triple = { memberId: '', generationId: NO_GENERATION, protocolName: null };
  m.leaderId = null;
  if (m.state === 'leaving') finish(d);
  else if (m.state === 'out' && m.stuck?.freed) comeBack(d);
}
