/** Groups in which not all members run the same code: while a new version is deployed, or beside another client. */
import type { Assignor } from '@kohort/core/spi';
import { type Law, LawBroken } from '../law.ts';
import { withoutClaims, withoutRacks } from '../problems/problem-spec.ts';
import type { Steps } from '../steps.ts';
import { adopted, type Run, Subject, samePlans } from '../subject.ts';
import { groupFor, keepsUniform, requireFewestMoves } from './stickiness.ts';

const binds: Law['binds'] = ({ peers }) => peers.length > 0;

export const peerLaws: readonly Law[] = [
  {
    name: 'mixed versions',
    says: 'plans are lawful where some members send the user data of a peer, whichever of the two leads',
    claims: 'exclusive',
    binds,
    *check(spec, subject) {
      for (const peer of subject.settings.peers) {
        const turns = (even: () => Assignor, odd: () => Assignor) => (m: number) =>
          (m % 2 === 0 ? even : odd)();
        const other = new Subject(peer, subject.settings);
        for (const writers of [turns(subject.make, peer), turns(peer, subject.make), peer]) {
          yield* subject.runAmong(spec, writers);
          yield* led(other, other.runAmong(spec, writers));
        }
        yield* led(other, other.runAmong(spec, subject.make));
      }
    },
  },
  {
    name: 'interop',
    says: 'what a peer has planned is taken over with the fewest moves, and once both have led nothing moves any more',
    claims: 'none',
    share: 0.5,
    binds,
    *check(spec, subject) {
      for (const peer of subject.settings.peers) yield* takeTurns(peer, withoutRacks(spec), subject);
    },
  },
];

function* takeTurns(peer: () => Assignor, spec: Run['spec'], subject: Subject): Steps<void> {
  const other = new Subject(peer, subject.settings);
  const group = keepsUniform(subject.settings) ? groupFor(subject, spec) : spec;
  const { topics, members } = adopted(yield* led(other, other.run(withoutClaims(group))), 4);
  // One leaves, so that there is more to take over than a fresh plan has.
  const planned = yield* led(other, other.run({ topics, members: members.slice(1) }));
  const first = yield* subject.runAmong(adopted(planned), peer);
  if (keepsUniform(subject.settings)) requireFewestMoves(first, subject);
  const second = yield* led(other, other.runAmong(adopted(first, 6), subject.make));
  const third = yield* subject.runAmong(adopted(second, 7), peer);
  const fourth = yield* led(other, other.runAmong(adopted(third, 8), subject.make));
  for (const [before, after] of [
    [second, third],
    [third, fourth],
  ] as const) {
    if (samePlans(before, after)) continue;
    throw subject.broken(after, 'both have led twice, and partitions still move when the leader changes');
  }
}

/** What goes wrong while the peer leads is said to be so. */
function* led(peer: Subject, steps: Steps<Run>): Steps<Run> {
  try {
    return yield* steps;
  } catch (error) {
    if (!(error instanceof LawBroken)) throw error;
    throw new LawBroken(`the peer "${peer.make().name}" leads: ${error.message}`, error.spec, error.plan);
  }
}
