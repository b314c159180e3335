/** Hands events to the real machine of a member and carries out what it wants done; the rules of callbacks are checked here. */

import { KafkaCode } from '../../src/errors/kafka-codes.ts';
import type { Effect } from '../../src/membership/effect.ts';
import type { MembershipEvent } from '../../src/membership/event.ts';
import { leaseLeft } from '../../src/membership/lease.ts';
import type { Membership } from '../../src/membership/state.ts';
import { step } from '../../src/membership/step.ts';
import { answer, receive } from './coordinator.ts';
import { demand, Violation } from './rules.ts';
import {
  type Answer,
  COORDINATOR,
  isAwaited,
  listOf,
  type Member,
  memberAt,
  momentOf,
  type Request,
  setOf,
  type World,
} from './world.ts';

const LANE_CLOSED = { transport: 'laneClosed', sent: 'maybe' } as const;

/** The member takes an event, and those that follow from it at once. */
export function tell(w: World, index: number, event: MembershipEvent): void {
  const mailbox = [event];
  for (let next = mailbox.shift(); next; next = mailbox.shift()) take(w, index, next, mailbox);
}

function take(w: World, index: number, event: MembershipEvent, mailbox: MembershipEvent[]): void {
  const member = memberAt(w, index);
  const before = member.m;
  const stale = isStale(before, event) && leaseLeft(before, momentOf(member)) > 0;
  const { state, effects } = stepped(member, event);
  member.m = state;
  checkGeneration(member.name, before, state);
  if (stale) checkUntouched(member.name, before, state, event);
  for (const effect of effects) carryOut(w, index, effect, before, mailbox);
}

function stepped(member: Member, event: MembershipEvent) {
  try {
    return step(member.m, event, momentOf(member));
  } catch (error) {
    throw new Violation(`${member.name}, ${event.type}: ${error instanceof Error ? error.message : error}`);
  }
}

function isStale(m: Membership, event: MembershipEvent): boolean {
  switch (event.type) {
    case 'joined':
    case 'join-failed':
    case 'synced':
    case 'sync-failed':
    case 'planned':
      return event.token !== m.step;
    case 'revoked':
      return event.token !== m.revoke;
    case 'heartbeat':
    case 'heartbeat-failed':
      return event.token !== m.heartbeat?.token;
    case 'applied':
      return event.token !== m.applying;
    default:
      return false;
  }
}

function checkGeneration(name: string, before: Membership, after: Membership): void {
  const [from, to] = [before.triple.generationId, after.triple.generationId];
  demand(to >= from || to === -1, 'I20, epochs', () => `${name} goes from generation ${from} to ${to}`);
}

function checkUntouched(name: string, before: Membership, after: Membership, event: MembershipEvent): void {
  const changed = (Object.keys(after) as (keyof Membership)[]).filter((key) => after[key] !== before[key]);
  demand(
    changed.length === 0,
    'I20, stale answers',
    () => `${event.type} changed ${changed.join(', ')} of ${name}`,
  );
}

