/** Assignors that do well among themselves, and badly beside an earlier version or another client. */
import {
  type AssignmentProblem,
  type Assignor,
  ByteReader,
  ByteWriter,
  defineAssignor,
  roundRobin,
} from '@kohort/core/spi';
import { choose, exhibit, leastLoaded, planOf } from './exhibit.ts';
import { KEEPER_PROMISES, keep } from './keeper.ts';

interface Owned {
  readonly generationId: number;
  readonly names: readonly string[];
}

/** What a member owned, behind the number of a version. */
function userDataOf(version: number, known: readonly number[]): NonNullable<Assignor['userData']> {
  return {
    write: ({ owned, generationId }) =>
      new ByteWriter()
        .int16(version)
        .int32(generationId)
        .array(owned.map(({ topic, partition }) => `${topic} ${partition}`).sort(), (writer, name) =>
          writer.string(name),
        )
        .finish(),
    read(bytes): Owned {
      const reader = new ByteReader(bytes);
      const found = reader.int16();
      if (!known.includes(found)) throw new RangeError(`version ${found}`);
      return { generationId: reader.int32(), names: reader.array((name) => name.string(), 2) };
    },
  };
}

/** The undisputed owners that user data names, where there is any. */
function ownersOf({ members, topics, partitionCount }: AssignmentProblem): Int32Array {
  const owner = new Int32Array(partitionCount).fill(-1);
  for (const [t, { name, base, partitionCount: size }] of topics.entries()) {
    for (let p = 0; p < size; p++) {
      const claimants = members.flatMap(({ topics: own, userData }, m) =>
        own.includes(t) && (userData as Owned | undefined)?.names.includes(`${name} ${p}`) === true
          ? [m]
          : [],
      );
      if (claimants.length === 1) owner[base + p] = claimants[0] ?? -1;
    }
  }
  return owner;
}

const earlier = (): Assignor =>
  defineAssignor({
    name: 'exhibit',
    protocols: ['eager'],
    userData: userDataOf(1, [1, 2]),
    assign: (problem) => planOf(keep(problem, { owner: ownersOf(problem) })),
  });

const strict = (): Assignor =>
  defineAssignor({
    name: 'exhibit',
    protocols: ['eager'],
    userData: userDataOf(1, [1]),
    assign(problem) {
      if (problem.members.some(({ userData }) => userData === undefined)) throw new Error('who is that?');
      return planOf(choose(problem, leastLoaded));
    },
  });

export const mixed = [
  exhibit(
    'mixed versions',
    'does without the members of an earlier version',
    (problem) => {
      const isNew = (m: number) => problem.members[m]?.userData !== undefined;
      return planOf(choose(problem, (subscribers) => subscribers.find(isNew)));
    },
    { userData: userDataOf(2, [2]), promises: { peers: [earlier] } },
  ),
  exhibit(
    'mixed versions',
    'writes what an earlier version cannot lead with',
    (problem) => planOf(choose(problem, leastLoaded)),
    { userData: userDataOf(2, [1, 2]), promises: { peers: [strict] } },
  ),
  exhibit(
    'interop',
    'takes what members of an earlier version have for free',
    (problem) => planOf(keep(problem, { owner: ownersOf(problem) })),
    { userData: userDataOf(2, [2]), promises: { ...KEEPER_PROMISES, peers: [earlier] } },
  ),
  exhibit(
    'interop',
    'has a plan of its own under the name of another client',
    (problem) => planOf(choose(problem, (subscribers, p) => subscribers.at(-1 - (p % subscribers.length)))),
    { promises: { peers: [() => roundRobin()] } },
  ),
];
