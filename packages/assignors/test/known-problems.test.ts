/**
 * Problems that other clients have got wrong, as the members send them and as the leader answers: A1 to A3, A7 and A8
 * are lines of `vectors/sticky.jsonl` as well, where the oracle has a say.
 */
import {
  type Assignor,
  ByteWriter,
  decodeAssignment,
  encodeSubscription,
  type JoinedMember,
  planAssignments,
} from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { cooperativeSticky, range, roundRobin, sticky, weighted } from '../src/index.ts';
import { STILL } from './group.ts';

interface Claims {
  readonly topics: readonly string[];
  /** As `topic-partition`. */
  readonly owned?: readonly string[];
  readonly generation?: number;
  readonly instance?: string;
}

const { signal } = new AbortController();

/** A claim is in the subscription of a cooperative member, in the user data of an eager one. */
function joined(assignor: Assignor, memberId: string, claims: Claims): JoinedMember {
  const { topics, owned: names = [], generation: generationId = -1, instance } = claims;
  const owned = names.map((name) => {
    const dash = name.lastIndexOf('-');
    return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
  });
  const userData = assignor.userData?.write({ topics, generationId, owned }) ?? null;
  const metadata = encodeSubscription({ topics, userData, owned, generationId, rackId: null });
  return instance === undefined ? { memberId, metadata } : { memberId, metadata, groupInstanceId: instance };
}

/** What each member is sent, and how many partitions are held back for a round. */
async function lead(assignor: Assignor, members: readonly JoinedMember[], topics: Record<string, number>) {
  const { assignments, report } = await planAssignments({
    members,
    cluster: {
      brokers: [],
      topics: Object.entries(topics).map(([name, count]) => ({
        errorCode: 0,
        name,
        internal: false,
        partitions: Array.from({ length: count }, (_, partition) => ({
          partition,
          errorCode: 0,
          leader: 0,
          leaderEpoch: 0,
          replicas: [0],
        })),
      })),
    },
    assignor,
    protocol: assignor.protocols.includes('cooperative') ? 'cooperative' : 'eager',
    // The deadline's timer is the only one.
    clock: { ...STILL, setTimer: () => ({ cancel: () => {} }) },
    deadlineMs: 60_000,
    signal,
  });
  expect(report.degraded).toBe(false);
  const sent = assignments.map(({ memberId, assignment }) => {
    const names = decodeAssignment(assignment).topics.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => `${topic}-${partition}`),
    );
    return [memberId, names] as const;
  });
  return { sent: new Map(sent), deferred: report.deferred, moved: report.moved, issues: report.issues };
}

async function play(make: () => Assignor, group: Record<string, Claims>, topics: Record<string, number>) {
  const assignor = make();
  const members = Object.entries(group).map(([id, claims]) => joined(assignor, id, claims));
  return lead(assignor, members, topics);
}

const sizes = (sent: ReadonlyMap<string, readonly string[]>) =>
  [...sent.values()].map(({ length }) => length).sort((a, b) => b - a);

const STICKY = [sticky, cooperativeSticky];
const ALL = [range, roundRobin, sticky, cooperativeSticky, weighted];

describe.each(STICKY)('$name', (make) => {
  it('A1: comes to an end where others go round in circles, with four moves', async () => {
    const { sent, moved, deferred } = await play(
      make,
      {
        c02: { topics: ['t10', 't13'], owned: ['t10-0', 't10-2', 't13-1'], generation: 1 },
        c03: { topics: ['t10', 't13'], owned: ['t10-1', 't13-0'], generation: 1 },
        c06: { topics: ['t6', 't7'], owned: ['t6-0', 't6-1', 't6-2', 't6-3'], generation: 1 },
        c08: { topics: ['t4', 't6'], owned: ['t4-0', 't4-1', 't4-2'], generation: 1 },
        cNEW: { topics: ['t6', 't13'] },
      },
      { t4: 3, t6: 4, t7: 4, t10: 3, t13: 2 },
    );
    if (make === cooperativeSticky) expect({ moved, deferred }).toEqual({ moved: 4, deferred: 4 });
    else expect(sizes(sent)).toEqual([4, 4, 3, 3, 2]);
  });

  it('A2: moves one partition where one is enough', async () => {
    const { sent, deferred } = await play(
      make,
      {
        c00: { topics: ['t0', 't1'], owned: ['t0-0', 't1-0', 't1-1'], generation: 1 },
        c01: { topics: ['t0', 't2'], owned: ['t2-0', 't2-1'], generation: 1 },
        cNEW: { topics: ['t0', 't2'] },
      },
      { t0: 1, t1: 2, t2: 2 },
    );
    expect(sent.get('c01')).toEqual(['t2-0', 't2-1']);
    expect(sent.get('c00')).toEqual(['t1-0', 't1-1']);
    expect([sent.get('cNEW'), deferred]).toEqual(make === sticky ? [['t0-0'], 0] : [[], 1]);
  });

  it('A3: leaves no newcomer without anything', async () => {
    const { sent, moved } = await play(
      make,
      {
        c00: { topics: ['t0', 't2'], owned: ['t0-0', 't2-0'], generation: 1 },
        c01: { topics: ['t0', 't3'], owned: ['t3-0'], generation: 1 },
        c02: { topics: ['t1', 't2'], owned: ['t1-0'], generation: 1 },
        cNEW: { topics: ['t1', 't3'] },
      },
      { t0: 1, t1: 1, t2: 1, t3: 1 },
    );
    expect(sizes(sent)).toEqual(make === sticky ? [1, 1, 1, 1] : [1, 1, 0, 0]);
    if (make === cooperativeSticky) expect(moved).toBe(2);
  });
});