function carryOut(
  w: World,
  index: number,
  effect: Effect,
  before: Membership,
  mailbox: MembershipEvent[],
): void {
  const member = memberAt(w, index);
  switch (effect.type) {
    case 'join':
      checkClaims(w, member, effect);
      send(w, index, effect.token, {
        api: 'join',
        memberId: effect.memberId,
        owned: setOf(effect.owned),
        ownedGeneration: effect.ownedGeneration,
      });
      return;
    case 'sync': {
      const { memberId, generationId } = effect.triple;
      const plan = effect.assignments.map((one) => [one.memberId, one.assignment[0] ?? 0] as const);
      send(w, index, effect.token, { api: 'sync', memberId, generationId, plan });
      return;
    }
    case 'heartbeat': {
      const { memberId, generationId } = effect.triple;
      const { beside } = effect;
      sendShort(w, index, effect.token, { api: 'heartbeat', memberId, generationId, beside }, mailbox);
      return;
    }
    case 'leave':
      sendShort(w, index, effect.token, { api: 'leave', memberId: effect.memberId, beside: true }, mailbox);
      return;
    case 'find-coordinator':
      mailbox.push({ type: 'coordinator', token: effect.token, coordinator: COORDINATOR });
      return;
    case 'plan':
      member.plan = { token: effect.token, members: effect.members };
      return;
    case 'cancel-plan':
      member.plan = null;
      return;
    case 'arm':
      member.timers = new Set([...member.timers, effect.name]);
      return;
    case 'cancel':
      if (member.timers.has(effect.name))
        member.timers = new Set([...member.timers].filter((name) => name !== effect.name));
      return;
    case 'abandon-request':
    case 'drop-coordinator':
      resetLane(w, index, mailbox);
      return;
    case 'end':
      demand(member.owned === 0, 'I15, callback grammar', () => `${member.name} ends while it owns`);
      stop(w, index);
      return;
    default:
      own(member, effect, before);
  }
}

function own(member: Member, effect: Effect, before: Membership): void {
  const { name } = member;
  switch (effect.type) {
    case 'assign': {
      const added = setOf(effect.added);
      demand((member.owned & added) === 0, 'I15, callback grammar', () => `${name} is assigned what it owns`);
      member.owned |= added;
      if (before.state !== 'in-doubt') member.ownedUnder = effect.triple.generationId;
      member.jobs = [...member.jobs, { kind: 'assign', token: effect.token, partitions: added }];
      return;
    }
    case 'revoke': {
      const partitions = setOf(effect.partitions);
      demand(
        (partitions & ~member.owned) === 0,
        'I15, callback grammar',
        () => `${name} gives back what it has not`,
      );
      member.jobs = [...member.jobs, { kind: 'revoke', token: effect.token, partitions }];
      return;
    }
    case 'lose': {
      const partitions = setOf(effect.partitions);
      demand(
        (partitions & ~member.owned) === 0,
        'I15, callback grammar',
        () => `${name} loses what it has not`,
      );
      member.owned &= ~partitions;
      member.jobs = [];
      if (member.owned === 0 && member.m.state !== 'in-doubt') member.ownedUnder = -1;
      return;
    }
    default:
  }
}

/** I14 and I16: what is claimed is what is owned, under the generation that gave it. */
function checkClaims(w: World, member: Member, effect: Extract<Effect, { type: 'join' }>): void {
  const { name, owned, ownedUnder } = member;
  demand(w.protocol === 'cooperative' || owned === 0, 'I14, eager', () => `${name} joins while it owns`);
  demand(setOf(effect.owned) === owned, 'I16, claims', () => `${name} claims what it does not own`);
  demand(
    owned === 0 || effect.ownedGeneration === ownedUnder,
    'I16, claims',
    () => `${name} claims ${owned} under ${effect.ownedGeneration}, and has it from ${ownedUnder}`,
  );
}

type Sent = Pick<Request, 'api' | 'memberId'> & Partial<Request>;

/** A request reaches the coordinator at once, unless there is trouble. */
function send(w: World, index: number, token: number, sent: Sent): Request {
  const member = memberAt(w, index);
  const { trouble } = member;
  const phase = trouble === 'drop' ? 'void' : 'sent';
  const request: Request = {
    ...{ generationId: -1, owned: 0, ownedGeneration: -1, plan: [], beside: false },
    ...sent,
    ...{ seq: w.seq, member: index, token, phase, orphan: false, sentAt: member.jumps, answer: null },
  };
  w.seq += 1;
  w.net.push(request);
  member.trouble = null;
  // The runtime repeats a LeaveGroup that is refused, and posts the same event in the end.
  if (trouble === 'refuse' && request.api !== 'leave')
    answer(w, request, { kind: 'error', code: KafkaCode.notCoordinator, memberId: '' });
  else if (trouble === null || (trouble !== 'drop' && isShort(request))) receive(w, request);
  return request;
}

