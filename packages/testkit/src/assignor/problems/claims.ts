/** What the members of a generated group say they own: honestly, or not. */
import type { Draw } from './draw.ts';
import type { ClaimSpec, MemberSpec, ProblemSpec } from './problem-spec.ts';

/** Which claims the members of a problem make. */
export type ClaimKind =
  | 'none'
  /** No partition is claimed twice; some claims are of topics that the member has left. */
  | 'exclusive'
  /** Several claimants, of equal and of different generations. */
  | 'contradictory'
  /** Contradictory claims, and besides topics and numbers that do not exist, and user data that is no such thing. */
  | 'hostile';

export function drawClaims(draw: Draw, group: ProblemSpec, kind: ClaimKind): ProblemSpec {
  switch (kind) {
    case 'none':
      return group;
    case 'exclusive':
      return exclusive(draw, group);
    case 'contradictory':
      return contradictory(draw, group);
    case 'hostile':
      return hostile(draw, draw.chance(0.5) ? contradictory(draw, group) : exclusive(draw, group));
  }
}

/** Each partition with one claimant or none: as after a plan, or as after one that went wrong. */
function exclusive(draw: Draw, { topics, members }: ProblemSpec): ProblemSpec {
  if (members.length === 0 || draw.chance(0.1)) return { topics, members };
  const ownedShare = draw.pick([0.5, 0.9, 1]);
  const anybody = draw.chance(0.15);
  const isLate = draw.chance(0.2);
  const claims: ClaimSpec[][] = members.map(() => []);
  for (const { name, partitions } of topics) {
    const owners = members.flatMap(({ topics: own }, m) => (anybody || own.includes(name) ? [m] : []));
    const numbers: number[][] = members.map(() => []);
    for (let p = 0; p < partitions && owners.length > 0; p++) {
      const owner = owners[draw.int(0, owners.length - 1)] ?? 0;
      if (draw.chance(ownedShare)) numbers[owner]?.push(p);
    }
    for (const [m, own] of numbers.entries())
      if (own.length > 0) claims[m]?.push({ topic: name, partitions: own });
  }
  const newcomer = draw.chance(0.4) ? draw.int(0, members.length - 1) : -1;
  return {
    topics,
    members: members.map((member, m) => {
      const owns = m === newcomer ? [] : (claims[m] ?? []);
      return { ...member, owns, generation: owns.length === 0 ? -1 : isLate ? draw.int(1, 3) : 4 };
    }),
  };
}

function contradictory(draw: Draw, { topics, members }: ProblemSpec): ProblemSpec {
  return {
    topics,
    members: members.map((member): MemberSpec => {
      const share = draw.pick([0, 0.4, 0.8]);
      const owns = topics.flatMap(({ name, partitions }): ClaimSpec[] => {
        if (!member.topics.includes(name)) return [];
        const own = draw.each([...Array(partitions).keys()], share);
        return own.length === 0 ? [] : [{ topic: name, partitions: own }];
      });
      return { ...member, owns, generation: draw.pick([-1, 1, 2, 2, 3]) };
    }),
  };
}

const FOREIGN: readonly ClaimSpec[] = [
  { topic: 'gone', partitions: [0] },
  { topic: 'hasOwnProperty', partitions: [1, 2] },
];

function hostile(draw: Draw, { topics, members }: ProblemSpec): ProblemSpec {
  return {
    topics,
    members: members.map((member) => {
      const foreign = draw.each(FOREIGN, 0.3);
      const outOfRange = topics
        .filter(() => draw.chance(0.2))
        .map(({ name, partitions }) => ({ topic: name, partitions: [-1, partitions, 2 ** 31 - 1] }));
      const generation = draw.chance(0.2) ? draw.pick([-2, 0, 2 ** 31 - 1, -(2 ** 31)]) : member.generation;
      const claiming = { ...member, generation, owns: [...member.owns, ...foreign, ...outOfRange] };
      return draw.chance(0.5) ? { ...claiming, data: drawBytes(draw) } : claiming;
    }),
  };
}

/** Nothing, noise, four bytes (the generation of `cooperative-sticky`), or lengths that promise too much. */
function drawBytes(draw: Draw): string {
  const noise = (length: number) =>
    Array.from({ length }, () => draw.int(0, 255).toString(16).padStart(2, '0')).join('');
  return draw.pick([
    '00',
    '7fffffff',
    'ffffffff',
    '00000001',
    '000000017fff',
    noise(4),
    noise(draw.int(1, 40)),
  ]);
}
