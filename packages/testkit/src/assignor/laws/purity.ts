/** The plan is a function of the problem and of nothing else: any member may lead, and must come to the same. */
import type { AssignmentProblem } from '@kohort/core/spi';
import { type Law, LawBroken } from '../law.ts';
import { samePlans, type World } from '../subject.ts';
import { callWithin } from '../watchdog.ts';

export const purityLaws: readonly Law[] = [
  {
    name: 'input untouched',
    says: 'the problem is the same after as before',
    claims: 'exclusive',
    *check(spec, subject) {
      const problem = subject.build(spec);
      const before = digest(problem);
      const run = yield* subject.attempt(spec, { problem });
      const after = digest(problem);
      for (const [part, text] of Object.entries(before)) {
        if (after[part] !== text) throw subject.broken(run, `assign has changed the ${part} of its problem`);
      }
    },
  },
  {
    name: 'determinism',
    says: 'the same problem has the same plan, whatever chance and the time of day are',
    claims: 'exclusive',
    *check(spec, subject) {
      const { deadlineMs } = subject.settings;
      const first = yield* subject.run(spec, subject.make(), fixedWorld(0.25, 1_000_000_000_000, deadlineMs));
      const second = yield* subject.run(
        spec,
        subject.make(),
        fixedWorld(0.75, 1_800_000_043_210, deadlineMs),
      );
      if (!samePlans(first, second)) throw subject.broken(second, 'two plans for one problem differ');
      const third = yield* subject.run(spec);
      if (!samePlans(first, third)) throw subject.broken(third, 'two plans for one problem differ');
    },
  },
  {
    name: 'no memory',
    says: 'an instance that has planned before plans like a new one',
    claims: 'exclusive',
    *check(spec, subject) {
      const used = subject.make();
      yield* subject.run({ ...spec, members: spec.members.slice(1) }, used);
      yield* subject.run({ ...spec, topics: spec.topics.slice(1) }, used);
      const again = yield* subject.run(spec, used);
      const fresh = yield* subject.run(spec);
      if (!samePlans(again, fresh)) {
        throw subject.broken(again, 'an instance that has planned for other groups plans differently');
      }
      if (!samePlans(yield* subject.run(spec, used), fresh)) {
        throw subject.broken(again, 'an instance that has planned for this group plans differently');
      }
    },
  },
  {
    name: 'user data',
    says: 'equal input makes equal bytes, in whatever order it comes, and what is written can be read',
    claims: 'exclusive',
    binds: (_settings, { userData }) => userData !== undefined,
    *check(spec, subject) {
      yield* subject.run(spec);
      for (const { topics, generation: generationId, owns } of spec.members) {
        const { userData } = subject.make();
        if (userData === undefined) return;
        const owned = owns.flatMap(({ topic, partitions }) =>
          partitions.map((partition) => ({ topic, partition })),
        );
        const own = { topics: [...topics], generationId, owned };
        const before = JSON.stringify(own);
        const bytes = userData.write(own);
        const mirrored = { topics: topics.toReversed(), generationId, owned: owned.toReversed() };
        const others = [subject.make().userData?.write(mirrored), userData.write(own)];
        if (JSON.stringify(own) !== before)
          throw new LawBroken('userData.write has changed what it was given', spec);
        if (bytes !== null && !(bytes instanceof Uint8Array)) {
          throw new LawBroken('userData.write gives neither a Uint8Array nor null', spec);
        }
        for (const other of others) {
          if (hex(other) === hex(bytes)) continue;
          throw new LawBroken(`userData.write gives ${hex(bytes)} and ${hex(other)} for the same`, spec);
        }
        if (bytes !== null) readBack(userData.read, bytes, spec);
      }
    },
  },
];

function readBack(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array, spec: LawBroken['spec']): void {
  const before = hex(bytes);
  try {
    read(bytes);
  } catch (error) {
    throw new LawBroken(
      `userData.read throws ${String(error)} on what userData.write gives: ${before}`,
      spec,
    );
  }
  if (hex(bytes) !== before) throw new LawBroken('userData.read has changed the bytes', spec);
}

function hex(bytes: Uint8Array | null | undefined): string {
  return bytes == null ? 'null' : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** All of a problem that an assignor could change. */
function digest(problem: AssignmentProblem): Readonly<Record<string, string>> {
  const { owner, previousOwner, conflicts } = problem.owners();
  const flatIds = Array.from({ length: problem.partitionCount }, (_, flatId) => flatId);
  return {
    members: JSON.stringify(
      problem.members.map((member) => ({
        ...member,
        topics: [...member.topics],
        claims: [...member.claims],
      })),
    ),
    topics: JSON.stringify(problem.topics),
    owners: JSON.stringify([[...owner], [...previousOwner], [...conflicts]]),
    replicas: JSON.stringify(flatIds.map((flatId) => problem.replicaRacks(flatId))),
  };
}

/** Chance always falls the same way and the time of day stands still, as far as the synchronous part of a plan goes. */
function fixedWorld(chance: number, now: number, timeoutMs: number): World {
  return (run) => {
    const { random } = Math;
    const { now: realNow } = Date;
    Math.random = () => chance;
    Date.now = () => now;
    try {
      // With a watchdog of its own, since what ends a call from outside runs no `finally` in it.
      return callWithin(timeoutMs, run);
    } finally {
      Math.random = random;
      Date.now = realNow;
    }
  };
}
