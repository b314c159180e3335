/** The plan is lawful: what the core's own validation demands before it sends a plan, one law for each demand. */
import { type PlanViolation, type PlanViolationKind, validatePlan } from '@kohort/core/spi';
import type { Law } from '../law.ts';
import { EMPTY } from '../problems/vectors.ts';

function validity(name: string, says: string, kind: PlanViolationKind): Law {
  return {
    name,
    says,
    claims: 'exclusive',
    *check(spec, subject) {
      const run = yield* subject.attempt(spec);
      const found = validatePlan(run.problem, run.plan).find((violation) => violation.kind === kind);
      if (found === undefined) return;
      // A plan of the wrong shape cannot be shown member by member.
      const shown = kind === 'malformed' ? { ...run, plan: { partitions: [] } } : run;
      throw subject.broken(shown, describe(found));
    },
  };
}

function describe({ kind, count, memberId, topicPartition, detail }: PlanViolation): string {
  const what = topicPartition === undefined ? '' : ` ${topicPartition.topic}-${topicPartition.partition}`;
  const whom = memberId === undefined ? '' : ` at member ${memberId}`;
  const more = detail === undefined ? '' : `: ${detail}`;
  return `${kind}${what}${whom}${more}${count > 1 ? ` (and ${count - 1} more)` : ''}`;
}

export const validityLaws: readonly Law[] = [
  validity('entries', 'a plan has one Int32Array for every member, in the order of the problem', 'malformed'),
  validity('known partitions', 'a plan has only flat ids of the problem', 'unknown-partition'),
  validity('exclusivity', 'no partition is given twice', 'assigned-twice'),
  validity('subscription', 'members are given only what they subscribe to', 'not-subscribed'),
  validity('completeness', 'every partition of a subscribed topic is given to somebody', 'not-assigned'),
  {
    name: 'empty cases',
    says: 'groups without members, topics or partitions, and lost topics, have lawful plans',
    claims: 'none',
    vectors: EMPTY,
    share: 0.2,
    *check(spec, subject) {
      yield* subject.run(spec);
      yield* subject.run({ ...spec, topics: [] });
      yield* subject.run({ ...spec, topics: spec.topics.map(({ name }) => ({ name, partitions: 0 })) });
      yield* subject.run({ ...spec, members: [] });
    },
  },
  {
    name: 'contradictory claims',
    says: 'the plan is lawful when two members claim the same',
    claims: 'contradictory',
    vectors: ['t:2 | a{t} @1 owns=t:0,1 | b{t} @1 owns=t:0'],
    *check(spec, subject) {
      yield* subject.run(spec);
    },
  },
  {
    name: 'hostile input',
    says: 'claims of what does not exist and user data that is noise do no harm',
    claims: 'hostile',
    *check(spec, subject) {
      yield* subject.run(spec);
    },
  },
];
