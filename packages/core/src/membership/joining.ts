/**
 * From the wish to rejoin to the assignment: JoinGroup, the plan, SyncGroup. `pursue` is the one way forward while joining:
 * it does the next thing that is possible,
 * runs at the end of every step, and every failure comes back to it.
 */
import type { RebalanceTrigger } from '../contracts/hooks.ts';
import type { GroupApi, RequestFailure, Verdict } from '../contracts/verdict.ts';
import { isParked, scheduleHeartbeat, sendHeartbeat } from './beating.ts';
import { forgetCoordinator, lookUp, reportRetry } from './coordinator.ts';
import { arm, backoffMs, cancel, type Draft, emit, endPhase, issue, move, openRebalance } from './draft.ts';
import { leaveNow, terminate } from './ending.ts';
import type { MembershipEvent } from './event.ts';
import { fatalFailure, judge, lossReason, sayOutcome, triggerOf } from './failure.ts';
import { LEASE_SHARE, leaseLeft } from './lease.ts';
import { lose, startRevoke } from './ownership.ts';
import { isLeader, type Membership, type Moment, NO_GENERATION, type Triple, without } from './state.ts';

/** Rejoins that may follow each other without a pause; beyond, they back off. */
const HURRIED_REJOINS = 5;

/** An answer that names another protocol than this member's (KIP-559). */
const MISMATCH = { answer: 'protocol-mismatch' } as const;

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
function goJoinLater(d: Draft, reason: string, delayMs: number): void {
  const { m } = d;
  leaveStep(d, reason);
  m.joinHeld = true;
  arm(d, 'join', delayMs, true);
}

export function onJoinTimer(d: Draft): void {
  d.m.joinHeld = false;
}

/** The next thing that is possible: the coordinator, then JoinGroup. */
export function pursue(d: Draft): void {
  const { m } = d;
  if (m.state !== 'joining' || m.joinHeld || m.step !== null) return;
  if (!m.coordinator) {
    lookUp(d);
    return;
  }
  openRebalance(d, 'join-failed', 'joining again');
  const r = m.rebalance;
  if (r) m.rebalance = { ...r, rounds: r.rounds + 1 };
  m.step = issue(d);
  m.stepAt = d.now;
  d.effects.push({
    type: 'join',
    token: m.step,
    coordinator: m.coordinator,
    memberId: m.triple.memberId,
    topics: m.topics,
    owned: m.owned,
    ownedGeneration: m.ownedGeneration,
    reason: r?.reason ?? 'joining again',
    timeoutMs: m.config.rebalanceTimeout + m.config.sessionTimeoutPadding,
  });
}

export function onJoined(d: Draft, event: Extract<MembershipEvent, { type: 'joined' }>): void {
  const { m, now } = d;
  if (event.token !== m.step) return;
  const { answer } = event;
  m.step = null;
  m.connected = true;
  m.triple = {
    memberId: answer.memberId,
    generationId: answer.generationId,
    protocolName: answer.protocolName,
  };
  m.leaderId = answer.leaderId;
  // An answer to a heartbeat of the old generation says nothing about the new one (KAFKA-9823).
  m.heartbeat = null;
  noteContact(d, m.owned.length > 0 ? (m.stepAt ?? now) : now);
  m.calm = now.mono;
  const leads = isLeader(m);
  emit(d, 'join.end', {
    ...sinceStep(d),
    outcome: 'ok',
    error: null,
    attempt: m.rebalance?.rounds ?? 1,
    isLeader: leads,
    memberCount: answer.members.length,
    assignor: answer.protocolName,
  });
  if (m.state === 'leaving') {
    leaveNow(d);
    return;
  }
  if (answer.protocolType !== null && answer.protocolType !== 'consumer') {
    follow(d, 'JoinGroup', MISMATCH, judge(d, 'JoinGroup', MISMATCH));
    return;
  }
  endPhase(d, 'joinMs');
  m.failures = { ...m.failures, join: 0 };
  if (m.rebalance) m.rebalance = { ...m.rebalance, memberCount: answer.members.length };
  scheduleHeartbeat(d, m.config.heartbeatInterval);
  if (leads && !answer.skipAssignment) {
    move(d, 'assigning', 'this member leads the generation');
    m.step = issue(d);
    d.effects.push({ type: 'plan', token: m.step, triple: m.triple, members: answer.members });
  } else {
    sendSync(d, []);
  }
}

