/** Racks: partitions near their members, never at the cost of balance, and not less near with every rebalance. */
import type { Law } from '../law.ts';
import { ledgerOf } from '../oracle/ledger.ts';
import { optimum } from '../oracle/optimum.ts';
import { type ProblemSpec, withoutClaims, withoutRacks } from '../problems/problem-spec.ts';
import { adopted, samePlans } from '../subject.ts';
import { loadsOf } from './balance.ts';
import { scoreRun } from './stickiness.ts';

export const rackLaws: readonly Law[] = [
  {
    name: 'rack gate',
    says: 'where every rack has every partition, racks make no difference',
    claims: 'exclusive',
    *check(spec, subject) {
      const racks = [...new Set(spec.members.flatMap(({ rack }) => rack ?? []))];
      const topics = spec.topics.map((topic) => ({
        ...topic,
        racks: Array.from({ length: topic.partitions }, () => racks),
      }));
      // By leader a partition has one rack only.
      const gated = subject.settings.racks === 'leader' ? withoutRacksOfMembers(spec) : { ...spec, topics };
      const run = yield* subject.run(gated);
      if (samePlans(run, yield* subject.run(withoutRacks(spec)))) return;
      throw subject.broken(run, 'the plan differs from the one without racks');
    },
  },
  {
    name: 'racks after balance',
    says: 'racks never make the loads worse',
    claims: 'none',
    binds: ({ balance }) => balance === 'exact',
    *check(spec, subject) {
      const run = yield* subject.run(spec);
      const loads = loadsOf(run);
      const without = loadsOf(yield* subject.run(withoutRacks(spec)));
      if (loads.join() === without.join()) return;
      throw subject.broken(run, `the loads are ${loads.join(', ')}, and without racks ${without.join(', ')}`);
    },
  },
  {
    name: 'locality',
    says: 'as many partitions as balance allows are in the rack of their member, however leaders have moved',
    claims: 'none',
    binds: ({ racks }) => racks !== undefined,
    *check(spec, subject) {
      const before = yield* subject.run(spec);
      const run = yield* subject.run(leadersMoved(adopted(before)));
      const { offRack } = scoreRun(run, subject);
      const fresh = scoreRun(yield* subject.run(withoutClaims(run.spec)), subject).offRack;
      const { balance, racks = 'off' } = subject.settings;
      const best =
        balance === 'exact' ? optimum(ledgerOf(run.spec, racks), run.problem.members.length).offRack : fresh;
      if (offRack <= best) return;
      throw subject.broken(run, `${offRack} partitions are off rack; possible are ${best}`);
    },
  },
];

function withoutRacksOfMembers({ topics, members }: ProblemSpec): ProblemSpec {
  return { topics, members: members.map(({ rack: _, ...member }) => member) };
}

/** The replicas of each partition are where those of the next one were. */
function leadersMoved({ topics, members }: ProblemSpec): ProblemSpec {
  return {
    topics: topics.map((topic) =>
      topic.racks === undefined
        ? topic
        : { ...topic, racks: [...topic.racks.slice(1), ...topic.racks.slice(0, 1)] },
    ),
    members,
  };
}
