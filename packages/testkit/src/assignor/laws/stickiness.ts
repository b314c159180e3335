/** Members keep what they have, as far as balance allows. */

import { type Law, LawBroken } from '../law.ts';
import type { KitSettings } from '../options.ts';
import { type LedgerEntry, ledgerOf, type Score, scoreOf } from '../oracle/ledger.ts';
import { optimum } from '../oracle/optimum.ts';
import {
  type MemberSpec,
  type ProblemSpec,
  subscribedAlike,
  withoutRacks,
} from '../problems/problem-spec.ts';
import { CONTRADICTIONS } from '../problems/vectors.ts';
import type { Steps } from '../steps.ts';
import { adopted, type Run, type Subject, samePlans } from '../subject.ts';

const isExact = ({ sticky, balance }: KitSettings) => sticky && balance === 'exact';
export const keepsUniform = ({ sticky, balance }: KitSettings) => sticky && balance !== 'none';

/** With exact balance any group, else one in which all subscribe alike. Racks come before stickiness where they count. */
export function groupFor({ settings }: Subject, spec: ProblemSpec): ProblemSpec {
  return settings.balance === 'exact' ? spec : subscribedAlike(spec);
}

/** What happens to a group, one event for each rebalance. */
const EVENTS: readonly ((spec: ProblemSpec) => ProblemSpec)[] = [
  ({ topics, members }) => ({ topics, members: members.slice(1) }),
  ({ topics, members }) => ({
    topics: topics.map((topic, t) => (t === 0 ? { ...topic, partitions: topic.partitions + 2 } : topic)),
    members,
  }),
  ({ topics, members }) => ({ topics, members: [...members, newcomer('back', members[0]?.topics ?? [])] }),
  ({ topics, members }) => ({ topics, members: members.slice(0, -2) }),
  ({ topics, members }) => ({
    topics,
    members: [
      ...members,
      newcomer(
        'one',
        topics.map(({ name }) => name),
      ),
      newcomer('two', members[0]?.topics ?? []),
    ],
  }),
  ({ topics, members }) => ({
    topics,
    members: members.map((member, m) => (m === 0 ? { ...member, topics: member.topics.slice(1) } : member)),
  }),
];

function newcomer(id: string, topics: readonly string[]): MemberSpec {
  return { id: `new-${id}`, topics, generation: -1, owns: [] };
}

export const stickinessLaws: readonly Law[] = [
  {
    name: 'idempotence',
    says: 'a group that has what the plan gave it is given the same again',
    claims: 'exclusive',
    *check(spec, subject) {
      const settledGroup = adopted(yield* subject.run(spec));
      const before = yield* subject.run(settledGroup);
      const again = yield* subject.run(adopted(before));
      if (!samePlans(before, again)) {
        throw subject.broken(
          again,
          'members have just what the plan gave them, and are given something else',
        );
      }
      if (isExact(subject.settings) && scoreRun(again, subject).moves > 0) {
        throw subject.broken(again, 'members have just what the plan gave them, and it moves partitions');
      }
    },
  },
  {
    name: 'stickiness',
    says: 'no other plan as balanced moves fewer partitions',
    claims: 'exclusive',
    binds: keepsUniform,
    *check(spec, subject) {
      yield* fewestMoves(groupFor(subject, spec), subject);
    },
  },
  {
    name: 'generations',
    says: 'the claim of the highest generation counts, and of two under one generation neither',
    claims: 'contradictory',
    vectors: CONTRADICTIONS,
    binds: keepsUniform,
    *check(spec, subject) {
      yield* fewestMoves(groupFor(subject, spec), subject);
    },
  },
  {
    name: 'join',
    says: 'where all subscribe to the same topics, a newcomer takes partitions and nobody else does',
    claims: 'none',
    binds: keepsUniform,
    *check(spec, subject) {
      const before = adopted(yield* subject.run(withoutRacks(subscribedAlike(spec))));
      const topics = before.topics.map(({ name }) => name);
      for (const id of ['0-newcomer', '~newcomer']) {
        const joined = { id, topics, generation: -1, owns: [] };
        const run = yield* subject.run({ ...before, members: [...before.members, joined] });
        for (const move of movesOf(run)) {
          if (move.to === id) continue;
          throw subject.broken(
            run,
            `${move.what} goes from ${move.from} to ${move.to}, and ${id} is the newcomer`,
          );
        }
        const load =
          run.plan.partitions[run.problem.members.findIndex(({ memberId }) => memberId === id)]?.length;
        if (load !== undefined && load >= Math.floor(run.problem.partitionCount / run.problem.members.length))
          continue;
        throw subject.broken(
          run,
          `${id} is the newcomer, and gets ${load} of ${run.problem.partitionCount} partitions`,
        );
      }
    },
  },
  {
    name: 'leave',
    says: 'where all subscribe to the same topics and one leaves, only what it had moves',
    claims: 'none',
    binds: keepsUniform,
    *check(spec, subject) {
      const before = adopted(yield* subject.run(withoutRacks(subscribedAlike(spec))));
      for (const [m, leaver] of before.members.entries()) {
        const run = yield* subject.run({ ...before, members: before.members.toSpliced(m, 1) });
        const [move] = movesOf(run);
        if (move === undefined) continue;
        throw subject.broken(
          run,
          `${leaver.id} has left, and ${move.what} goes from ${move.from} to ${move.to}`,
        );
      }
    },
  },
  {
    name: 'growth',
    says: 'where all subscribe to the same topics, new partitions move no old ones',
    claims: 'none',
    binds: keepsUniform,
    *check(spec, subject) {
      const before = adopted(yield* subject.run(withoutRacks(subscribedAlike(spec))));
      const grown = before.topics.map((topic, t) => ({
        ...topic,
        partitions: topic.partitions + 1 + (t % 3),
      }));
      const run = yield* subject.run({ ...before, topics: grown });
      const [move] = movesOf(run);
      if (move === undefined) return;
      throw subject.broken(run, `topics have grown, and ${move.what} goes from ${move.from} to ${move.to}`);
    },
  },
  {
    name: 'history',
    says: 'through joins, leaves and growth, one after the other, no step moves more than it must',
    claims: 'none',
    share: 0.3,
    binds: keepsUniform,
    *check(spec, subject) {
      let run = yield* fewestMoves(groupFor(subject, spec), subject);
      for (const event of EVENTS) {
        run = yield* fewestMoves(groupFor(subject, event(adopted(run))), subject);
      }
    },
  },
];