export function onPlanned(d: Draft, event: Extract<MembershipEvent, { type: 'planned' }>): void {
  const { m } = d;
  if (event.token !== m.step || m.state !== 'assigning') return;
  endPhase(d, 'assignMs');
  m.deferred = event.deferred > 0;
  if (m.coordinator) {
    sendSync(d, event.assignments);
  } else {
    // The coordinator was lost while the assignor ran. A fresh generation is always safe; an old SyncGroup elsewhere is not.
    goJoin(d, 'the coordinator was lost before the plan was sent');
  }
}

function sendSync(
  d: Draft,
  assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[],
): void {
  const { m } = d;
  if (!m.coordinator) {
    goJoin(d, 'the coordinator was lost');
    return;
  }
  move(d, 'syncing', 'waiting for the assignment');
  m.step = issue(d);
  m.stepAt = d.now;
  d.effects.push({
    type: 'sync',
    token: m.step,
    coordinator: m.coordinator,
    triple: m.triple,
    assignments,
    timeoutMs: m.config.rebalanceTimeout + m.config.sessionTimeoutPadding,
  });
}

export function onSynced(d: Draft, event: Extract<MembershipEvent, { type: 'synced' }>): void {
  const { m, now } = d;
  if (event.token !== m.step || m.state !== 'syncing') return;
  const { answer } = event;
  emit(d, 'sync.end', {
    ...sinceStep(d),
    outcome: 'ok',
    error: null,
    isLeader: isLeader(m),
    assigned: answer.partitions.length,
  });
  m.step = null;
  endPhase(d, 'syncMs');
  if (
    answer.protocolName !== null &&
    m.triple.protocolName !== null &&
    answer.protocolName !== m.triple.protocolName
  ) {
    follow(d, 'SyncGroup', MISMATCH, judge(d, 'SyncGroup', MISMATCH));
    return;
  }
  const subscribed = new Set(m.topics);
  const stranger = answer.partitions.find((p) => !subscribed.has(p.topic));
  if (stranger) {
    hurryOrWait(d, `the assignment holds ${stranger.topic}, to which this member does not subscribe`);
    return;
  }
  const sentAt = m.stepAt ?? now;
  noteContact(d, sentAt);
  m.arrived = { partitions: answer.partitions, sentAt };
  m.calm = sentAt.mono;
  // The answer says that the member was known when it was sent. If it was long on its way, ask again before trusting it.
  if (leaseLeft(m, now) < (m.config.sessionTimeout * LEASE_SHARE) / 2) sendHeartbeat(d);
  else applyArrived(d);
}

/** The coordinator has heard of this member at that moment; never goes back. */
function noteContact(d: Draft, at: Moment): void {
  const { m } = d;
  if (m.contact && m.contact.mono > at.mono) return;
  m.contact = at;
  if (m.owned.length > 0) d.effects.push({ type: 'lease', mono: at.mono, wall: at.wall });
}

/** The assignment counts from now on. Cooperative: what it takes away is given back first, and what it leaves is not touched. */
export function applyArrived(d: Draft): void {
  const { m } = d;
  if (!m.arrived) return;
  const takenAway = without(m.owned, m.arrived.partitions);
  if (takenAway.length > 0) startRevoke(d, 'rebalance', takenAway);
  else takeOver(d);
}

/** What the assignment brings is this member's. */
export function takeOver(d: Draft): void {
  const { m, now } = d;
  if (!m.arrived || !m.contact) return;
  const added = without(m.arrived.partitions, m.owned);
  m.owned = [...m.owned, ...added];
  m.ownedGeneration = m.triple.generationId;
  m.arrived = null;
  m.step = null;
  d.effects.push({ type: 'lease', mono: m.contact.mono, wall: m.contact.wall });
  move(d, 'applying', 'the assignment has arrived');
  m.applying = issue(d);
  d.effects.push({ type: 'assign', token: m.applying, triple: m.triple, isLeader: isLeader(m), added });
  if (!m.heartbeat) scheduleHeartbeat(d, m.contact.mono + m.config.heartbeatInterval - now.mono);
}

