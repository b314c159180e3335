/** The rules of Kafka's classic group coordinator, over the plain data of the world: what each request and each timer does. */
import type { JoinedMember } from '../../src/contracts/transport.ts';
import { KafkaCode } from '../../src/errors/kafka-codes.ts';
import { encodeSubscription } from '../../src/wire/subscription.ts';
import { type Answer, type GroupMember, listOf, memberAt, type Request, TOPIC, type World } from './world.ts';

const PROTOCOL_NAME = 'model';

/** The coordinator takes a request. */
export function receive(w: World, request: Request): void {
  switch (request.api) {
    case 'join':
      join(w, request);
      return;
    case 'sync':
      sync(w, request);
      return;
    case 'heartbeat':
      answer(w, request, heartbeat(w, request));
      return;
    case 'leave':
      if (find(w, request.memberId)) remove(w, request.memberId);
      else w.group.pendingJoin = w.group.pendingJoin.filter((id) => id !== request.memberId);
      answer(w, request, { kind: 'ok' });
      rebalanceOrComplete(w);
  }
}

/** A member has not been heard of for a session, or an id was never used. */
export function expire(w: World, id: string): void {
  const pending = w.group.pendingJoin.includes(id);
  w.group.pendingJoin = w.group.pendingJoin.filter((other) => other !== id);
  if (!pending) remove(w, id);
  if (pending || w.group.state === 'PreparingRebalance') {
    if (w.group.state === 'PreparingRebalance' && allJoined(w)) completeJoin(w);
  } else rebalanceOrComplete(w);
}

/** The rebalance timeout, or the initial delay, is over: whoever has not joined is out. */
export function completeJoin(w: World): void {
  const { group } = w;
  for (const { id, parkedJoin } of [...group.members]) if (parkedJoin === null) drop(w, id);
  group.initial = false;
  group.generationId += 1;
  for (const ids of w.committers) ids.length = 0;
  if (group.members.length === 0) {
    group.state = 'Empty';
    group.leaderId = null;
    return;
  }
  group.state = 'CompletingRebalance';
  group.pendingSync = group.members.map(({ id }) => id);
  for (const member of group.members) {
    answerParked(w, member.parkedJoin, joined(w, member));
    member.parkedJoin = null;
    member.isNew = false;
  }
}

/** Whoever has joined and not synced in time is out. */
export function expirePendingSync(w: World): void {
  for (const id of [...w.group.pendingSync]) if (find(w, id)) drop(w, id);
  prepareRebalance(w);
}

export function find(w: World, id: string): GroupMember | undefined {
  return w.group.members.find((member) => member.id === id);
}

/** Answers a request that is not parked, or says that nobody will. */
export function answer(w: World, { seq }: Request, what: Answer | null): void {
  w.net = w.net.flatMap((request): Request[] => {
    if (request.seq !== seq) return [request];
    if (request.orphan) return [];
    return [{ ...request, phase: what ? 'answered' : 'void', answer: what }];
  });
}

function answerParked(w: World, seq: number | null, what: Answer | null): void {
  const request = w.net.find((one) => one.seq === seq);
  if (request) answer(w, request, what);
}

function park(w: World, { seq }: Request): void {
  w.net = w.net.map((request) => (request.seq === seq ? { ...request, phase: 'parked' } : request));
}

function error(code: number, memberId = ''): Answer {
  return { kind: 'error', code, memberId };
}

function join(w: World, request: Request): void {
  const { group } = w;
  const { memberId } = request;
  const sender = memberAt(w, request.member);
  if (memberId === '') {
    const id = `${sender.name}${String.fromCharCode(97 + sender.ids)}`;
    sender.ids += 1;
    group.pendingJoin.push(id);
    answer(w, request, error(KafkaCode.memberIdRequired, id));
  } else if (group.pendingJoin.includes(memberId)) {
    group.pendingJoin = group.pendingJoin.filter((id) => id !== memberId);
    const { owned, ownedGeneration, sentAt: heard, member } = request;
    group.leaderId ??= memberId;
    group.members.push({
      ...{ id: memberId, member, owned, ownedGeneration, heard },
      ...{ parkedJoin: request.seq, parkedSync: null, assignment: 0, isNew: true },
    });
    park(w, request);
    rebalanceOrComplete(w);
  } else {
    const known = find(w, memberId);
    if (known) rejoin(w, known, request);
    else answer(w, request, error(KafkaCode.unknownMemberId, memberId));
  }
}

