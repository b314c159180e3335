/** Plans that the core would refuse. */
import { choose, exhibit, leastLoaded, planOf, subscribersOf } from './exhibit.ts';

export const lawlessPlans = [
  exhibit('completeness', 'forgets the last partition', (problem) =>
    planOf(
      choose(problem, (subscribers, p) => (p === problem.partitionCount - 1 ? undefined : subscribers[0])),
    ),
  ),
  exhibit('completeness', 'keeps topics in a plain object, where "__proto__" is lost', (problem) => {
    const owners: Record<string, number[]> = {};
    for (const { name } of problem.topics) owners[name] = [];
    for (const [flatId, [first]] of subscribersOf(problem).entries()) {
      const list = owners[problem.partition(flatId).topic];
      if (first !== undefined && Array.isArray(list)) list[flatId] = first;
    }
    const entries = Object.values(owners).flatMap((list) => Object.entries(list));
    return planOf(
      problem.members.map((_, m) => entries.flatMap(([p, owner]) => (owner === m ? [Number(p)] : []))),
    );
  }),
  exhibit('completeness', 'drops what does not divide', (problem) =>
    planOf(
      choose(problem, (subscribers, flatId) => {
        const { partition, topic } = problem.partition(flatId);
        const count = problem.topics.find(({ name }) => name === topic)?.partitionCount ?? 0;
        return subscribers[Math.floor(partition / Math.floor(count / subscribers.length))];
      }),
    ),
  ),
  exhibit('exclusivity', 'gives the first partition to two members', (problem) => {
    const lists = choose(problem, leastLoaded);
    const [first, second] = subscribersOf(problem)[0] ?? [];
    if (first !== undefined && second !== undefined) lists[second]?.push(0);
    if (first !== undefined && !lists[first]?.includes(0)) lists[first]?.push(0);
    return planOf(lists);
  }),
  exhibit('exclusivity', 'gives a partition to one member twice', (problem) =>
    planOf(choose(problem, leastLoaded).map((flatIds) => [...flatIds, ...flatIds.slice(2, 3)])),
  ),
  exhibit('subscription', "takes the leader's topics for everybody's", (problem) =>
    planOf(
      problem.members.map((_, m) =>
        Array.from({ length: problem.partitionCount }, (_partition, p) => p).filter(
          (p) => p % problem.members.length === m,
        ),
      ),
    ),
  ),
  exhibit('entries', 'leaves out members that get nothing', (problem) =>
    planOf(choose(problem, (subscribers) => subscribers[0]).filter(({ length }) => length > 0)),
  ),
  exhibit('entries', 'has an entry for a member that is not there', (problem) =>
    planOf([...choose(problem, leastLoaded), []]),
  ),
  exhibit('entries', 'has one entry for each topic', (problem) =>
    planOf(
      problem.topics.map(({ base, partitionCount }) =>
        Array.from({ length: partitionCount }, (_, p) => base + p),
      ),
    ),
  ),
  exhibit('known partitions', 'marks members with nothing by -1', (problem) =>
    planOf(
      choose(problem, (subscribers) => subscribers[0]).map((flatIds) =>
        flatIds.length === 0 ? [-1] : flatIds,
      ),
    ),
  ),
  exhibit('known partitions', 'counts partitions from one', (problem) =>
    planOf(choose(problem, leastLoaded).map((flatIds) => flatIds.map((flatId) => flatId + 1))),
  ),
  exhibit('empty cases', 'expects at least one member', (problem) => {
    const [first] = problem.members;
    if (first === undefined) throw new TypeError("Cannot read properties of undefined (reading 'topics')");
    return planOf(choose(problem, leastLoaded));
  }),
];
