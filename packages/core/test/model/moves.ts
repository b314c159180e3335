/** What may happen by itself: requests arrive, answers come, callbacks return, timers fire, the silent are expelled. */
import type { TimerName } from '../../src/membership/effect.ts';
import { completeJoin, expire, expirePendingSync, find, receive } from './coordinator.ts';
import { deliver, fail, tell } from './member.ts';
import { planFor } from './plan.ts';
import {
  type GroupMember,
  isAwaited,
  isSilent,
  type Job,
  memberAt,
  type Request,
  type World,
} from './world.ts';

/** One thing that may happen. `run` changes the world that it is given. */
export interface Move {
  readonly name: string;
  readonly run: (w: World) => void;
}

/** In the order in which a calm world does them: heartbeats last. @param first the member whose turn is first */
export function movesOf(w: World, first = 0): readonly Move[] {
  return [...dueMoves(w, first), ...calmTimers(w, first)];
}

function dueMoves(w: World, first: number): Move[] {
  return [
    ...w.net.flatMap((request) => requestMovesOf(w, request)),
    ...workMoves(w, first),
    ...workMoves(w, 1 - first),
    ...groupMoves(w),
  ];
}

function calmTimers(w: World, first: number): Move[] {
  return [first, 1 - first].flatMap((i) => timerMoves(w, i, ['follow-up', 'heartbeat']));
}

/** One way through: what is due happens before a timer of the calm fires, in one order. What is late may come at any time. */
export function calmMovesOf(w: World): readonly Move[] {
  const late = w.net.filter(({ orphan }) => orphan).flatMap((request) => requestMovesOf(w, request));
  const prompt = w.net.filter(({ orphan }) => !orphan).flatMap((request) => requestMovesOf(w, request));
  const due = [...prompt, ...workMoves(w, 0), ...workMoves(w, 1), ...groupMoves(w)];
  return due.length > 0 ? [...late, ...due.slice(0, 1)] : [...late, ...calmTimers(w, 0)];
}

function requestMovesOf(w: World, request: Request): Move[] {
  const name = `${memberAt(w, request.member).name}: ${request.api}`;
  switch (request.phase) {
    case 'sent':
      return [{ name: `${name} arrives`, run: (next) => receive(next, request) }];
    case 'answered':
      return [{ name: `${name} is answered`, run: (next) => deliver(next, request) }];
    case 'void':
      return [{ name: `${name} times out`, run: (next) => failAndForget(next, request) }];
    case 'parked':
      return [];
  }
}

function failAndForget(w: World, request: Request): void {
  w.net = w.net.filter(({ seq }) => seq !== request.seq);
  if (isAwaited(memberAt(w, request.member).m, request.api, request.token)) fail(w, request);
}

function workMoves(w: World, i: number): Move[] {
  const member = memberAt(w, i);
  const { name, m, plan, jobs, alive } = member;
  if (!alive) return [];
  const moves: Move[] = [];
  const [job] = jobs;
  if (m.state === 'idle') {
    moves.push({
      name: `${name} starts`,
      run: (next) => tell(next, i, { type: 'start', topics: ['orders'] }),
    });
  }
  if (job)
    moves.push({ name: `${name}: callback of ${job.kind} returns`, run: (next) => settle(next, i, job) });
  if (plan) moves.push({ name: `${name} has planned`, run: (next) => planned(next, i) });
  return [...moves, ...timerMoves(w, i, ['lookup', 'join', 'lease'])];
}

function settle(w: World, i: number, { kind, token, partitions }: Job): void {
  const member = memberAt(w, i);
  member.jobs = member.jobs.slice(1);
  if (kind === 'revoke') member.owned &= ~partitions;
  tell(w, i, { type: kind === 'assign' ? 'applied' : 'revoked', token });
}

function planned(w: World, i: number): void {
  const member = memberAt(w, i);
  if (!member.plan) return;
  const { token, members } = member.plan;
  member.plan = null;
  tell(w, i, { type: 'planned', token, ...planFor(members, w.protocol) });
}

function timerMoves(w: World, i: number, names: readonly TimerName[]): Move[] {
  const { name, timers, alive, m } = memberAt(w, i);
  if (!alive) return [];
  return names
    .filter((timer) => timers.has(timer) && (timer !== 'lease' || isSilent(memberAt(w, i))))
    .filter((timer) => timer !== 'heartbeat' || m.heartbeat === null)
    .map((timer) => ({ name: `${name}: timer ${timer}`, run: (next) => fire(next, i, timer) }));
}

export function fire(w: World, i: number, name: TimerName): void {
  const member = memberAt(w, i);
  member.timers = new Set([...member.timers].filter((other) => other !== name));
  tell(w, i, { type: 'timer', name });
}

/** Nobody speaks under this id any more. */
function isGhost(w: World, { id, member }: Pick<GroupMember, 'id' | 'member'>): boolean {
  const { alive, m } = memberAt(w, member);
  if (alive && m.triple.memberId === id) return false;
  return !w.net.some(({ memberId, phase, answer }) => {
    if (answer?.kind === 'error' && answer.memberId === id) return true;
    return memberId === id && phase === 'sent';
  });
}

function groupMoves(w: World): Move[] {
  const { group } = w;
  const moves: Move[] = [];
  if (group.state === 'PreparingRebalance' && group.initial)
    moves.push({ name: 'the initial delay is over', run: completeJoin });
  for (const id of group.pendingJoin) {
    const member = w.members.findIndex(({ name }) => id.startsWith(name));
    if (isGhost(w, { id, member }))
      moves.push({ name: `${id} is never used`, run: (next) => expire(next, id) });
  }
  for (const one of group.members) {
    if (one.parkedJoin === null && one.parkedSync === null && isGhost(w, one))
      moves.push({ name: `the session of ${one.id} expires`, run: (next) => expire(next, one.id) });
  }
  return [...moves, ...deadlineMoves(w, (one) => isGhost(w, one), '')];
}

/** The coordinator waits no longer for those who are gone. */
export function deadlineMoves(w: World, isGone: (member: GroupMember) => boolean, why: string): Move[] {
  const { group } = w;
  const absent = group.members.filter(({ parkedJoin }) => parkedJoin === null);
  if (group.state === 'PreparingRebalance' && !group.initial && absent.length > 0 && absent.every(isGone))
    return [{ name: `the rebalance timeout passes${why}`, run: completeJoin }];
  const late = group.pendingSync.flatMap((id) => find(w, id) ?? []);
  if (group.state === 'CompletingRebalance' && late.length > 0 && late.every(isGone))
    return [{ name: `the time to sync passes${why}`, run: expirePendingSync }];
  return [];
}
