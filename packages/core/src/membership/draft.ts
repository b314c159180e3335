/** One step under construction: the next state of the member and the effects collected so far. */

import type { MemberStateName } from '../contracts/description.ts';
import type { EventFields, EventName, RebalanceTrigger } from '../contracts/hooks.ts';
import { partitionKey } from '../contracts/topic-partition.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { Effect, Emission, TimerName } from './effect.ts';
import { type Membership, type Moment, PREDECESSORS, type Rebalance } from './state.ts';

/** `m` is this step's own copy and may be assigned to; `effects` run in order. */
export interface Draft {
  readonly m: Membership;
  readonly effects: Effect[];
  readonly now: Moment;
}

export function emit<Name extends EventName>(d: Draft, name: Name, fields: EventFields[Name]): void {
  d.effects.push({ type: 'emit', event: { name, fields } as Emission });
}

/** @throws KohortError `KOHORT_INVARIANT` for a move that the table of predecessors does not have */
export function move(d: Draft, to: MemberStateName, reason: string): void {
  const from = d.m.state;
  if (!PREDECESSORS[to].includes(from)) {
    throw new KohortError(
      ErrorCode.invariant,
      `A member cannot go from ${from} to ${to} (${reason}). Please report this.`,
    );
  }
  d.m.state = to;
  if (from !== to) emit(d, 'member.state', { from, to, reason });
}

/** A fresh token for something that an event will answer. */
export function issue(d: Draft): number {
  d.m.lastToken += 1;
  return d.m.lastToken;
}

export function arm(d: Draft, name: TimerName, delayMs: number, jitter = false): void {
  d.effects.push({ type: 'arm', name, delayMs: Math.max(0, delayMs), jitter });
}

export function cancel(d: Draft, name: TimerName): void {
  d.effects.push({ type: 'cancel', name });
}

/** Exponential from `retryBackoff.initial` to `.max`; the runtime adds the jitter. @param failures from 1 */
export function backoffMs(d: Draft, failures: number): number {
  const { retryInitial, retryMax } = d.m.config;
  return Math.min(retryMax, retryInitial * 2 ** Math.min(failures - 1, 20));
}

/** Opens the record of a rebalance, unless one is open. */
export function openRebalance(d: Draft, trigger: RebalanceTrigger, reason: string): void {
  const { m, now } = d;
  if (m.rebalance) return;
  m.rebalances += 1;
  m.rebalance = {
    id: m.rebalances,
    trigger,
    reason,
    startedAt: now.mono,
    rounds: 0,
    phaseAt: now.mono,
    phases: { revokeMs: 0, joinMs: 0, assignMs: 0, syncMs: 0, applyMs: 0 },
    previousOwned: m.owned,
    memberCount: 0,
  };
  emit(d, 'rebalance.start', { trigger, reason, previousOwned: m.owned.length });
}

/** Books the time since the last phase ended under `phase`. */
export function endPhase(d: Draft, phase: keyof Rebalance['phases']): void {
  const { m, now } = d;
  if (!m.rebalance) return;
  const phases = {
    ...m.rebalance.phases,
    [phase]: m.rebalance.phases[phase] + now.mono - m.rebalance.phaseAt,
  };
  m.rebalance = { ...m.rebalance, phaseAt: now.mono, phases };
}

/** Closes the record of the rebalance. */
export function closeRebalance(d: Draft, outcome: 'ok' | 'abandoned'): void {
  const { m, now } = d;
  const r = m.rebalance;
  if (!r) return;
  m.rebalance = null;
  const durationMs = now.mono - r.startedAt;
  if (outcome === 'ok') m.lastRebalance = { trigger: r.trigger, reason: r.reason, durationMs, at: now.wall };
  const before = new Set(r.previousOwned.map((p) => partitionKey(p)));
  const kept = m.owned.filter((p) => before.has(partitionKey(p))).length;
  emit(d, 'rebalance.end', {
    trigger: r.trigger,
    outcome,
    durationMs,
    phases: r.phases,
    rounds: r.rounds,
    isLeader: m.leaderId !== null && m.leaderId === m.triple.memberId,
    memberCount: r.memberCount,
    assignor: m.triple.protocolName,
    kept,
    added: m.owned.length - kept,
    revoked: before.size - kept,
  });
}
