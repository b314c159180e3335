/** Range by Java's rules, spelled out by hand, racks included. */
import type { Clock } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { range } from '../src/index.ts';
import { assign, type MemberSpec, problemOf, STILL, type TopicSpec } from './group.ts';

const on = (...topics: string[]): MemberSpec => ({ topics });
const inRack = (rack: string, ...topics: string[]): MemberSpec => ({ topics, rack });
const fixed = (instance: string, ...topics: string[]): MemberSpec => ({ topics, instance });

type Row = readonly [
  name: string,
  members: Readonly<Record<string, MemberSpec>>,
  topics: Readonly<Record<string, TopicSpec>>,
  plan: Readonly<Record<string, readonly string[]>>,
];

function rows(table: readonly Row[]): void {
  it.each(table)('%s', (_, members, topics, plan) => {
    expect(assign(range(), problemOf(members, topics))).toEqual(plan);
  });
}

describe('range', () => {
  it('has the name and protocol of Java', () => {
    expect(range()).toMatchObject({ name: 'range', protocols: ['eager'], contractVersion: 1 });
  });

  rows([
    ['one member without a topic', { c: on() }, { t: 1 }, { c: [] }],
    ['one member, a topic that does not exist', { c: on('nope') }, { t: 1 }, { c: [] }],
    ['one member, one topic', { c: on('t') }, { t: 3 }, { c: ['t-0', 't-1', 't-2'] }],
    ['only subscribed topics', { c: on('t') }, { t: 1, u: 3 }, { c: ['t-0'] }],
    ['one member, two topics', { c: on('u', 't') }, { t: 1, u: 2 }, { c: ['t-0', 'u-0', 'u-1'] }],
    ['two members, one partition', { d: on('t'), c: on('t') }, { t: 1 }, { c: ['t-0'], d: [] }],
    ['two members, two partitions', { d: on('t'), c: on('t') }, { t: 2 }, { c: ['t-0'], d: ['t-1'] }],
    [
      'two topics of three partitions: the first member has one more of each',
      { c: on('t', 'u'), d: on('t', 'u') },
      { t: 3, u: 3 },
      { c: ['t-0', 't-1', 'u-0', 'u-1'], d: ['t-2', 'u-2'] },
    ],
    [
      'three members, mixed topics',
      { c1: on('t1'), c2: on('t1', 't2'), c3: on('t1') },
      { t1: 3, t2: 2 },
      { c1: ['t1-0'], c2: ['t1-1', 't2-0', 't2-1'], c3: ['t1-2'] },
    ],
    [
      'partition 10 comes after 2',
      { a: on('t'), b: on('t') },
      { t: 11 },
      { a: ['t-0', 't-1', 't-2', 't-3', 't-4', 't-5'], b: ['t-6', 't-7', 't-8', 't-9', 't-10'] },
    ],
    [
      'static members first, by instance id, whatever their member ids',
      { a: on('t'), z: fixed('i1', 't'), b: fixed('i2', 't') },
      { t: 4 },
      { z: ['t-0', 't-1'], b: ['t-2'], a: ['t-3'] },
    ],
    [
      'names of JavaScript objects',
      { constructor: on('__proto__'), toString: on('__proto__') },
      { ['__proto__']: 3 },
      { constructor: ['__proto__-0', '__proto__-1'], toString: ['__proto__-2'] },
    ],
    [
      'names in order of UTF-16 code units',
      { '\uE000': on('t'), '\u{1F600}': on('t') },
      { t: 3 },
      { '\u{1F600}': ['t-0', 't-1'], '\uE000': ['t-2'] },
    ],
  ]);
});