function isShort({ api }: Request): boolean {
  return api === 'heartbeat' || api === 'leave';
}

/** One whose answer comes at once as well, unless there is trouble. */
function sendShort(w: World, index: number, token: number, sent: Sent, mailbox: MembershipEvent[]): void {
  const isCalm = memberAt(w, index).trouble === null;
  const { seq } = send(w, index, token, sent);
  const request = w.net.find((one) => one.seq === seq);
  const event = isCalm && request?.answer ? eventOf(sent.api, token, request.answer) : null;
  if (!event) return;
  w.net = w.net.filter((one) => one.seq !== seq);
  mailbox.push(event);
}

/** The group's connection of a member ends: what waits for an answer there fails, and may still reach the coordinator. */
export function resetLane(w: World, index: number, mailbox: MembershipEvent[]): void {
  const { m } = memberAt(w, index);
  for (const { member, beside, orphan, api, token } of w.net) {
    if (member !== index || beside || orphan || !isAwaited(m, api, token)) continue;
    const failure = LANE_CLOSED;
    if (api === 'join') mailbox.push({ type: 'join-failed', token, failure, memberId: '' });
    else if (api === 'sync') mailbox.push({ type: 'sync-failed', token, failure });
    else if (api === 'heartbeat') mailbox.push({ type: 'heartbeat-failed', token, failure });
  }
  forsake(w, index, ({ beside }) => !beside);
}

/** The process is no more; what it has sent may still arrive. */
export function stop(w: World, index: number): void {
  const member = memberAt(w, index);
  w.net = w.net.filter((request) => request.member !== index || request.phase !== 'answered');
  member.alive = false;
  member.owned = 0;
  member.jobs = [];
  member.timers = new Set();
  member.plan = null;
  forsake(w, index, () => true);
}

function forsake(w: World, index: number, which: (request: Request) => boolean): void {
  w.net = w.net.flatMap((request): Request[] => {
    // What is late already may still come: it is on its way through the runtime.
    if (request.member !== index || request.orphan || !which(request)) return [request];
    const lives = request.phase === 'sent' || request.phase === 'parked';
    return lives ? [{ ...request, orphan: true }] : [];
  });
}

/** The answer to a request reaches its member. */
export function deliver(w: World, request: Request): void {
  w.net = w.net.filter(({ seq }) => seq !== request.seq);
  const { api, token, member } = request;
  const event = request.answer ? eventOf(api, token, request.answer) : null;
  if (event) tell(w, member, event);
}

function eventOf(api: Request['api'], token: number, given: Answer): MembershipEvent {
  switch (given.kind) {
    case 'joined':
      return { type: 'joined', token, answer: given.answer };
    case 'synced':
      return {
        type: 'synced',
        token,
        answer: { protocolType: 'consumer', protocolName: null, partitions: listOf(given.partitions) },
      };
    case 'ok':
      return api === 'leave' ? { type: 'left', token } : { type: 'heartbeat', token };
    case 'error': {
      const failure = { errorCode: given.code };
      if (api === 'join') return { type: 'join-failed', token, failure, memberId: given.memberId };
      if (api === 'sync') return { type: 'sync-failed', token, failure };
      return { type: 'heartbeat-failed', token, failure };
    }
  }
}

/** A request ends without an answer. */
export function fail(w: World, { api, token, member, seq }: Request): void {
  const failure = { transport: 'timeout', sent: 'maybe' } as const;
  w.net = w.net.map((request) => (request.seq === seq ? { ...request, orphan: true } : request));
  if (api === 'join') tell(w, member, { type: 'join-failed', token, failure, memberId: '' });
  else if (api === 'sync') tell(w, member, { type: 'sync-failed', token, failure });
  else if (api === 'heartbeat') tell(w, member, { type: 'heartbeat-failed', token, failure });
  else tell(w, member, { type: 'left', token });
}
