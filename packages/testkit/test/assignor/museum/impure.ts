/** Plans that depend on more than the problem, or leave traces. */
import { ByteReader, ByteWriter } from '@kohort/core/spi';
import { choose, exhibit, exhibitWithMemory, leastLoaded, planOf } from './exhibit.ts';

let plansOfAllInstances = 0;

export const impure = [
  exhibit('determinism', 'breaks ties by chance', (problem) =>
    planOf(choose(problem, (subscribers) => subscribers[Math.floor(Math.random() * subscribers.length)])),
  ),
  exhibit('determinism', 'starts at another member every minute', (problem) =>
    planOf(
      choose(
        problem,
        (subscribers, p) => subscribers[(p + Math.floor(Date.now() / 60_000)) % subscribers.length],
      ),
    ),
  ),
  exhibit('determinism', 'has one cursor for the whole process', (problem) => {
    plansOfAllInstances++;
    return planOf(
      choose(problem, (subscribers, p) => subscribers[(p + plansOfAllInstances) % subscribers.length]),
    );
  }),
  exhibitWithMemory('no memory', 'begins where its last plan has ended', () => {
    let cursor = 0;
    return (problem) => planOf(choose(problem, (subscribers) => subscribers[cursor++ % subscribers.length]));
  }),
  exhibitWithMemory('no memory', 'remembers who had what, in the memory of the leader', () => {
    const last = new Map<string, string>();
    return (problem) =>
      planOf(
        choose(problem, (subscribers, flatId, loads) => {
          const { topic, partition } = problem.partition(flatId);
          const key = `${topic}-${partition}`;
          const before = subscribers.find((m) => problem.members[m]?.memberId === last.get(key));
          const chosen = before ?? leastLoaded(subscribers, flatId, loads);
          last.set(key, problem.members[chosen]?.memberId ?? '');
          return chosen;
        }),
      );
  }),
  exhibit(
    'input untouched',
    'uses up the claims of the members',
    (problem) => {
      for (const { claims } of problem.members) claims.fill(-1);
      return planOf(choose(problem, leastLoaded));
    },
    { protocols: ['cooperative'] },
  ),
  exhibit('input untouched', 'sorts the topics of a member the other way round', (problem) => {
    const plan = planOf(choose(problem, leastLoaded));
    for (const { topics } of problem.members) topics.reverse();
    return plan;
  }),
  exhibit(
    'input untouched',
    'writes the new owners into the old ones',
    (problem) => {
      const { owner } = problem.owners();
      return planOf(
        choose(problem, ([first], flatId) => {
          owner[flatId] = first ?? -1;
          return first;
        }),
      );
    },
    { protocols: ['cooperative'] },
  ),
  exhibit(
    'order of arrival',
    'numbers members in the order in which it reads their user data',
    (problem) => {
      const rank = (m: number) => Number(problem.members[m]?.userData ?? 0);
      return planOf(
        choose(problem, (subscribers) => subscribers.reduce((a, b) => (rank(b) < rank(a) ? b : a))),
      );
    },
    { userData: { write: () => new Uint8Array(1), read: () => plansOfAllInstances++ } },
  ),
  exhibit(
    'user data',
    'writes topics in the order of the subscription',
    (problem) => planOf(choose(problem, leastLoaded)),
    {
      userData: {
        write: ({ topics }) =>
          new ByteWriter().array([...topics], (writer, topic) => writer.string(topic)).finish(),
        read: (bytes) => new ByteReader(bytes).array((reader) => reader.string(), 2),
      },
    },
  ),
  exhibit('user data', 'cannot read what it writes', (problem) => planOf(choose(problem, leastLoaded)), {
    userData: {
      write: ({ generationId }) => new ByteWriter().int16(generationId & 0x7fff).finish(),
      read: (bytes) => new ByteReader(bytes).int32(),
    },
  }),
  exhibit(
    'user data',
    'sorts what it is handed in place',
    (problem) => planOf(choose(problem, leastLoaded)),
    {
      userData: {
        write: ({ topics }) => {
          (topics as string[]).sort().reverse();
          return null;
        },
        read: () => undefined,
      },
    },
  ),
];
