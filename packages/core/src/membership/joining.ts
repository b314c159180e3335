/**
 * From the wish to join to the assignment: JoinGroup, the plan, SyncGroup. `pursue` is the one way forward while joining: it
 * does the next thing that is possible, runs at the end of every step, and every failure comes back to it.
 */
import type { JoinedMember } from '../contracts/transport.ts';
import { scheduleHeartbeat, sendHeartbeat } from './beating.ts';
import { lookUp } from './coordinator.ts';
import { onNoProof, restore } from './doubt.ts';
import { type Draft, emit, endPhase, issue, move, openRebalance } from './draft.ts';
import { leaveNow } from './ending.ts';
import type { JoinAnswer, MembershipEvent } from './event.ts';
import { judge, sayOutcome } from './failure.ts';
import { follow } from './following.ts';
import { LEASE_SHARE, leaseLeft } from './lease.ts';
import { resumeDraining, startRevoke } from './ownership.ts';
import { goJoin, hurryOrWait, rejoin } from './rejoining.ts';
import { isLeader, type Membership, type Moment, without } from './state.ts';

/** An answer that names another protocol than this member's (KIP-559). */
const MISMATCH = { answer: 'protocol-mismatch' } as const;

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
  m.givenBack = [];
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
  noteJoin(d, beginsSession(m, answer, now));
  if (m.config.groupInstanceId !== undefined && answer.memberId !== m.triple.memberId)
    m.givenId = 'unwritten';
  m.triple = {
    memberId: answer.memberId,
    generationId: answer.generationId,
    protocolName: answer.protocolName,
  };
  m.leaderId = answer.leaderId;
  // An answer to a heartbeat of the old generation says nothing about the new one (KAFKA-9823).
  m.heartbeat = null;
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
  if (m.state === 'leaving' && m.revoke === null) {
    leaveNow(d);
    return;
  }
  if (m.state === 'leaving') {
    // The commit of what is being given back waits for the new generation to be complete: a leader has to see to that.
    scheduleHeartbeat(d, m.config.heartbeatInterval);
    if (leads && !answer.skipAssignment) plan(d, answer.members);
    return;
  }
  if (answer.protocolType !== null && answer.protocolType !== 'consumer') {
    follow(d, 'JoinGroup', MISMATCH, judge(d, 'JoinGroup', MISMATCH));
    return;
  }
  endPhase(d, 'joinMs');
  if (m.rebalance) m.rebalance = { ...m.rebalance, memberCount: answer.members.length };
  scheduleHeartbeat(d, m.config.heartbeatInterval);
  if (leads && !answer.skipAssignment) {
    move(d, 'assigning', 'this member leads the generation');
    plan(d, answer.members);
  } else {
    if (leads) d.effects.push({ type: 'watch', members: answer.members });
    sendSync(d, []);
  }
}

function plan(d: Draft, members: readonly JoinedMember[]): void {
  const { m } = d;
  m.step = issue(d);
  d.effects.push({ type: 'plan', token: m.step, triple: m.triple, members });
}

export function onPlanned(d: Draft, event: Extract<MembershipEvent, { type: 'planned' }>): void {
  const { m } = d;
  if (event.token !== m.step) return;
  m.step = null;
  if (m.state === 'leaving') {
    sendSync(d, event.assignments);
    return;
  }
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
  const leaving = m.state === 'leaving';
  if (!m.coordinator) {
    if (!leaving) goJoin(d, 'the coordinator was lost');
    return;
  }
  if (!leaving) move(d, 'syncing', 'waiting for the assignment');
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
  if (event.token !== m.step) return;
  const { answer } = event;
  emit(d, 'sync.end', {
    ...sinceStep(d),
    outcome: 'ok',
    error: null,
    isLeader: isLeader(m),
    assigned: answer.partitions.length,
  });
  m.step = null;
  if (m.state === 'leaving') return;
  if (m.state === 'in-doubt') {
    // The lease stands on the heartbeat that was accepted before; if that was long on its way, another one begins it anew.
    if (isOld(m, now)) sendHeartbeat(d);
    else restore(d);
    return;
  }
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
  m.givenId = 'written';
  const sentAt = m.stepAt ?? now;
  m.arrived = { partitions: answer.partitions, sentAt };
  // Not sooner: a coordinator that takes joins and refuses syncs would be asked at the pace of a first failure for ever.
  m.failures = { ...m.failures, join: 0 };
  m.calm = sentAt.mono;
  // The coordinator begins no session for one who syncs behind the others: what the lease stands on is older, or unknown.
  if (m.contact === null || isOld(m, now)) sendHeartbeat(d);
  else applyArrived(d);
}