function rejoin(w: World, known: GroupMember, request: Request): void {
  const { group } = w;
  const same = known.owned === request.owned && known.ownedGeneration === request.ownedGeneration;
  const isLeader = group.leaderId === known.id;
  known.heard = Math.max(known.heard, request.sentAt);
  if (same && (group.state === 'CompletingRebalance' || (group.state === 'Stable' && !isLeader))) {
    answer(w, request, joined(w, known));
    return;
  }
  answerParked(w, known.parkedJoin, null);
  known.parkedJoin = request.seq;
  known.owned = request.owned;
  known.ownedGeneration = request.ownedGeneration;
  park(w, request);
  rebalanceOrComplete(w);
}

function sync(w: World, request: Request): void {
  const { group } = w;
  const member = find(w, request.memberId);
  if (!member) {
    answer(w, request, error(KafkaCode.unknownMemberId));
  } else if (request.generationId !== group.generationId) {
    answer(w, request, error(KafkaCode.illegalGeneration));
  } else if (group.state === 'PreparingRebalance') {
    answer(w, request, error(KafkaCode.rebalanceInProgress));
  } else if (group.state === 'CompletingRebalance') {
    answerParked(w, member.parkedSync, null);
    member.parkedSync = request.seq;
    member.heard = Math.max(member.heard, request.sentAt);
    park(w, request);
    synced(w, member.id);
    if (group.leaderId === member.id) store(w, request);
  } else {
    member.heard = Math.max(member.heard, request.sentAt);
    synced(w, member.id);
    answer(w, request, { kind: 'synced', partitions: member.assignment });
  }
}

function synced(w: World, id: string): void {
  w.group.pendingSync = w.group.pendingSync.filter((other) => other !== id);
}

function store(w: World, { plan }: Request): void {
  const given = new Map(plan);
  w.group.state = 'Stable';
  for (const member of w.group.members) {
    member.assignment = given.get(member.id) ?? 0;
    answerParked(w, member.parkedSync, { kind: 'synced', partitions: member.assignment });
    member.parkedSync = null;
  }
}

function heartbeat(w: World, { memberId, generationId, sentAt }: Request): Answer {
  const member = find(w, memberId);
  if (!member) return error(KafkaCode.unknownMemberId);
  if (generationId !== w.group.generationId) return error(KafkaCode.illegalGeneration);
  member.heard = Math.max(member.heard, sentAt);
  return w.group.state === 'PreparingRebalance' ? error(KafkaCode.rebalanceInProgress) : { kind: 'ok' };
}

function joined(w: World, { id }: GroupMember): Answer {
  const { generationId, leaderId } = w.group;
  const members = id === leaderId ? w.group.members.map(metadataOf) : [];
  return {
    kind: 'joined',
    answer: {
      ...{ memberId: id, generationId, leaderId: leaderId ?? '', members },
      ...{ protocolType: 'consumer', protocolName: PROTOCOL_NAME, skipAssignment: false },
    },
  };
}

function metadataOf({ id, owned, ownedGeneration }: GroupMember): JoinedMember {
  const rest = { topics: [TOPIC], userData: null, rackId: null };
  return {
    memberId: id,
    metadata: encodeSubscription({ ...rest, owned: listOf(owned), generationId: ownedGeneration }),
  };
}

function allJoined({ group }: World): boolean {
  return group.pendingJoin.length === 0 && group.members.every(({ parkedJoin }) => parkedJoin !== null);
}

function rebalanceOrComplete(w: World): void {
  const { group } = w;
  if (group.state !== 'PreparingRebalance') prepareRebalance(w);
  else if (!group.initial && allJoined(w)) completeJoin(w);
}

function prepareRebalance(w: World): void {
  const { group } = w;
  if (group.state === 'Empty' && group.members.length === 0) return;
  for (const member of group.members) {
    if (group.state !== 'CompletingRebalance') break;
    member.assignment = 0;
    answerParked(w, member.parkedSync, error(KafkaCode.rebalanceInProgress));
    member.parkedSync = null;
  }
  group.pendingSync = [];
  group.initial = group.state === 'Empty';
  group.state = 'PreparingRebalance';
  if (!group.initial && allJoined(w)) completeJoin(w);
}

/** Out, with an answer to whatever of it is parked. */
function remove(w: World, id: string): void {
  const member = find(w, id);
  if (!member) return;
  answerParked(w, member.parkedJoin, error(KafkaCode.unknownMemberId));
  answerParked(w, member.parkedSync, null);
  drop(w, id);
}

function drop(w: World, id: string): void {
  const { group } = w;
  group.members = group.members.filter((member) => member.id !== id);
  group.pendingSync = group.pendingSync.filter((other) => other !== id);
  if (group.leaderId !== id) return;
  group.leaderId =
    group.members.find(({ parkedJoin }) => parkedJoin !== null)?.id ?? group.members[0]?.id ?? null;
}
