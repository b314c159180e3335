/** Nothing that carries no meaning has an influence: the order in which things arrive, names beyond their order. */
import type { Law } from '../law.ts';
import type { ClaimSpec, ProblemSpec } from '../problems/problem-spec.ts';
import { plainNames } from '../problems/shrink-problem.ts';
import { claimsOf, type Run, samePlans } from '../subject.ts';

export const invarianceLaws: readonly Law[] = [
  {
    name: 'order of arrival',
    says: 'members, topics, subscriptions and claims may come in any order',
    claims: 'exclusive',
    *check(spec, subject) {
      const expected = yield* subject.run(spec);
      for (const rearranged of [mirrored(spec), rotated(spec)]) {
        const run = yield* subject.run(rearranged);
        if (!samePlans(run, expected)) {
          throw subject.broken(
            run,
            'the plan differs from the one for the same group in another order of arrival',
          );
        }
      }
    },
  },
  {
    name: 'renaming',
    says: 'other names in the same order have the same plan',
    claims: 'exclusive',
    binds: ({ namesMatter = false }) => !namesMatter,
    *check(spec, subject) {
      const expected = yield* subject.run(plainNames(spec));
      const run = yield* subject.run(spec);
      if (!samePlans(run, expected)) {
        throw subject.broken(run, 'the plan differs from the one under other names in the same order');
      }
    },
  },
  {
    name: 'static members',
    says: 'a static member that comes back under another member id gets the same',
    claims: 'none',
    binds: ({ staticMembers = false, sticky, balance }) => staticMembers || (sticky && balance === 'exact'),
    *check(spec, subject) {
      const statics = withInstances(spec);
      const before = yield* subject.run(statics);
      const comeBack = { ...statics, members: swapIds(statics.members) };
      const claims = claimsByInstance(before);
      const after = yield* subject.run(
        subject.settings.staticMembers === true ? comeBack : withClaims(comeBack, claims),
      );
      if (JSON.stringify([...claimsByInstance(after)].sort()) === JSON.stringify([...claims].sort())) return;
      throw subject.broken(after, 'instances get other partitions than under their earlier member ids');
    },
  },
];

function mirrored({ topics, members }: ProblemSpec): ProblemSpec {
  return {
    topics: topics.toReversed(),
    members: members.toReversed().map((member) => ({
      ...member,
      topics: member.topics.toReversed(),
      owns: member.owns
        .toReversed()
        .map(({ topic, partitions }) => ({ topic, partitions: partitions.toReversed() })),
    })),
  };
}

function rotated({ topics, members }: ProblemSpec): ProblemSpec {
  const rotate = <T>(list: readonly T[]): T[] => [...list.slice(1), ...list.slice(0, 1)];
  return {
    topics: rotate(topics),
    members: rotate(members).map((member) => ({
      ...member,
      topics: rotate(member.topics),
      owns: rotate(member.owns),
    })),
  };
}

function withInstances({ topics, members }: ProblemSpec): ProblemSpec {
  return {
    topics,
    members: members.map((member, m) => ({ ...member, instance: `instance-${m}` })),
  };
}

/** Each member under the id of the one at the other end. */
function swapIds(members: ProblemSpec['members']): ProblemSpec['members'] {
  return members.map((member, m) => ({ ...member, id: members[members.length - 1 - m]?.id ?? member.id }));
}

/** What each instance was given, as claims. */
function claimsByInstance({ problem, plan }: Run): Map<string, readonly ClaimSpec[]> {
  return new Map(
    problem.members.map(({ memberId, groupInstanceId = memberId }, m) => [
      groupInstanceId,
      claimsOf(problem, plan.partitions[m]),
    ]),
  );
}

function withClaims(
  { topics, members }: ProblemSpec,
  claims: ReadonlyMap<string, readonly ClaimSpec[]>,
): ProblemSpec {
  return {
    topics,
    members: members.map((member) => ({
      ...member,
      owns: claims.get(member.instance ?? member.id) ?? [],
      generation: 4,
    })),
  };
}