function racksFor({ settings }: Subject): 'off' | 'leader' | 'replicas' {
  return settings.racks ?? 'off';
}

export function scoreRun(run: Run, subject: Subject): Score {
  const ledger = ledgerOf(run.spec, racksFor(subject));
  return scoreOf(ledger, ownersIn(run, ledger), run.problem.members.length);
}

/** The new owner of each entry. Entries and flat ids are in the same order, or there is nothing to compare. */
function ownersIn(run: Run, ledger: readonly LedgerEntry[]): number[] {
  if (ledger.length !== run.problem.partitionCount) {
    throw new LawBroken(
      `${run.problem.partitionCount} partitions in the problem, not ${ledger.length}`,
      run.spec,
    );
  }
  const owners = new Array<number>(ledger.length).fill(-1);
  for (const [m, flatIds] of run.plan.partitions.entries()) for (const flatId of flatIds) owners[flatId] = m;
  return owners;
}

function* fewestMoves(spec: ProblemSpec, subject: Subject): Steps<Run> {
  return requireFewestMoves(yield* subject.run(spec), subject);
}

/** @throws LawBroken unless the plan is as good as any in loads, then racks, then moves */
export function requireFewestMoves(run: Run, subject: Subject): Run {
  const { loads, offRack, moves } = scoreRun(run, subject);
  const best = optimum(ledgerOf(run.spec, racksFor(subject)), run.problem.members.length);
  if (loads.join() !== best.loads.join()) {
    throw subject.broken(run, `the loads are ${loads.join(', ')}; possible are ${best.loads.join(', ')}`);
  }
  if (offRack !== best.offRack) {
    throw subject.broken(
      run,
      `${offRack} partitions are off rack; a plan as balanced need have only ${best.offRack}`,
    );
  }
  if (moves !== best.moves) {
    throw subject.broken(
      run,
      `it moves ${moves} partitions; a plan as balanced need move only ${best.moves}`,
    );
  }
  return run;
}

interface Move {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

function movesOf(run: Run): Move[] {
  const ledger = ledgerOf(run.spec);
  const owners = ownersIn(run, ledger);
  const nameOf = (m: number) => run.problem.members[m]?.memberId ?? '';
  return ledger.flatMap(({ topic, partition, owner }, i) => {
    const to = owners[i] ?? -1;
    if (owner === -1 || owner === to) return [];
    return [{ what: `${topic}-${partition}`, from: nameOf(owner), to: nameOf(to) }];
  });
}
