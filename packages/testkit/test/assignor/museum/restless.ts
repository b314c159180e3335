/** Assignors that promise to be sticky and move what could have stayed. */
import type { AssignmentProblem } from '@kohort/core/spi';
import { choose, exhibit, planOf } from './exhibit.ts';
import { KEEPER_PARTS, KEEPER_PROMISES, keep } from './keeper.ts';

const sticky = { ...KEEPER_PARTS, promises: KEEPER_PROMISES };

const deal = (problem: AssignmentProblem) =>
  choose(problem, (subscribers, p) => subscribers[p % subscribers.length]);

const isUniform = ({ members, topics }: AssignmentProblem) =>
  members.every((member) => member.topics.length === topics.length);

/** The claimant that comes last, whatever its generation. */
function lastClaimants(problem: AssignmentProblem): Int32Array {
  const owner = new Int32Array(problem.partitionCount).fill(-1);
  for (const [m, { claims, topics }] of problem.members.entries()) {
    for (const flatId of claims) if (topics.includes(problem.topicOf(flatId))) owner[flatId] = m;
  }
  return owner;
}

export const restless = [
  exhibit('stickiness', 'deals everything anew', (problem) => planOf(deal(problem)), sticky),
  exhibit(
    'stickiness',
    'gives one more to the first members instead of to those that have most',
    (problem) =>
      planOf(
        keep(problem, {
          shares: (counts, size) =>
            counts.map((_, m) => Math.floor(size / counts.length) + (m < size % counts.length ? 1 : 0)),
        }),
      ),
    sticky,
  ),
  exhibit(
    'generations',
    'believes the last claimant, whatever its generation',
    (problem) => planOf(keep(problem, { owner: lastClaimants(problem) })),
    sticky,
  ),
  exhibit(
    'generations',
    'believes the previous owner',
    (problem) => {
      const { owner, previousOwner } = problem.owners();
      const believed = owner.map((held, flatId) => {
        const before = previousOwner[flatId] ?? -1;
        const isSubscribed = problem.members[before]?.topics.includes(problem.topicOf(flatId)) === true;
        return isSubscribed ? before : held;
      });
      return planOf(keep(problem, { owner: believed }));
    },
    sticky,
  ),
  exhibit(
    'contradictory claims',
    'lets both claimants keep a partition',
    (problem) => {
      const lists = keep(problem);
      for (const flatId of problem.owners().conflicts) {
        for (const [m, { claims, topics }] of problem.members.entries()) {
          const isKept = claims.includes(flatId) && topics.includes(problem.topicOf(flatId));
          if (isKept && !lists[m]?.includes(flatId)) lists[m]?.push(flatId);
        }
      }
      return planOf(lists);
    },
    sticky,
  ),
  exhibit(
    'join',
    'lets everybody keep everything, so that a newcomer starves',
    (problem) => planOf(keep(problem, { shares: (counts) => counts.map(() => Number.POSITIVE_INFINITY) })),
    sticky,
  ),
  exhibit(
    'join',
    'deals anew when somebody joins',
    (problem) => {
      const isNew = problem.members.some(({ generationId }) => generationId === -1);
      return planOf(isNew && isUniform(problem) ? deal(problem) : keep(problem));
    },
    sticky,
  ),
  exhibit(
    'leave',
    'deals anew when somebody leaves',
    (problem) => {
      const isOrphaned = problem.owners().owner.includes(-1);
      return planOf(isOrphaned && isUniform(problem) ? deal(problem) : keep(problem));
    },
    sticky,
  ),
  exhibit(
    'growth',
    'deals anew when a topic grows',
    (problem) => {
      const { owner } = problem.owners();
      const isGrown = problem.topics.some(
        ({ base, partitionCount }) => owner[base + partitionCount - 1] === -1,
      );
      return planOf(isGrown && isUniform(problem) ? deal(problem) : keep(problem));
    },
    sticky,
  ),
  exhibit(
    'history',
    'moves one partition to and fro in odd generations of three members and more',
    (problem) => {
      const lists = keep(problem);
      const isTired =
        problem.members.length > 2 && problem.owners().owner.filter((held) => held === -1).length === 2;
      if (!isTired || !isUniform(problem)) return planOf(lists);
      return planOf([...lists.slice(1), ...lists.slice(0, 1)]);
    },
    sticky,
  ),
  exhibit(
    'idempotence',
    'passes every partition on to the next member',
    (problem) => {
      const { owner } = problem.owners();
      return planOf(
        choose(problem, (subscribers, flatId) => {
          const at = subscribers.indexOf(owner[flatId] ?? -1);
          return subscribers[(at + 1) % subscribers.length];
        }),
      );
    },
    KEEPER_PARTS,
  ),
  exhibit(
    'cooperative hand-over',
    'wants what others have, and never settles',
    (problem) => {
      const { owner } = problem.owners();
      return planOf(
        choose(
          problem,
          (subscribers, flatId) => subscribers.find((m) => m !== owner[flatId]) ?? subscribers[0],
        ),
      );
    },
    KEEPER_PARTS,
  ),
];
