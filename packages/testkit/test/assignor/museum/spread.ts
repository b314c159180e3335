/** Assignors that promise to spread topics or weights, and do not. */
import { choose, exhibit, leastLoaded, planOf } from './exhibit.ts';
import { fairShares, KEEPER_PARTS, keep } from './keeper.ts';

export const spread = [
  exhibit(
    'topic spread',
    'fills one member after the other, so that each has whole topics',
    (problem) => {
      const limits = fairShares(
        problem.members.map(() => 0),
        problem.partitionCount,
      );
      return planOf(
        choose(
          problem,
          (subscribers, _flatId, loads) =>
            subscribers.find((m) => (loads[m] ?? 0) < (limits[m] ?? 0)) ?? subscribers[0],
        ),
      );
    },
    { promises: { topicSpread: true } },
  ),
  exhibit(
    'topic spread',
    'lets members keep whole topics and give the last ones up (KAFKA-16277)',
    (problem) => planOf(keep(problem)),
    { ...KEEPER_PARTS, promises: { topicSpread: true } },
  ),
  exhibit(
    'weights',
    'counts partitions instead of weighing them',
    (problem) => planOf(choose(problem, leastLoaded)),
    { promises: { weights: { weightOf: (_topic, partition) => (partition % 2 === 0 ? 10 : 1), gap: 0.25 } } },
  ),
];
