/** Planning ends: by itself on problems of some size, and on demand where it takes its time. */

import { type Law, LawBroken } from '../law.ts';
import type { MemberSpec, ProblemSpec } from '../problems/problem-spec.ts';
import { isPromise, type Steps, settled } from '../steps.ts';
import { adopted, type Subject } from '../subject.ts';

export const terminationLaws: readonly Law[] = [
  {
    name: 'termination',
    says: 'there is a plan within the deadline, for larger groups and uneven subscriptions, too',
    claims: 'contradictory',
    share: 0.1,
    *check(spec, subject) {
      yield* subject.attempt(spec);
      const large = enlarged(spec);
      if (large === undefined) return;
      const run = yield* subject.run(large);
      const left = adopted(run);
      yield* subject.run({ ...left, members: left.members.slice(1) });
    },
  },
  {
    name: 'abort',
    says: 'a plan that is not wanted any more is given up soon after its signal is aborted',
    claims: 'none',
    share: 0.02,
    *check(spec, subject) {
      yield* abortedSoon(spec, subject);
      yield* abortedSoon(HUGE, subject);
    },
  },
];

/** A hundred members with overlapping subscriptions, made out of a problem's topics and members. */
function enlarged({ topics, members }: ProblemSpec): ProblemSpec | undefined {
  if (topics.length === 0 || members.length === 0) return undefined;
  const copies = Math.ceil(100 / members.length);
  const large = Array.from({ length: copies }, (_, copy) =>
    members.map((member, m): MemberSpec => {
      const { topics: own } = members[(m + (copy >> 1)) % members.length] ?? member;
      const { data: _data, instance: _instance, ...rest } = member;
      return { ...rest, id: `${member.id}-${copy}`, topics: own };
    }),
  ).flat();
  const grown = topics.map(({ name, partitions }) => ({ name, partitions: partitions * 20 }));
  return { topics: grown, members: large };
}

/** Large enough that an engine which yields to the event loop does so. */
const HUGE: ProblemSpec = {
  topics: Array.from({ length: 40 }, (_, t) => ({ name: `t${t}`, partitions: 500 })),
  members: Array.from({ length: 60 }, (_, m) => ({
    id: `m${m}`,
    topics: Array.from({ length: 40 }, (_topic, t) => `t${t}`).filter((_topic, t) => (t * m) % 7 !== 3),
    generation: -1,
    owns: [],
  })),
};

/** Half of the deadline, at most this long. */
const GRACE_MS = 500;

function* abortedSoon(spec: ProblemSpec, subject: Subject): Steps<void> {
  const { deadlineMs } = subject.settings;
  const controller = new AbortController();
  const problem = subject.build(spec);
  const answer = subject.begin(spec, problem, controller.signal);
  if (!isPromise(answer)) return;
  controller.abort(new Error('the rebalance has been overtaken'));
  const graceMs = Math.min(GRACE_MS, deadlineMs / 2);
  if ((yield* settled(answer, graceMs)) !== 'late') return;
  throw new LawBroken(`the promise of a plan is pending ${graceMs} ms after the signal was aborted`, spec);
}
