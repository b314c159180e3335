/** Looks for the groups that take the engine longest, by lot and by climbing from there; the same in every run. */
import type { AssignmentProblem } from '@kohort/core/spi';
import { type BenchGroup, problemOf } from './group.ts';
import { assign } from './kohort.ts';
import { type Seeded, seeded } from './seeded.ts';

export interface WorstCase {
  readonly members: number;
  readonly topics: number;
  readonly partitions: number;
  /** Looks at the clock, which is once for each step. */
  readonly steps: number;
  /** Milliseconds of CPU, the lowest of three runs. */
  readonly cpuMs: number;
  readonly tried: number;
}

const SIZES = [
  { members: 10, topics: 20, perTopic: 4 },
  { members: 50, topics: 100, perTopic: 8 },
  { members: 200, topics: 300, perTopic: 20 },
] as const;
type Size = (typeof SIZES)[number];

const TRIES = 150;
/** Half of the tries change the worst group so far. */
const CLIMBING_FROM = TRIES / 2;

export async function worstCases(signal: AbortSignal): Promise<readonly WorstCase[]> {
  const found: WorstCase[] = [];
  for (const size of SIZES) found.push(await worstOf(size, signal));
  return found;
}

async function worstOf(size: Size, signal: AbortSignal): Promise<WorstCase> {
  const random = seeded(size.members);
  let worst = { group: anyGroup(random, size), steps: -1 };
  for (let tried = 0; tried < TRIES; tried++) {
    signal.throwIfAborted();
    const group = tried < CLIMBING_FROM ? anyGroup(random, size) : changed(random, worst.group);
    const steps = await stepsFor(problemOf(group));
    if (steps > worst.steps) worst = { group, steps };
  }
  const problem = problemOf(worst.group);
  const times: number[] = [];
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage();
    await stepsFor(problem);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return {
    members: worst.group.members.length,
    topics: worst.group.topics.length,
    partitions: problem.partitionCount,
    steps: worst.steps,
    cpuMs: Math.min(...times),
    tried: TRIES,
  };
}

/** Few topics each, in chains, and partitions with whoever may have them: far from balance, and far to go. */
function anyGroup(random: Seeded, { members, topics, perTopic }: Size): BenchGroup {
  const counts = Array.from({ length: topics }, () => 1 + random.below(2 * perTopic));
  const reach = 1 + random.below(6);
  const spread = random.below(2) === 0;
  const subscriptions = Array.from({ length: members }, (_, m) => {
    const near = Array.from({ length: reach }, (_, i) => Math.floor((m * topics) / members + i * 2) % topics);
    const own = spread ? random.sample(topics, reach) : near;
    return [...new Set(own)].sort((a, b) => a - b);
  });
  for (let t = 0; t < topics; t++) {
    if (!subscriptions.some((own) => own.includes(t))) subscriptions[random.below(members)]?.push(t);
  }
  return withClaims(random, counts, subscriptions);
}

function withClaims(
  random: Seeded,
  topics: readonly number[],
  subscriptions: readonly number[][],
): BenchGroup {
  const owned = subscriptions.map((): number[] => []);
  let flatId = 0;
  for (const [t, count] of topics.entries()) {
    const able = subscriptions.flatMap((own, m) => (own.includes(t) ? [m] : []));
    const favourite = able[random.below(able.length)] ?? 0;
    for (let p = 0; p < count; p++, flatId++) {
      const lot = random.below(10);
      if (lot > 0) owned[lot < 7 ? favourite : (able[random.below(able.length)] ?? 0)]?.push(flatId);
    }
  }
  const members = subscriptions.map((own, m) => ({
    id: `m${String(m).padStart(4, '0')}`,
    topics: own.sort((a, b) => a - b),
    owned: Int32Array.from(owned[m] ?? []),
  }));
  return { topics, members };
}

/** Some members want other topics, and lose what they held of those that they want no more. */
function changed(random: Seeded, { topics, members }: BenchGroup): BenchGroup {
  const subscriptions = members.map(({ topics: own }) => [...own]);
  for (let change = 0; change < 3; change++) {
    const own = subscriptions[random.below(members.length)];
    const t = random.below(topics.length);
    if (own === undefined) continue;
    if (!own.includes(t)) own.push(t);
    else if (subscriptions.filter((other) => other.includes(t)).length > 1) own.splice(own.indexOf(t), 1);
  }
  return {
    topics,
    members: members.map((member, m) => ({
      ...member,
      topics: (subscriptions[m] ?? []).sort((a, b) => a - b),
    })),
  };
}

async function stepsFor(problem: AssignmentProblem): Promise<number> {
  let steps = 0;
  await assign(problem, {
    monotonic: () => {
      steps++;
      return 0;
    },
    wall: () => 0,
    setTimer: () => {
      throw new Error('no time passes here');
    },
  });
  return steps;
}
