/** Groups too large for the oracles: plans carry certificates of optimality, which are checked against the flow first. */
import { describe, expect, it } from 'vitest';
import { cooperativeSticky } from '../../src/index.ts';
import { randomGroup } from './generated-groups.ts';
import { after, planOf, type StickyGroup, type StickyMember } from './group-spec.ts';
import { findFlaw } from './oracle/certificate.ts';
import { measure, unitsOf } from './oracle/facts.ts';
import { minCostFlow } from './oracle/min-cost-flow.ts';
import { Random } from './random.ts';

type Plan = Record<string, string[]>;

/** Hands a few partitions to other subscribers. */
function disturbed(random: Random, group: StickyGroup, plan: Plan): Plan {
  const copy: Plan = Object.fromEntries(Object.entries(plan).map(([id, units]) => [id, [...units]]));
  for (let change = random.below(3); change > 0; change--) {
    const holders = Object.entries(copy).filter(([, units]) => units.length > 0);
    if (holders.length === 0) break;
    const [id, units] = random.pick(holders);
    const unit = random.pick(units);
    const topic = unit.slice(0, unit.lastIndexOf('-'));
    const taker = random.pick(group.members.filter(({ topics }) => topics.includes(topic))).id;
    copy[id] = (copy[id] ?? []).filter((other) => other !== unit);
    copy[taker] = [...(copy[taker] ?? []), unit];
  }
  return copy;
}

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i.toString().padStart(3, '0')}`);

interface Size {
  readonly members: number;
  readonly topics: number;
  readonly partitions: number;
  readonly subscribed: number;
}

function largeGroup(
  random: Random,
  { members, topics, partitions, subscribed }: Size,
  racks: boolean,
): StickyGroup {
  const topicNames = names('t', topics);
  const places = ['r1', 'r2', 'r3', 'r4'];
  return {
    topics: topicNames.map((name) => {
      const count = random.between(1, 2 * partitions);
      const placed = Array.from({ length: count }, () => random.shuffled(places).slice(0, 2));
      return { name, partitions: count, ...(racks ? { racks: placed } : {}) };
    }),
    members: names('m', members).map((id): StickyMember => {
      const own = random.shuffled(topicNames).slice(0, random.between(1, 2 * subscribed));
      return { id, topics: own, ...(racks ? { rack: random.pick(places) } : {}) };
    }),
  };
}

/** Members leave, come and change their minds; those who stay claim what they were given. */
function changed(random: Random, group: StickyGroup, plan: Plan, round: number): StickyGroup {
  const topics = group.topics.map(({ name }) => name);
  const settled = after(group, plan, 1);
  const stayed = settled.members.filter(() => !random.chance(8));
  const members = stayed.map((member) =>
    random.chance(10) ? { ...member, topics: random.shuffled(topics).slice(0, 5) } : member,
  );
  const newcomer = { id: `newcomer${round}`, topics: random.shuffled(topics).slice(0, 8), rack: 'r1' };
  return { ...settled, members: [...members, newcomer] };
}

describe('certificates', () => {
  it('accept optimal plans and refuse all others', () => {
    let refused = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed);
      const group = randomGroup(random, { members: 7, topics: 6, perTopic: 8, partitions: 25 });
      const units = unitsOf(group, 'replicas');
      const plan = disturbed(random, group, planOf(cooperativeSticky({ racks: 'replicas' }), group));
      const best = minCostFlow(units, group.members.length);
      const isOptimal = JSON.stringify(measure(group, units, plan)) === JSON.stringify(best);
      expect({ seed, accepted: findFlaw(group, units, plan) === undefined }).toEqual({
        seed,
        accepted: isOptimal,
      });
      if (!isOptimal) refused++;
    }
    expect(refused).toBeGreaterThan(50);
  });
});

describe.each<[string, Size]>([
  ['many small topics', { members: 60, topics: 150, partitions: 3, subscribed: 6 }],
  ['few large topics', { members: 50, topics: 12, partitions: 60, subscribed: 2 }],
  ['a bit of everything', { members: 120, topics: 60, partitions: 20, subscribed: 10 }],
])('%s', (_, size) => {
  it.each(['off', 'replicas'] as const)('is optimal, from the start and after changes, racks %s', (racks) => {
    const random = new Random(size.members);
    let group = largeGroup(random, size, racks !== 'off');
    for (let round = 0; round < 4; round++) {
      const units = unitsOf(group, racks);
      const plan = planOf(cooperativeSticky({ racks }), group);
      measure(group, units, plan);
      expect({ round, flaw: findFlaw(group, units, plan) }).toEqual({ round, flaw: undefined });
      group = changed(random, group, plan, round);
    }
  });
});
