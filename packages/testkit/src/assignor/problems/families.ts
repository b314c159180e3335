/** Shapes of groups: who subscribes to what, and how partitions spread over topics. */
import type { Draw } from './draw.ts';
import type { MemberSpec, ProblemSpec, TopicSpec } from './problem-spec.ts';

/** Names that betray an order other than code units, a plain object as map, or a hash. */
const IDS = ['a', 'b', 'B', 'c10', 'c2', 'ä', 'Z', '__proto__', 'constructor', '\u{1F600}', '\uE000', 'm 1'];
const TOPICS = ['t', 't10', 't2', 'T', '__proto__', 'toString', 'orders.eu', 'ä', '\u{1F600}', '\uE000'];

type Family = (draw: Draw) => { readonly topics: TopicSpec[]; readonly subscriptions: string[][] };

const MAX_MEMBERS = 7;

function topicsOf(draw: Draw, min: number, max: number, partitions: () => number): TopicSpec[] {
  return draw.some(TOPICS, draw.int(min, max)).map((name) => ({ name, partitions: partitions() }));
}

const memberCount = (draw: Draw, min = 0) => draw.int(min, draw.pick([3, 3, 5, MAX_MEMBERS]));
const names = (topics: readonly TopicSpec[]) => topics.map(({ name }) => name);
const someTopics = (draw: Draw) =>
  topicsOf(draw, 1, draw.pick([2, 4, 5]), () => draw.int(0, draw.pick([2, 4, 7])));

const uniform: Family = (draw) => {
  const topics = topicsOf(draw, 0, 4, () => draw.int(0, draw.pick([3, 8, 12])));
  return { topics, subscriptions: Array.from({ length: memberCount(draw) }, () => names(topics)) };
};

/** Each topic has subscribers of its own. */
const disjoint: Family = (draw) => {
  const topics = someTopics(draw);
  const members = memberCount(draw, 1);
  const buckets = draw.int(1, Math.max(1, Math.min(members, topics.length)));
  const inBucket = (bucket: number) => names(topics).filter((_, t) => t % buckets === bucket);
  return { topics, subscriptions: Array.from({ length: members }, (_, m) => inBucket(m % buckets)) };
};

const overlapping: Family = (draw) => {
  const topics = someTopics(draw);
  const k = draw.int(1, topics.length);
  return {
    topics,
    subscriptions: Array.from({ length: memberCount(draw) }, () => draw.some(names(topics), k)),
  };
};

/** The first member subscribes to one topic, each further one to one more. */
const pyramid: Family = (draw) => {
  const topics = someTopics(draw);
  return {
    topics,
    subscriptions: Array.from({ length: memberCount(draw) }, (_, m) => names(topics).slice(0, m + 1)),
  };
};

const oddOneOut: Family = (draw) => {
  const topics = someTopics(draw);
  const subscriptions = Array.from({ length: memberCount(draw, 1) }, () => names(topics));
  subscriptions[draw.int(0, subscriptions.length - 1)] = draw.each(names(topics), 0.5);
  return { topics, subscriptions };
};

const arbitrary: Family = (draw) => {
  const topics = someTopics(draw);
  return {
    topics,
    subscriptions: Array.from({ length: memberCount(draw) }, () => draw.each(names(topics), 0.5)),
  };
};

const manyTiny: Family = (draw) => {
  const topics = Array.from({ length: draw.int(8, 20) }, (_, t) => ({ name: `topic-${t}`, partitions: 1 }));
  const all = draw.chance(0.5);
  return {
    topics,
    subscriptions: Array.from({ length: memberCount(draw, 1) }, () =>
      all ? names(topics) : draw.each(names(topics), 0.6),
    ),
  };
};

/** Two-digit partition numbers come out here. */
const oneFat: Family = (draw) => {
  const [fat, ...thin] = topicsOf(draw, 2, 4, () => draw.int(1, 2));
  const topics = [{ name: fat?.name ?? 't', partitions: draw.int(11, 30) }, ...thin];
  return {
    topics,
    subscriptions: Array.from({ length: memberCount(draw, 1) }, () => draw.each(names(topics), 0.8)),
  };
};

const FAMILIES = [
  uniform,
  uniform,
  disjoint,
  overlapping,
  pyramid,
  oddOneOut,
  arbitrary,
  manyTiny,
  oneFat,
] as const;

/** A group without claims: a shape, names, and in some cases racks, static members and subscriptions to lost topics. */
export function drawGroup(draw: Draw): ProblemSpec {
  const { topics, subscriptions } = draw.pick<Family>(FAMILIES)(draw);
  const ids = draw.some(IDS, subscriptions.length);
  const statics = draw.pick([0, 0, 0.5, 1]);
  const racks = ['r0', 'r1', 'r2', 'r3', 'r4'].slice(0, draw.pick([0, 0, 1, 2, 3, 5]));
  const instances = draw.some(['i1', 'i10', 'i2', 'I', 'ä', '\u{1F600}', '\uE000', 'x'], 8);
  const members = subscriptions.flatMap((subscribed, m): MemberSpec[] => {
    const id = ids[m];
    if (id === undefined) return [];
    const instance = draw.chance(statics)
      ? instances.splice(draw.int(0, instances.length - 1), 1)[0]
      : undefined;
    const rack = draw.chance(0.8) ? racks[draw.int(0, Math.max(0, racks.length - 1))] : undefined;
    const lost = draw.chance(0.05) ? ['gone'] : [];
    return [
      {
        id,
        topics: [...subscribed, ...lost],
        generation: -1,
        owns: [],
        ...(instance === undefined ? {} : { instance }),
        ...(rack === undefined ? {} : { rack }),
      },
    ];
  });
  return { topics: racks.length === 0 ? topics : topics.map((topic) => placed(draw, topic, racks)), members };
}

/** Replicas in up to three of the racks, for some partitions in none that is known. */
function placed(draw: Draw, topic: TopicSpec, racks: readonly string[]): TopicSpec {
  const everywhere = draw.chance(0.2);
  return {
    ...topic,
    racks: Array.from({ length: topic.partitions }, () => {
      if (everywhere) return [...racks];
      const chosen = draw.some(racks, draw.int(0, 3));
      return draw.chance(0.5) ? chosen.reverse() : chosen;
    }),
  };
}
