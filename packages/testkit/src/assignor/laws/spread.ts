/** Spread: of the partitions of a topic over members, and of weights where an assignor weighs. */
import type { Law } from '../law.ts';
import { type ProblemSpec, subscribedAlike, withoutClaims, withoutRacks } from '../problems/problem-spec.ts';
import type { Steps } from '../steps.ts';
import { adopted, type Run, type Subject } from '../subject.ts';

/** By how much one partition that had to move may make things worse: it went to a member that had one more already. */
const SLACK_PER_MOVE = 2;

export const spreadLaws: readonly Law[] = [
  {
    name: 'topic spread',
    says: 'where all subscribe to the same topics, no member has much more of one topic than of the others',
    claims: 'none',
    binds: ({ topicSpread = false }) => topicSpread,
    *check(spec, subject) {
      const fresh = yield* subject.run(withoutClaims(withoutRacks(subscribedAlike(spec))));
      requireSpread(fresh, subject, 0);
      const before = adopted(fresh);
      const topics = before.topics.map(({ name }) => name);
      const joined = { id: 'n-newcomer', topics, generation: -1, owns: [] };
      for (const members of [[...before.members, joined], before.members.slice(1)]) {
        yield* spreadAfter({ topics: before.topics, members }, subject);
      }
    },
  },
  {
    name: 'weights',
    says: 'where all subscribe to the same topics, no load is heavier than promised',
    claims: 'none',
    binds: ({ weights }) => weights !== undefined,
    *check(spec, subject) {
      const { weights } = subject.settings;
      if (weights === undefined) return;
      // Weights may be known only to those who have the partitions: the second plan can tell them.
      const first = yield* subject.run(subscribedAlike(spec));
      const run = yield* subject.run(adopted(first));
      const { problem, plan } = run;
      const weightOf = (flatId: number) => {
        const { topic, partition } = problem.partition(flatId);
        return weights.weightOf(topic, partition);
      };
      const loads = plan.partitions.map((flatIds) =>
        flatIds.reduce((sum, flatId) => sum + weightOf(flatId), 0),
      );
      const heaviest = Math.max(0, ...Array.from({ length: problem.partitionCount }, (_, p) => weightOf(p)));
      const share = loads.reduce((sum, load) => sum + load, 0) / loads.length;
      const bound = Math.max(share, heaviest) * (1 + weights.gap);
      const load = Math.max(0, ...loads);
      // Sums of fractions are not exact.
      if (loads.length === 0 || load <= bound * (1 + 1e-9)) return;
      throw subject.broken(run, `a member has ${load}; promised is no more than ${bound}`);
    },
  },
];

function* spreadAfter(spec: ProblemSpec, subject: Subject): Steps<void> {
  const run = yield* subject.run(spec);
  const { owner } = run.problem.owners();
  let placed = 0;
  for (const [m, flatIds] of run.plan.partitions.entries()) {
    for (const flatId of flatIds) if (owner[flatId] !== m) placed++;
  }
  requireSpread(run, subject, placed * SLACK_PER_MOVE);
}

/** @throws LawBroken where the squares of what members have of each topic add up to more than after round-robin */
function requireSpread(run: Run, subject: Subject, slack: number): void {
  const { problem, plan } = run;
  const members = problem.members.length;
  let squares = 0;
  for (const flatIds of plan.partitions) {
    const counts = new Map<number, number>();
    for (const flatId of flatIds) {
      const topic = problem.topicOf(flatId);
      counts.set(topic, (counts.get(topic) ?? 0) + 1);
    }
    for (const count of counts.values()) squares += count ** 2;
  }
  let least = 0;
  for (const { partitionCount } of problem.topics) {
    const share = Math.floor(partitionCount / members);
    const rest = partitionCount % members;
    least += rest * (share + 1) ** 2 + (members - rest) * share ** 2;
  }
  if (squares <= least + slack) return;
  const accepted = slack === 0 ? '' : `, and accepted ${least + slack} for what had to move`;
  throw subject.broken(
    run,
    `the squares of what members have of each topic add up to ${squares}; round-robin has ${least}${accepted}`,
  );
}