export function onJoinFailed(d: Draft, event: Extract<MembershipEvent, { type: 'join-failed' }>): void {
  const { m } = d;
  if (event.token !== m.step) return;
  m.step = null;
  sayOutcome(d, 'join.end', m.stepAt, event.failure);
  if (m.state === 'leaving') {
    if (event.memberId !== '') m.triple = { ...m.triple, memberId: event.memberId };
    leaveNow(d);
    return;
  }
  follow(d, 'JoinGroup', event.failure, judge(d, 'JoinGroup', event.failure), event.memberId);
}

export function onSyncFailed(d: Draft, event: Extract<MembershipEvent, { type: 'sync-failed' }>): void {
  const { m } = d;
  if (event.token !== m.step || m.state !== 'syncing') return;
  m.step = null;
  sayOutcome(d, 'sync.end', m.stepAt, event.failure);
  follow(d, 'SyncGroup', event.failure, judge(d, 'SyncGroup', event.failure));
}

/** Does what the table says about a failed group request. @param givenId the member id that came with MEMBER_ID_REQUIRED */
export function follow(
  d: Draft,
  api: GroupApi,
  failure: RequestFailure,
  decision: Verdict,
  givenId = '',
): void {
  const { m } = d;
  switch (decision.action) {
    case 'ignore':
      return;
    case 'fatal':
      terminate(d, fatalFailure(api, failure, decision));
      return;
    case 'rejoin': {
      const trigger = triggerOf(api, failure);
      if (decision.lost) loseAndSay(d, failure);
      m.triple = nextTriple(m.triple, decision, givenId);
      openRebalance(d, trigger, `${api} failed`);
      if (decision.atOnce) hurryOrWait(d, `${api} asks for a rejoin`);
      else waitAndJoin(d, api, failure);
      return;
    }
    default:
      if (decision.action === 'rediscover') forgetCoordinator(d, `${api} failed`, 0);
      waitAndJoin(d, api, failure);
  }
}

function nextTriple(
  triple: Triple,
  decision: Extract<Verdict, { action: 'rejoin' }>,
  givenId: string,
): Triple {
  const memberId =
    decision.memberId === 'take' ? givenId : decision.memberId === 'reset' ? '' : triple.memberId;
  return decision.generation === 'reset'
    ? { memberId, generationId: NO_GENERATION, protocolName: null }
    : { ...triple, memberId };
}

function loseAndSay(d: Draft, failure: RequestFailure): void {
  const reason = lossReason(failure);
  if (d.m.owned.length > 0)
    emit(d, 'member.fenced', { kind: reason === 'unknown-member' ? reason : 'generation' });
  lose(d, reason);
}

/** Rejoins at once, unless that has happened too often in a row. */
function hurryOrWait(d: Draft, reason: string): void {
  const { m } = d;
  m.hurried += 1;
  if (m.hurried <= HURRIED_REJOINS) goJoin(d, reason);
  else goJoinLater(d, reason, backoffMs(d, m.hurried - HURRIED_REJOINS));
}

/** Starts the member over after a failure of Kohort's own: what was owned is lost, and the generation is joined anew. */
export function restart(d: Draft): void {
  const { m } = d;
  switch (m.state) {
    case 'idle':
    case 'out':
    case 'closed':
    case 'terminal':
      return;
    case 'leaving':
      lose(d, 'internal-error');
      leaveNow(d);
      return;
    default:
  }
  lose(d, 'internal-error');
  openRebalance(d, 'internal-error', 'starting over after an internal error');
  const failures = m.failures.join + 1;
  m.failures = { ...m.failures, join: failures };
  goJoinLater(d, 'starting over after an internal error', backoffMs(d, failures));
}

function waitAndJoin(d: Draft, api: GroupApi, failure: RequestFailure): void {
  const { m } = d;
  const failures = m.failures.join + 1;
  m.failures = { ...m.failures, join: failures };
  const delayMs = backoffMs(d, failures);
  reportRetry(d, api, failures, delayMs, failure);
  goJoinLater(d, `${api} failed`, delayMs);
}

function sinceStep(d: Draft): { durationMs: number } {
  return { durationMs: d.m.stepAt ? d.now.mono - d.m.stepAt.mono : 0 };
}
