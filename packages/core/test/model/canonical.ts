/**
 * A state of the world as text: equal for states that nothing can tell apart. Tokens are reduced to whether they are
 * waited for, generations and ids to their order, moments to whether a silence lies between.
 */
import type { TimerName } from '../../src/membership/effect.ts';
import type { Membership } from '../../src/membership/state.ts';
import {
  ageOf,
  isAwaited,
  type Member,
  memberAt,
  momentOf,
  type Request,
  setOf,
  type World,
} from './world.ts';

const TIMERS: readonly TimerName[] = ['lookup', 'join', 'heartbeat', 'lease', 'join-by', 'follow-up', 'end'];
/** One more rejoin than may follow each other without a pause; beyond, more is the same. */
const HURRIED_CAP = 6;

export function canonical(w: World): string {
  const names = new Names(w);
  const { group } = w;
  const members = group.members.map(
    (one) =>
      `${names.id(one.id)}${one.owned}${names.generation(one.ownedGeneration)}${flag(one.parkedJoin)}${flag(one.parkedSync)}` +
      `${one.assignment}${flag(one.isNew)}${Math.min(1, memberAt(w, one.member).jumps - one.heard)}`,
  );
  return [
    ...w.members.map((member) => memberText(member, names)),
    ...w.net.map((request) => requestText(w, request, names)).sort(),
    `${group.state.slice(0, 2)}${flag(group.initial)}${names.generation(group.generationId)}${names.id(group.leaderId)}`,
    ...members,
    group.pendingJoin.map((id) => names.id(id)).join(),
    group.pendingSync.map((id) => names.id(id)).join(),
    ...w.committers.map((ids) => ids.map((id) => names.id(id)).join()),
  ].join('|');
}

/** Numbers for ids and generations that keep their order. */
class Names {
  readonly #ids: ReadonlyMap<string, string>;
  readonly #generations: readonly number[];

  constructor({ members, net, group, committers }: World) {
    const ids = new Set<string>(committers.flat());
    const generations = new Set<number>([group.generationId]);
    for (const { m, ownedUnder, plan } of members) {
      ids.add(m.triple.memberId);
      if (m.leaderId !== null) ids.add(m.leaderId);
      generations.add(m.triple.generationId).add(m.ownedGeneration).add(ownedUnder);
      for (const { memberId } of plan?.members ?? []) ids.add(memberId);
    }
    for (const { id, ownedGeneration } of group.members) {
      ids.add(id);
      generations.add(ownedGeneration);
    }
    for (const id of group.pendingJoin) ids.add(id);
    for (const { memberId, generationId, ownedGeneration, answer, plan } of net) {
      ids.add(memberId);
      generations.add(generationId).add(ownedGeneration);
      for (const [id] of plan) ids.add(id);
      if (answer?.kind === 'error') ids.add(answer.memberId);
      if (answer?.kind === 'joined') {
        ids.add(answer.answer.memberId).add(answer.answer.leaderId);
        generations.add(answer.answer.generationId);
      }
    }
    const counts = new Map<string, number>();
    const names = new Map<string, string>();
    for (const id of [...ids].sort()) {
      const name = id.slice(0, 1);
      const rank = counts.get(name) ?? 0;
      counts.set(name, rank + 1);
      names.set(id, `${name}${rank}`);
    }
    this.#ids = names;
    this.#generations = [...generations].sort((x, y) => x - y);
  }

  id(id: string | null): string {
    return id === null ? '' : (this.#ids.get(id) ?? '?');
  }

  generation(generationId: number): string {
    return generationId < 0 ? '-' : String(this.#generations.indexOf(generationId));
  }
}

function flag(value: unknown): string {
  return value === null || value === false || value === undefined ? '.' : '!';
}

function memberText(member: Member, names: Names): string {
  const { m, alive, owned, ownedUnder, jobs, timers, plan, jumps } = member;
  if (!alive) return 'gone';
  const callbacks = jobs.map(
    ({ kind, token, partitions }) =>
      `${kind.slice(0, 1)}${partitions}${flag(token === (kind === 'assign' ? m.applying : m.revoke))}`,
  );
  const planning =
    plan &&
    `${flag(plan.token === m.step)}${plan.members.map((one) => `${one.memberId}${one.metadata.at(-3)}`).join()}`;
  return [
    m.state,
    `${owned}${names.generation(ownedUnder)}`,
    membershipText(m, member, names),
    callbacks.join(),
    planning ?? '',
    TIMERS.map((timer) => flag(timers.has(timer))).join(''),
    ageOf(m.contact, jumps),
  ].join(' ');
}

function membershipText(m: Membership, member: Member, names: Names): string {
  const { jumps } = member;
  return [
    `${names.id(m.triple.memberId)}${names.generation(m.triple.generationId)}${names.id(m.leaderId)}`,
    `${setOf(m.owned)}${names.generation(m.ownedGeneration)}${setOf(m.revoking)}${setOf(m.givenBack)}`,
    [
      m.coordinator,
      m.applying,
      m.rebalance,
      m.wanted,
      m.step,
      m.revoke,
      m.joinHeld,
      m.lookup,
      m.lookupHeld,
      m.deferred,
      m.stalled,
      m.triple.protocolName,
    ]
      .map(flag)
      .join(''),
    m.heartbeat ? ageOf(m.heartbeat.at, jumps) : '',
    m.step === null ? '' : ageOf(m.stepAt, jumps),
    m.arrived ? `${setOf(m.arrived.partitions)}${ageOf(m.arrived.sentAt, jumps)}` : '',
    m.ending ? `${flag(m.ending.deadline > momentOf(member).mono)}` : '',
    Math.min(HURRIED_CAP, m.hurried),
  ].join(',');
}

function requestText(w: World, request: Request, names: Names): string {
  const {
    member,
    api,
    token,
    phase,
    orphan,
    beside,
    sentAt,
    memberId,
    generationId,
    owned,
    ownedGeneration,
  } = request;
  const { m, jumps } = memberAt(w, member);
  const awaited = !orphan && isAwaited(m, api, token);
  return [
    `${member}${api.slice(0, 1)}${phase.slice(0, 1)}${flag(awaited)}${flag(orphan)}${flag(beside)}${Math.min(1, jumps - sentAt)}`,
    `${names.id(memberId)}${names.generation(generationId)}${owned}${names.generation(ownedGeneration)}`,
    request.plan.map(([id, partitions]) => `${names.id(id)}${partitions}`).join(),
    answerText(request, names),
  ].join(',');
}

function answerText({ answer }: Request, names: Names): string {
  switch (answer?.kind) {
    case 'joined': {
      const { memberId, generationId, leaderId, members } = answer.answer;
      return `${names.id(memberId)}${names.generation(generationId)}${names.id(leaderId)}${members.length}`;
    }
    case 'synced':
      return String(answer.partitions);
    case 'error':
      return `${answer.code}${names.id(answer.memberId)}`;
    case 'ok':
      return 'ok';
    default:
      return '';
  }
}
