/** Random groups for the oracles: many shapes of subscriptions, and claims from lawful to absurd. */
import type { StickyGroup, StickyMember, StickyTopic } from './group-spec.ts';
import type { Random } from './random.ts';

export interface Bounds {
  readonly members: number;
  readonly topics: number;
  /** Most partitions of one topic, and of all together. */
  readonly perTopic: number;
  readonly partitions: number;
}

const NAMES = [
  'alpha',
  '__proto__',
  'b',
  'constructor',
  'zz',
  'a10',
  'a2',
  '\u{1F600}',
  '\uE000',
  'n',
  'o',
  'p',
];
const RACKS = ['r1', 'r2', 'r3', 'r4'];

export function randomGroup(random: Random, bounds: Bounds): StickyGroup {
  const topics = randomTopics(random, bounds);
  const names = topics.map(({ name }) => name);
  const subscriptions = randomSubscriptions(random, names, random.between(1, bounds.members));
  const withRacks = random.chance(35);
  const members = subscriptions.map((own, m): StickyMember => {
    const rack = withRacks && random.chance(85) ? { rack: random.pick(RACKS.slice(0, 3)) } : {};
    return { id: `m${m * 7}`, topics: own, ...rack };
  });
  const placed = withRacks
    ? topics.map((topic) => ({ ...topic, racks: randomRacks(random, topic) }))
    : topics;
  return { topics: placed, members: withClaims(random, members, topics) };
}

function randomTopics(random: Random, { topics: most, perTopic, partitions }: Bounds): StickyTopic[] {
  const names = random.shuffled(NAMES).slice(0, random.between(1, Math.min(most, NAMES.length)));
  let left = partitions;
  const isFat = random.chance(15);
  return names.map((name, i) => {
    const wanted = isFat && i > 0 ? 1 : random.between(random.chance(10) ? 0 : 1, perTopic);
    const count = Math.min(left, wanted);
    left -= count;
    return { name, partitions: count };
  });
}

/** For each member its topics: equal, disjoint, overlapping, nested, or all equal but one. */
function randomSubscriptions(random: Random, names: readonly string[], members: number): string[][] {
  const shape = random.below(6);
  const each = (topicsOf: (m: number) => string[]) => Array.from({ length: members }, (_, m) => topicsOf(m));
  const some = (count: number) => random.shuffled(names).slice(0, count);
  if (shape === 0) return each(() => [...names]);
  if (shape === 1) {
    const buckets = random.between(1, 3);
    return each((m) => names.filter((_, t) => t % buckets === m % buckets));
  }
  if (shape === 2) return each((m) => names.slice(0, m + 1));
  if (shape === 3) return each((m) => (m === members - 1 ? names.slice(0, 1) : [...names]));
  const k = random.between(1, Math.max(1, names.length - 1));
  if (shape === 4) return each(() => some(k));
  return each(() => some(random.below(names.length + 1)));
}

function randomRacks(random: Random, { partitions }: StickyTopic): string[][] {
  const unknown = random.chance(20);
  return Array.from({ length: partitions }, () =>
    random.shuffled(unknown ? [...RACKS, ''] : RACKS).slice(0, random.between(unknown ? 0 : 1, 3)),
  );
}

function withClaims(
  random: Random,
  members: readonly StickyMember[],
  topics: readonly StickyTopic[],
): StickyMember[] {
  const style = random.below(5);
  if (style === 0) return [...members];
  const partitions = topics.flatMap(({ name, partitions: count }) =>
    Array.from({ length: count }, (_, p) => ({ name, claim: `${name}-${p}` })),
  );
  const owned = members.map((): string[] => []);
  const newcomer = random.chance(50) ? random.below(members.length) : -1;
  for (const { name, claim } of partitions) {
    if (random.chance(10)) continue;
    const able = members.flatMap(({ topics: own }, m) => (own.includes(name) && m !== newcomer ? [m] : []));
    const anybody = style === 4 || able.length === 0;
    if (anybody && style < 3) continue;
    const least = Math.min(...able.map((m) => owned[m]?.length ?? 0));
    const leastLoaded = able.filter((m) => owned[m]?.length === least);
    const from = anybody ? members.map((_, m) => m) : style === 1 ? leastLoaded : able;
    owned[random.pick(from)]?.push(claim);
    if (style >= 3 && random.chance(20)) owned[random.below(members.length)]?.push(claim);
  }
  return members.map((member, m) => {
    const foreign =
      style >= 3 && random.chance(20) ? ['gone-0', `${topics[0]?.name}-999`, `${topics[0]?.name}--3`] : [];
    const generation = style >= 3 ? random.pick([-1, 3, 4, 4, 5]) : 4;
    return { ...member, owned: [...(owned[m] ?? []), ...foreign], generation };
  });
}
