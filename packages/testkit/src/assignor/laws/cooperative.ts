/** Cooperative groups, round by round, with the core's own deferral: hand-overs are safe, and they come to an end. */

import { deferMoves } from '@kohort/core/spi';
import { type Law, LawBroken } from '../law.ts';
import { CONTRADICTIONS } from '../problems/vectors.ts';
import type { Steps } from '../steps.ts';
import { adopted, type Run, type Subject, samePlans } from '../subject.ts';

/** An exact plan is reached in two: one in which members give up, one in which others take over. */
const EXACT_ROUNDS = 2;
const MOST_ROUNDS = 6;

export const cooperativeLaws: readonly Law[] = [
  {
    name: 'cooperative hand-over',
    says: 'no partition goes to a member while another has it, kept ones stay, and after two rounds nothing moves',
    claims: 'contradictory',
    vectors: CONTRADICTIONS,
    binds: (_settings, { protocols }) => protocols.includes('cooperative'),
    *check(spec, subject) {
      const { settings } = subject;
      const bound = settings.sticky && settings.balance === 'exact' ? EXACT_ROUNDS : MOST_ROUNDS;
      let state = yield* round(spec, subject);
      for (let rounds = 1; rounds < bound; rounds++) {
        state = yield* round(adopted(state), subject, state);
      }
      const last = yield* round(adopted(state), subject, state);
      if (!samePlans(last, state)) {
        throw subject.broken(
          last,
          `partitions still move in round ${bound + 1}, and nobody has joined or left`,
        );
      }
      const target = yield* subject.run(last.spec);
      if (!samePlans(last, target)) {
        throw subject.broken(
          target,
          `after ${bound} rounds members still have to give up what others are to get`,
        );
      }
    },
  },
];

/** One rebalance: what the members have after it. Checks it against what they had before. */
function* round(spec: Run['spec'], subject: Subject, before?: Run): Steps<Run> {
  const target = yield* subject.run(spec);
  const { plan } = deferMoves(target.problem, target.plan);
  const after: Run = { ...target, plan };
  if (before !== undefined) checkRound(before, target, after);
  return after;
}

function checkRound(before: Run, target: Run, after: Run): void {
  const holder = ownersOf(before);
  const planned = ownersOf(target);
  const given = ownersOf(after);
  for (const [flatId, held] of holder.entries()) {
    const to = given[flatId] ?? -1;
    if (held !== -1 && to !== -1 && to !== held) {
      throw new LawBroken(`flat id ${flatId} is given away while its owner still has it`, after.spec);
    }
    if (held !== -1 && planned[flatId] === held && to !== held) {
      throw new LawBroken(`flat id ${flatId} is taken from the member that is to keep it`, after.spec);
    }
  }
}

function ownersOf({ problem, plan }: Run): number[] {
  const owners = new Array<number>(problem.partitionCount).fill(-1);
  for (const [m, flatIds] of plan.partitions.entries()) for (const flatId of flatIds) owners[flatId] = m;
  return owners;
}