/**
 * Whether the answer to a JoinGroup proves that the session began anew after the request was sent. The end of a rebalance
 * restarts the sessions of all its members; who joins again what is there already is answered at once, and restarts nothing.
 */
function beginsSession(m: Membership, answer: JoinAnswer, now: Moment): boolean {
  const { triple } = m;
  if (m.joinUnseen || mayHaveMissed(m, now)) return false;
  if (triple.memberId === '') return true;
  return answer.memberId !== triple.memberId || answer.generationId !== triple.generationId;
}

/** A static member that does not join in time is in the generation nevertheless, and finds it there when it does (KAFKA-8220). */
function mayHaveMissed({ config, triple, calm }: Membership, now: Moment): boolean {
  if (config.groupInstanceId === undefined || triple.memberId === '') return false;
  return triple.generationId < 0 || calm === null || now.mono - calm >= config.rebalanceTimeout;
}

/** Where nothing is owned no heartbeats go out meanwhile, and what was known before the JoinGroup is worth nothing. */
function noteJoin(d: Draft, begins: boolean): void {
  const { m, now } = d;
  m.joinUnseen = false;
  const at = begins ? m.stepAt : null;
  if (m.owned.length === 0) {
    m.contact = at && !isOld({ ...m, contact: at }, now) ? at : null;
  } else if (at && (!m.contact || m.contact.mono <= at.mono)) {
    m.contact = at;
    d.effects.push({ type: 'lease', mono: at.mono, wall: at.wall });
  }
}

/** Less than half of the lease is left: worth asking before anything is begun. */
function isOld(m: Pick<Membership, 'contact' | 'config'>, now: Moment): boolean {
  return leaseLeft(m, now) < (m.config.sessionTimeout * LEASE_SHARE) / 2;
}

/** The assignment counts from now on. Cooperative: what it takes away is given back first, and what it leaves is not touched. */
export function applyArrived(d: Draft): void {
  const { m } = d;
  if (!m.arrived) return;
  const takenAway = without(m.owned, m.arrived.partitions);
  if (m.revoke !== null) resumeDraining(d, 'still giving back what an earlier assignment took away');
  else if (takenAway.length > 0) startRevoke(d, 'rebalance', takenAway);
  else takeOverAndFollowUp(d);
}

/** Those who wait for what was given back get it in the follow-up. */
function takeOverAndFollowUp(d: Draft): void {
  const { m } = d;
  const isAwaited = without(m.givenBack, m.arrived?.partitions ?? []).length > 0;
  takeOver(d);
  if (isAwaited) rejoin(d, 'cooperative-follow-up', 'partitions were given back');
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
  if ('sent' in event.failure && event.failure.sent !== 'no') m.joinUnseen = true;
  sayOutcome(d, 'join.end', m.stepAt, event.failure);
  if (m.state === 'leaving') {
    if (event.memberId !== '') m.triple = { ...m.triple, memberId: event.memberId };
    if (m.revoke === null) leaveNow(d);
    return;
  }
  follow(d, 'JoinGroup', event.failure, judge(d, 'JoinGroup', event.failure), event.memberId);
}

export function onSyncFailed(d: Draft, event: Extract<MembershipEvent, { type: 'sync-failed' }>): void {
  const { m } = d;
  if (event.token !== m.step) return;
  m.step = null;
  sayOutcome(d, 'sync.end', m.stepAt, event.failure);
  if (m.state === 'leaving') return; // the heartbeats beside it say what became of the member
  if (m.state === 'in-doubt') onNoProof(d, event.failure);
  else follow(d, 'SyncGroup', event.failure, judge(d, 'SyncGroup', event.failure));
}

function sinceStep(d: Draft): { durationMs: number } {
  return { durationMs: d.m.stepAt ? d.now.mono - d.m.stepAt.mono : 0 };
}
