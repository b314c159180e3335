/** How evenly partitions are spread. */
import type { Law } from '../law.ts';
import { ledgerOf } from '../oracle/ledger.ts';
import { optimum } from '../oracle/optimum.ts';
import { subscribedAlike } from '../problems/problem-spec.ts';
import type { Run } from '../subject.ts';

export const balanceLaws: readonly Law[] = [
  {
    name: 'uniform balance',
    says: 'where all subscribe to the same topics, loads differ by at most one',
    claims: 'exclusive',
    binds: ({ balance }) => balance !== 'none',
    *check(spec, subject) {
      const run = yield* subject.run(subscribedAlike(spec));
      const loads = loadsOf(run);
      if (loads.length === 0 || Math.max(...loads) - Math.min(...loads) <= 1) return;
      throw subject.broken(run, `the loads are ${loads.join(', ')}: they differ by more than one`);
    },
  },
  {
    name: 'exact balance',
    says: 'no other plan has smaller loads, compared from the highest down',
    claims: 'exclusive',
    binds: ({ balance }) => balance === 'exact',
    *check(spec, subject) {
      const run = yield* subject.run(spec);
      const loads = loadsOf(run);
      const best = optimum(ledgerOf(spec), loads.length).loads;
      if (loads.join() === best.join()) return;
      throw subject.broken(run, `the loads are ${loads.join(', ')}; possible are ${best.join(', ')}`);
    },
  },
  {
    name: 'more members, less load',
    says: 'one member more never raises the highest load',
    claims: 'exclusive',
    binds: ({ balance }) => balance !== 'none',
    *check(spec, subject) {
      const { balance } = subject.settings;
      const group = balance === 'exact' ? spec : subscribedAlike(spec);
      const [first] = group.members;
      if (first === undefined) return;
      const newcomer = { id: 'n-newcomer', topics: first.topics, generation: -1, owns: [] };
      const before = Math.max(...loadsOf(yield* subject.run(group)));
      const run = yield* subject.run({ ...group, members: [...group.members, newcomer] });
      const after = Math.max(...loadsOf(run));
      if (after <= before) return;
      throw subject.broken(
        run,
        `n-newcomer has joined, and the highest load went from ${before} to ${after}`,
      );
    },
  },
];

/** The highest first. */
export function loadsOf({ plan }: Run): number[] {
  return plan.partitions.map(({ length }) => length).sort((a, b) => b - a);
}
