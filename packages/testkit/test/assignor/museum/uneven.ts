/** Loads that could be evener, and racks that cost what they must not. */
import { choose, exhibit, leastLoaded, planOf } from './exhibit.ts';
import { fairShares, keep } from './keeper.ts';

export const uneven = [
  exhibit(
    'uniform balance',
    'gives the first member one partition too many',
    (problem) => {
      const last = problem.members.length - 1;
      const unfair: typeof fairShares = (counts, size) =>
        fairShares(counts, size).map((share, m) => share + (m === 0 ? 1 : 0) - (m === last ? 1 : 0));
      return planOf(keep(problem, { shares: unfair }));
    },
    { promises: { balance: 'uniform' } },
  ),
  exhibit(
    'uniform balance',
    'shares out each topic by itself, always from the first member on',
    (problem) =>
      planOf(
        choose(
          problem,
          (subscribers, flatId) => subscribers[problem.partition(flatId).partition % subscribers.length],
        ),
      ),
    { promises: { balance: 'uniform' } },
  ),
  exhibit(
    'exact balance',
    'takes topics in the order of their names, whoever can take nothing else',
    (problem) => planOf(choose(problem, leastLoaded)),
    { promises: { balance: 'exact' } },
  ),
  exhibit(
    'more members, less load',
    'gives up on groups of more than three members',
    (problem) =>
      planOf(
        problem.members.length > 3
          ? choose(problem, (subscribers) => subscribers[0])
          : choose(problem, leastLoaded),
      ),
    { promises: { balance: 'exact' } },
  ),
  exhibit(
    'racks after balance',
    'gives everything to the members in the rack of the leader',
    (problem) =>
      planOf(
        choose(problem, (subscribers, flatId, loads) => {
          const near = subscribers.filter((m) => problem.members[m]?.rackId === problem.leaderRack(flatId));
          return leastLoaded(near.length > 0 ? near : subscribers, flatId, loads);
        }),
      ),
    { promises: { balance: 'exact', racks: 'leader' } },
  ),
  exhibit('rack gate', 'serves members in the order of their racks', (problem) => {
    const rack = (m: number) => problem.members[m]?.rackId ?? '';
    return planOf(
      choose(problem, (subscribers) => [...subscribers].sort((a, b) => (rack(a) < rack(b) ? -1 : 1))[0]),
    );
  }),
  exhibit(
    'locality',
    'keeps what has moved to other racks, so that locality decays',
    (problem) => {
      const { owner } = problem.owners();
      return planOf(
        choose(problem, (subscribers, flatId) => {
          const held = owner[flatId] ?? -1;
          if (held !== -1) return held;
          return (
            subscribers.find((m) => problem.members[m]?.rackId === problem.leaderRack(flatId)) ??
            subscribers[0]
          );
        }),
      );
    },
    { protocols: ['cooperative'], promises: { racks: 'leader' } },
  ),
];
