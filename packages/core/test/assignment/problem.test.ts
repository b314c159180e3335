/** The packed problem: canonical order, frozen, and nothing of what members made up. */
import { describe, expect, it } from 'vitest';
import { buildProblem } from '../../src/assignment/problem.ts';
import { ByteWriter } from '../../src/wire/bytes.ts';
import { cluster, flat, member, names, problemOf } from './group.ts';

describe('order and content', () => {
  const topics = [
    ['orders', 3],
    ['a', 2],
    ['unused', 9],
    ['empty', 0],
  ] as const;
  const built = buildProblem(
    [
      member('m2', {
        topics: ['orders', 'gone'],
        rack: 'r1',
        owned: ['orders-2', 'orders-0'],
        generation: 7,
      }),
      member('m10', { topics: ['a', 'orders', 'empty'], instance: 'i1', rack: '' }),
    ],
    cluster(topics),
  );
  const { problem } = built;

  it('orders members and topics by code units and numbers partitions through', () => {
    expect(problem.members.map(({ memberId }) => memberId)).toEqual(['m10', 'm2']);
    expect(problem.topics).toEqual([
      { name: 'a', partitionCount: 2, base: 0 },
      { name: 'orders', partitionCount: 3, base: 2 },
    ]);
    expect(problem.partitionCount).toBe(5);
    expect(problem.partition(4)).toEqual({ topic: 'orders', partition: 2 });
    expect([0, 1, 2, 4, 5, -1].map((id) => problem.topicOf(id))).toEqual([0, 0, 1, 1, -1, -1]);
    expect(() => problem.partition(5)).toThrow(RangeError);
  });

  it('packs what members say', () => {
    expect(problem.members[0]).toEqual({
      memberId: 'm10',
      groupInstanceId: 'i1',
      topics: Int32Array.of(0, 1),
      generationId: -1,
      claims: Int32Array.of(),
      userData: undefined,
    });
    expect(problem.members[1]).toEqual({
      memberId: 'm2',
      rackId: 'r1',
      topics: Int32Array.of(1),
      generationId: 7,
      claims: Int32Array.of(2, 4),
      userData: undefined,
    });
  });

  it('leaves out topics without metadata or partitions, and says which', () => {
    expect(built.topicsWithoutMetadata).toEqual(['empty', 'gone']);
    expect(built.issues).toEqual([]);
  });

  it('knows where partitions live', () => {
    expect([2, 3, 4].map((id) => problem.leader(id))).toEqual([0, 1, 2]);
    expect(problem.leaderRack(3)).toBe('r1');
    expect(problem.replicaRacks(4)).toEqual(['r2', 'r0']);
    expect(problem.leader(99)).toBe(-1);
    expect(problem.leaderRack(99)).toBeUndefined();
    expect(problem.replicaRacks(99)).toEqual([]);
  });

  it('is frozen', () => {
    for (const part of [
      problem,
      problem.members,
      problem.topics,
      problem.owners(),
      problem.members[0],
      problem.topics[0],
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('keeps names that JavaScript objects have', () => {
    const hostile = problemOf({ __proto__x: { topics: ['__proto__', 'constructor'] } }, [
      ['constructor', 1],
      ['__proto__', 1],
    ]);
    expect(hostile.topics.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });

  it('survives metadata with partition numbers out of range and nodes without a rack', () => {
    const odd = cluster([['t', 2]]);
    const [topic] = odd.topics;
    if (topic === undefined) throw new Error('no topic');
    const at = (partition: number) => ({
      partition,
      errorCode: 0,
      leader: 8,
      leaderEpoch: 0,
      replicas: [8, 9],
    });
    const { problem: p } = buildProblem([member('m', { topics: ['t'] })], {
      brokers: [{ nodeId: 8, host: 'h', port: 1 }],
      topics: [{ ...topic, partitions: [at(2 ** 31 - 1), at(1), at(-5)] }],
    });
    expect(p.partitionCount).toBe(3);
    expect([0, 1, 2].map((id) => p.leader(id))).toEqual([-1, 8, -1]);
    expect(p.replicaRacks(1)).toEqual([]);
  });
});

describe('what members made up', () => {
  it('reports claims that cannot be, and leaves them out', () => {
    const bad = new ByteWriter()
      .int16(1)
      .array(['t', 't', 'u'], (w, topic) => w.string(topic))
      .nullableData(null)
      .array(['t', 'nobody', 't'], (w, topic) =>
        w.string(topic).array([-1, 0, 1, 0, 2 ** 31 - 1, -7], (x, n) => x.int32(n)),
      )
      .finish();
    const { problem, issues } = buildProblem(
      [{ memberId: 'bad', metadata: bad }],
      cluster([
        ['t', 2],
        ['u', 1],
      ]),
    );
    expect(problem.members[0]?.topics).toEqual(Int32Array.of(0, 1));
    expect(problem.members[0]?.claims).toEqual(Int32Array.of(0, 1));
    const memberId = 'bad';
    expect(issues).toEqual([
      { memberId, kind: 'duplicate-topic', count: 1 },
      { memberId, kind: 'claim-negative', count: 4, example: { topic: 't', partition: -1 } },
      { memberId, kind: 'claim-out-of-range', count: 2, example: { topic: 't', partition: 2 ** 31 - 1 } },
      { memberId, kind: 'claim-of-unknown-topic', count: 6, example: { topic: 'nobody', partition: -1 } },
      { memberId, kind: 'claim-duplicate', count: 4, example: { topic: 't', partition: 0 } },
    ]);
  });

  it('gives a member with unreadable metadata an empty entry', () => {
    const { problem, issues } = buildProblem(
      [{ memberId: 'x', metadata: Uint8Array.of(0, 1, 127) }, member('y', { topics: ['t'] })],
      cluster([['t', 1]]),
    );
    expect(problem.members.map(({ memberId, topics }) => [memberId, [...topics]])).toEqual([
      ['x', []],
      ['y', [0]],
    ]);
    expect(issues).toEqual([
      { memberId: 'x', kind: 'unreadable-metadata', count: 1, reason: expect.stringContaining('remain') },
    ]);
  });

  it('keeps the first of two members with one id', () => {
    const { problem, issues } = buildProblem(
      [member('m', { topics: ['t'] }), member('m', { topics: ['u'] })],
      cluster([
        ['t', 1],
        ['u', 1],
      ]),
    );
    expect(problem.members.length).toBe(1);
    expect(problem.topics.map(({ name }) => name)).toEqual(['t']);
    expect(issues).toEqual([{ memberId: 'm', kind: 'duplicate-member', count: 1 }]);
  });

  it('hands user data to the assignor, and none where it refuses or where there is too much', () => {
    const read = (bytes: Uint8Array) => {
      if (bytes.length === 4) throw new Error('not mine');
      return bytes.length;
    };
    const { problem, issues } = buildProblem(
      [
        member('a', { topics: ['t'], userData: Uint8Array.of(1, 2) }),
        member('b', { topics: ['t'], userData: Uint8Array.of(1, 2, 3, 4) }),
        member('c', { topics: ['t'], userData: new Uint8Array(2 ** 20 + 1) }),
        member('d', { topics: ['t'] }),
      ],
      cluster([['t', 1]]),
      { read, write: () => null },
    );
    expect(problem.members.map(({ userData }) => userData)).toEqual([2, undefined, undefined, undefined]);
    expect(issues.map(({ memberId, kind, reason }) => [memberId, kind, reason])).toEqual([
      ['b', 'unreadable-user-data', 'not mine'],
      ['c', 'unreadable-user-data', '1048577 bytes, at most 1048576 are read'],
    ]);
  });
});

describe('owners', () => {
  function owners(members: Parameters<typeof problemOf>[0]) {
    const problem = problemOf(members, [
      ['t', 2],
      ['u', 1],
    ]);
    const { owner, previousOwner, conflicts } = problem.owners();
    const at = (list: Int32Array, name: string) =>
      problem.members[list[flat(problem, name)] ?? -1]?.memberId ?? null;
    return {
      owner: at(owner, 't-0'),
      previous: at(previousOwner, 't-0'),
      conflicts: names(problem, conflicts),
    };
  }
  const claim = (generation: number, topics = ['t']) => ({ topics, owned: ['t-0'], generation });

  it.each([
    ['one claim', { a: claim(3) }, 'a', null, []],
    ['a claim without generation', { a: claim(-1) }, 'a', null, []],
    ['the highest generation', { a: claim(3), b: claim(5), c: claim(4) }, 'b', 'c', []],
    ['nobody at equal generations', { a: claim(5), b: claim(5), c: claim(4) }, null, 'c', ['t-0']],
    [
      'nobody, and nobody before',
      { a: claim(5), b: claim(5), c: claim(4), d: claim(4) },
      null,
      null,
      ['t-0'],
    ],
    ['the later highest after a dispute', { a: claim(5), b: claim(5), c: claim(6) }, 'c', null, []],
    ['nobody where the claimant unsubscribed', { a: claim(5, ['u']), b: claim(4) }, null, 'b', []],
    ['previous owner only while subscribed', { a: claim(5), b: claim(4, ['u']) }, 'a', null, []],
  ] as const)('%s', (_, members, owner, previous, conflicts) => {
    const expected = { owner, previous, conflicts: [...conflicts] };
    expect(owners(members)).toEqual(expected);
    const ids = Object.keys(members);
    const renamed = Object.fromEntries(
      Object.entries(members).map(([id, spec], i) => [`${ids.length - i}${id}`, spec]),
    );
    const strip = (id: string | null) => id?.slice(1) ?? null;
    const reversed = owners(renamed);
    expect({ ...reversed, owner: strip(reversed.owner), previous: strip(reversed.previous) }).toEqual(
      expected,
    );
  });
});