describe.each([cooperativeSticky, weighted])('$name', (make) => {
  it('A4: what goes back to a stale claimant waits a round, since a later one may work on it', async () => {
    // B holds t-0 by the later generation, and does not subscribe to it any more.
    const { sent, deferred } = await play(
      make,
      {
        A: { topics: ['t'], owned: ['t-0'], generation: 1 },
        B: { topics: ['u'], owned: ['t-0', 'u-0'], generation: 2 },
      },
      { t: 1, u: 1 },
    );
    expect(sent.get('A')).toEqual([]);
    expect(sent.get('B')).toEqual(['u-0']);
    expect(deferred).toBe(1);
  });

  it('A5: takes claims as what they are, words of strangers', async () => {
    const assignor = make();
    // Version 3 by hand, since what writes it for members lets none of this through.
    const absurd = new ByteWriter().int16(3).array(['t', 't'], (topics, name) => topics.string(name));
    absurd.nullableData(assignor.userData?.write({ topics: ['t'], generationId: 1, owned: [] }) ?? null);
    absurd.array(['t', 'gone', '__proto__'], (owned, name) => {
      owned.string(name).array([-1, 2, 2, 99, -2147483648], (partitions, value) => partitions.int32(value));
    });
    absurd.int32(1).nullableString(null);
    const members = [
      { memberId: 'B', metadata: absurd.finish() },
      joined(assignor, 'B', { topics: ['t'], owned: ['t-0', 't-1'], generation: 9 }),
      // Version 1 without a list of what is owned.
      { memberId: 'C', metadata: Uint8Array.from([0, 1, 0, 0, 0, 1, 0, 1, 116, 255, 255, 255, 255]) },
      { memberId: 'D', metadata: Uint8Array.of(0, 1, 0, 0, 0, 9) },
    ];
    const { sent, issues } = await lead(assignor, members, { t: 4 });
    expect([...sent.keys()]).toEqual(['B', 'C', 'D']);
    expect(sent.get('B')).toContain('t-2');
    expect(sizes(sent)).toEqual([2, 2, 0]);
    expect([...new Set(issues.map(({ kind }) => kind))].sort()).toEqual([
      'claim-duplicate',
      'claim-negative',
      'claim-of-unknown-topic',
      'claim-out-of-range',
      'duplicate-member',
      'duplicate-topic',
      'unreadable-metadata',
    ]);
  });
});

describe.each([range, roundRobin])('$name', (make) => {
  const MEMBERS = { a: { instance: 'z' }, d: {}, c: { instance: 'a' }, b: {} } as const;
  const orders = permutations(Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]);

  it('A6: static members come first, by instance id, in whatever order they join', async () => {
    for (const order of orders) {
      const group = Object.fromEntries(order.map((id) => [id, { topics: ['t'], ...MEMBERS[id] }]));
      const { sent } = await play(make, group, { t: 4 });
      expect(Object.fromEntries(sent)).toEqual({ c: ['t-0'], a: ['t-1'], b: ['t-2'], d: ['t-3'] });
    }
  });
});

describe.each(ALL)('$name', (make) => {
  it('A7: partition 2 comes before partition 10', async () => {
    const { sent } = await play(make, { a: { topics: ['t'] }, b: { topics: ['t'] } }, { t: 12 });
    const even = ['t-0', 't-2', 't-4', 't-6', 't-8', 't-10'];
    const low = ['t-0', 't-1', 't-2', 't-3', 't-4', 't-5'];
    expect(sent.get('a')).toEqual(make === range || make === weighted ? low : even);
  });

  it('A8: names beyond the first plane and of the language are names', async () => {
    const names = ['__proto__', 'constructor', '\u{1F600}', '\uE000'];
    const group = Object.fromEntries([
      ...names.map((name) => [`m ${name}`, { topics: names }] as const),
      ['toString', { topics: [] }] as const,
    ]);
    const { sent } = await play(make, group, Object.fromEntries(names.map((name) => [name, 1] as const)));
    // By UTF-16 code units, as in Java: a surrogate is below U+E000.
    expect([...sent.keys()]).toEqual(['m __proto__', 'm constructor', 'm \u{1F600}', 'm \uE000', 'toString']);
    expect([...sent.values()].flat().sort()).toEqual(names.map((name) => `${name}-0`).sort());
    expect(sent.get('toString')).toEqual([]);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, i) =>
    permutations(items.filter((_, other) => other !== i)).map((rest) => [first, ...rest]),
  );
}
