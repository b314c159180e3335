/** The plan is a function of the problem and of nothing else: any member may lead, and must come to the same. */
import type { AssignmentProblem } from '@kohort/core/spi';
import { type Law, LawBroken } from '../law.ts';
import { samePlans } from '../subject.ts';

export const purityLaws: readonly Law[] = [
  {
    name: 'input untouched',
    says: 'the problem is the same after as before',
    claims: 'exclusive',
    async check(spec, subject) {
      const problem = subject.build(spec);
      const before = digest(problem);
      const run = await subject.attempt(spec, undefined, problem);
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
    async check(spec, subject) {
      const first = await withWorld(0.25, 1_000_000_000_000, () => subject.run(spec));
      const second = await withWorld(0.75, 1_800_000_043_210, () => subject.run(spec));
      if (!samePlans(first, second)) throw subject.broken(second, 'two plans for one problem differ');
      const third = await subject.run(spec);
      if (!samePlans(first, third)) throw subject.broken(third, 'two plans for one problem differ');
    },
  },
  {
    name: 'no memory',
    says: 'an instance that has planned before plans like a new one',
    claims: 'exclusive',
    async check(spec, subject) {
      const used = subject.make();
      await subject.run({ ...spec, members: spec.members.slice(1) }, used);
      await subject.run({ ...spec, topics: spec.topics.slice(1) }, used);
      const again = await subject.run(spec, used);
      const fresh = await subject.run(spec);
      if (!samePlans(again, fresh)) {
        throw subject.broken(again, 'an instance that has planned for other groups plans differently');
      }
      if (!samePlans(await subject.run(spec, used), fresh)) {
        throw subject.broken(again, 'an instance that has planned for this group plans differently');
      }
    },
  },
  {
    name: 'user data',
    says: 'equal input makes equal bytes, in whatever order it comes, and what is written can be read',
    claims: 'exclusive',
    async check(spec, subject) {
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

/** Runs it in a world in which chance always falls the same way and the time of day stands still. */
async function withWorld<T>(chance: number, now: number, run: () => Promise<T>): Promise<T> {
  const { random } = Math;
  const { now: realNow } = Date;
  Math.random = () => chance;
  Date.now = () => now;
  try {
    return await run();
  } finally {
    Math.random = random;
    Date.now = realNow;
  }
}
