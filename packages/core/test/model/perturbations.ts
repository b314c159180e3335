/** What goes wrong, or is asked for: each costs one of the perturbations that an exploration may use. */
import { expire, find } from './coordinator.ts';
import { fail, resetLane, stop, tell } from './member.ts';
import { deadlineMoves, fire, type Move } from './moves.ts';
import {
  COORDINATOR,
  type GroupMember,
  isAwaited,
  memberAt,
  type Request,
  type Trouble,
  type World,
} from './world.ts';

const TROUBLES: readonly Trouble[] = ['drop', 'delay', 'refuse'];

/** @param moves what may happen by itself: the request that a member sends with one of them may meet trouble */
export function perturbationsOf(w: World, moves: readonly Move[]): readonly Move[] {
  return [
    ...moves.flatMap((move) =>
      w.members.flatMap((_, i) => TROUBLES.map((kind) => withTrouble(move, i, kind))),
    ),
    ...w.members.flatMap((_, i) => memberPerturbations(w, i)),
    ...w.net.flatMap((request) => requestPerturbations(w, request)),
    ...w.group.members.flatMap((member) => silencePerturbations(w, member)),
    ...deadlineMoves(w, (member) => isUnheard(w, member), ' for the silent'),
  ];
}

function withTrouble({ name, run }: Move, i: number, kind: Trouble): Move {
  return {
    name: `${name}, and the request meets ${kind}`,
    run: (next) => {
      const member = memberAt(next, i);
      member.trouble = kind;
      run(next);
      member.trouble = null; // nothing was sent: the same as without
    },
  };
}

function memberPerturbations(w: World, i: number): Move[] {
  const { name, alive, m, timers, owned } = memberAt(w, i);
  if (!alive || m.state === 'idle') return [];
  const moves: Move[] = [{ name: `${name} crashes`, run: (next) => stop(next, i) }];
  if (m.state === 'leaving') {
    if (timers.has('end'))
      moves.push({ name: `${name}: closing takes too long`, run: (next) => fire(next, i, 'end') });
  } else {
    const close = { type: 'close', leave: true, reason: 'model', timeoutMs: 20_000 } as const;
    moves.push({ name: `${name} closes`, run: (next) => tell(next, i, close) });
    const rejoin = { type: 'rejoin', trigger: 'manual', reason: 'model' } as const;
    if (m.state !== 'draining' && m.wanted === null)
      moves.push({ name: `${name} is asked to rejoin`, run: (next) => tell(next, i, rejoin) });
  }
  if (timers.has('join-by'))
    moves.push({ name: `${name}: the drain takes too long`, run: (next) => fire(next, i, 'join-by') });
  if (owned > 0 && m.state !== 'in-doubt')
    moves.push({ name: `${name}: the lease ends`, run: (next) => fallSilent(next, i) });
  if (m.coordinator) {
    const lost = { type: 'coordinator-lost', coordinator: COORDINATOR, reason: 'model' } as const;
    moves.push({ name: `${name} loses the coordinator`, run: (next) => tell(next, i, lost) });
  }
  if (w.net.some((request) => isWaitedFor(w, request) && request.member === i && !request.beside))
    moves.push({ name: `${name} loses its connection`, run: (next) => cut(next, i) });
  return moves;
}

function fallSilent(w: World, i: number): void {
  memberAt(w, i).jumps += 1;
}

function cut(w: World, i: number): void {
  const events: Parameters<typeof resetLane>[2] = [];
  resetLane(w, i, events);
  for (const event of events) tell(w, i, event);
}

function isWaitedFor(w: World, { orphan, member, api, token }: Request): boolean {
  return !orphan && isAwaited(memberAt(w, member).m, api, token);
}

function requestPerturbations(w: World, request: Request): Move[] {
  if (!isWaitedFor(w, request)) return [];
  const { api, phase, seq, member } = request;
  const name = `${memberAt(w, member).name}: ${api}`;
  switch (phase) {
    case 'sent':
      return [{ name: `${name} is given up, and arrives later`, run: (next) => fail(next, request) }];
    case 'answered':
      return [
        {
          name: `the answer to ${name} is lost`,
          run: (next) => {
            next.net = next.net.filter((one) => one.seq !== seq);
            fail(next, request);
          },
        },
        { name: `the answer to ${name} comes late`, run: (next) => fail(next, request) },
      ];
    case 'parked':
      return [{ name: `${name} times out`, run: (next) => fail(next, request) }];
    case 'void':
      return [];
  }
}

/** All that the coordinator has heard of the member was sent before its latest silence. */
function isUnheard(w: World, { id, member, heard }: GroupMember): boolean {
  const { jumps, m } = memberAt(w, member);
  return m.triple.memberId !== id || heard < jumps;
}

function silencePerturbations(w: World, one: GroupMember): Move[] {
  const { id, member, parkedJoin, parkedSync } = one;
  const { m, alive } = memberAt(w, member);
  if (!alive || m.triple.memberId !== id || parkedJoin !== null || parkedSync !== null) return [];
  return [
    {
      name: `the session of ${id} expires`,
      run: (next) => {
        if (!isUnheard(next, one)) fallSilent(next, member);
        if (find(next, id)) expire(next, id);
      },
    },
  ];
}