describe('range with racks', () => {
  rows([
    [
      'each member takes what has a replica in its rack',
      { a: inRack('r1', 't'), b: inRack('r0', 't') },
      { t: [[0], [1], [0], [1]] },
      { a: ['t-1', 't-3'], b: ['t-0', 't-2'] },
    ],
    [
      'a follower counts as much as the leader',
      { a: inRack('r2', 't'), b: inRack('r0', 't') },
      {
        t: [
          [0, 1],
          [1, 2],
          [0, 1],
          [1, 2],
        ],
      },
      { a: ['t-1', 't-3'], b: ['t-0', 't-2'] },
    ],
    [
      'balance comes before racks',
      { a: inRack('r0', 't'), b: inRack('r0', 't'), c: inRack('r1', 't') },
      { t: [[0], [0], [0], [0], [0], [0]] },
      { a: ['t-0', 't-1'], b: ['t-2', 't-3'], c: ['t-4', 't-5'] },
    ],
    [
      'a later member can get the extra partition',
      { a: inRack('r0', 't'), b: inRack('r1', 't') },
      { t: [[0], [1], [1]] },
      { a: ['t-0'], b: ['t-1', 't-2'] },
    ],
    [
      'a member without a rack matches everything',
      { a: on('t'), b: inRack('r0', 't') },
      { t: [[0], [0], [1], [1]] },
      { a: ['t-0', 't-1'], b: ['t-2', 't-3'] },
    ],
    [
      'racks that hold everything change nothing',
      { a: inRack('r1', 't'), b: inRack('r0', 't') },
      {
        t: [
          [0, 1],
          [1, 0],
          [0, 1],
          [1, 0],
        ],
      },
      { a: ['t-0', 't-1'], b: ['t-2', 't-3'] },
    ],
    [
      'members in other racks than all replicas change nothing',
      { a: inRack('r5', 't'), b: inRack('r4', 't') },
      { t: [[0], [1], [0], [1]] },
      { a: ['t-0', 't-1'], b: ['t-2', 't-3'] },
    ],
    [
      'topics with equal counts and subscribers keep equal numbers together, before racks',
      { a: inRack('r0', 't', 'u'), b: inRack('r1', 't', 'u') },
      { t: [[1], [0], [1], [0]], u: [[1], [0], [0], [1]] },
      { a: ['t-1', 't-2', 'u-1', 'u-2'], b: ['t-0', 't-3', 'u-0', 'u-3'] },
    ],
    [
      'topics with other counts are matched by themselves',
      { a: inRack('r0', 't', 'u'), b: inRack('r1', 't', 'u') },
      { t: [[1], [0]], u: [[1], [0], [0]] },
      { a: ['t-1', 'u-1', 'u-2'], b: ['t-0', 'u-0'] },
    ],
    [
      'a topic that only members without racks subscribe to is shared out plainly',
      { a: inRack('r1', 't'), b: inRack('r0', 't'), c: on('u'), d: on('u') },
      { t: [[0], [1]], u: [[0], [1], [0]] },
      { a: ['t-1'], b: ['t-0'], c: ['u-0', 'u-1'], d: ['u-2'] },
    ],
    [
      'partitions without replicas fit no rack',
      { a: inRack('r0', 't'), b: inRack('r1', 't') },
      { t: [[], [0], []] },
      { a: ['t-0', 't-1'], b: ['t-2'] },
    ],
  ]);
});

it('pauses while it shares out a large group, and comes to the same', async () => {
  const topics = Object.fromEntries(Array.from({ length: 12 }, (_, t) => [`t${t}`, 10_000]));
  const names = Object.keys(topics);
  const problem = problemOf({ a: on(...names), b: on(...names), c: on(...names) }, topics);
  let now = 0;
  let pauses = 0;
  const clock: Clock = {
    monotonic: () => {
      now += 8;
      return now;
    },
    wall: () => now,
    setTimer(callback) {
      pauses++;
      const handle = setImmediate(callback);
      return { cancel: () => clearImmediate(handle) };
    },
  };
  const context = { signal: new AbortController().signal, deadlineMs: 60_000 };
  const sliced = await range().assign(problem, { ...context, clock });
  const whole = await range().assign(problem, { ...context, clock: STILL });
  // As texts: a comparison of so many numbers takes a second.
  expect(sliced.partitions.map(String).join('|') === whole.partitions.map(String).join('|')).toBe(true);
  // 120,000 partitions in steps of some 33,000.
  expect(pauses).toBeGreaterThanOrEqual(4);
});
