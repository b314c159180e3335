/** What members and clusters may bring to a leader, whichever assignor the group has: everybody gets a lawful plan. */
import { cooperativeSticky, range, roundRobin, sticky, weighted } from '@kohort/assignors';
import {
  type Assignor,
  ByteWriter,
  decodeAssignment,
  encodeSubscription,
  type JoinedMember,
  type PlannedAssignments,
  planAssignments,
  systemClock,
  type TopicMetadata,
  type TopicPartition,
} from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';

interface Claims {
  readonly owned?: readonly TopicPartition[];
  readonly generationId?: number;
  readonly userData?: Uint8Array;
}

function member(memberId: string, topics: readonly string[], claims: Claims = {}): JoinedMember {
  const { owned = [], generationId = -1, userData = null } = claims;
  return { memberId, metadata: encodeSubscription({ topics, userData, owned, generationId, rackId: null }) };
}

const partitionsOf = (topic: string, count: number) =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }));

const topic = (name: string, count: number): TopicMetadata => ({
  errorCode: 0,
  name,
  internal: false,
  partitions: partitionsOf(name, count).map(({ partition }) => ({
    partition,
    errorCode: 0,
    leader: 0,
    leaderEpoch: 0,
    replicas: [0],
  })),
});

function plan(assignor: Assignor, members: readonly JoinedMember[], topics: readonly TopicMetadata[]) {
  return planAssignments({
    members,
    cluster: { brokers: [], topics },
    assignor,
    protocol: 'eager',
    clock: systemClock,
    deadlineMs: 20_000,
    signal: new AbortController().signal,
  });
}

/** Number of partitions of each member; fails where one is given twice. */
function loads({ assignments, report }: PlannedAssignments): Record<string, number> {
  expect(report.degraded).toBe(false);
  const given = new Set<string>();
  return Object.fromEntries(
    assignments.map(({ memberId, assignment }) => {
      const own = decodeAssignment(assignment).topics.flatMap(({ topic: name, partitions }) =>
        partitions.map((partition) => JSON.stringify([name, partition])),
      );
      for (const one of own) {
        expect(given.has(one)).toBe(false);
        given.add(one);
      }
      return [memberId, own.length];
    }),
  );
}

const total = (byMember: Readonly<Record<string, number>>) =>
  Object.values(byMember).reduce((a, b) => a + b, 0);

describe.each(
  [roundRobin, range, sticky, cooperativeSticky, weighted].map((make) => [make().name, make] as const),
)('%s', (_, make) => {
  it('metadata that does not decode: that member gets nothing, and is named', async () => {
    const broken = { memberId: 'x', metadata: Uint8Array.of(0, 3, 0x7f, 0xff, 0xff, 0xff, 1) };
    const planned = await plan(make(), [broken, member('a', ['t']), member('b', ['t'])], [topic('t', 4)]);
    expect(loads(planned)).toEqual({ a: 2, b: 2, x: 0 });
    expect(planned.report.rejections).toMatchObject([{ source: 'member', offender: 'x' }]);
  });

  it('lies about ownership: of what others have, twice the same, and of what there is not', async () => {
    const all = partitionsOf('t', 6);
    const userData = new ByteWriter()
      .array(['t'], (w) => w.string('t').array([-1, 0, 0, 5, 99], (x, partition) => x.int32(partition)))
      .int32(2 ** 31 - 1)
      .finish();
    const foreign = [...all, ...partitionsOf('other', 3), { topic: 't', partition: 2 ** 31 - 1 }];
    const members = [
      member('a', ['t'], { owned: all, generationId: 3 }),
      member('b', ['t'], { owned: foreign, generationId: 3, userData }),
      member('c', ['t', 'u'], { owned: foreign, generationId: 2 ** 31 - 1, userData }),
    ];
    const planned = await plan(make(), members, [topic('t', 6), topic('u', 1)]);
    expect(total(loads(planned))).toBe(7);
  });

  it('metadata of a megabyte: user data, topics, and claims', async () => {
    const names = Array.from({ length: 40_000 }, (_name, i) => `some-topic-name-${i}`);
    const members = [
      member('data', ['t'], { userData: new Uint8Array(1_100_000).fill(1) }),
      member('topics', ['t', ...names]),
      member('claims', ['t'], { owned: partitionsOf('t', 260_000), generationId: 1 }),
    ];
    for (const { metadata } of members) expect(metadata.length).toBeGreaterThan(600_000);
    const planned = await plan(make(), members, [topic('t', 6)]);
    expect(total(loads(planned))).toBe(6);
    expect(planned.report.topicsWithoutMetadata.length).toBe(40_000);
  });

  it('names that JavaScript objects have', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const members = names.map((name) =>
      member(name, names, { owned: partitionsOf(name, 1), generationId: 1 }),
    );
    const planned = await plan(
      make(),
      members,
      names.map((name) => topic(name, 2)),
    );
    expect(planned.assignments.map(({ memberId }) => memberId)).toEqual([...names].sort());
    expect(total(Object.fromEntries(Object.entries(loads(planned))))).toBe(8);
  });

  it('topics that vanished, while members still claim them', async () => {
    const owned = partitionsOf('gone', 3);
    const members = [member('a', ['gone', 't'], { owned, generationId: 1 }), member('b', ['gone'])];
    const planned = await plan(make(), members, [topic('t', 2)]);
    expect(loads(planned)).toEqual({ a: 2, b: 0 });
    expect(planned.report.topicsWithoutMetadata).toEqual(['gone']);
    expect(loads(await plan(make(), members, []))).toEqual({ a: 0, b: 0 });
  });

  it('zero members, zero partitions, and one member without a topic', async () => {
    expect(loads(await plan(make(), [], [topic('t', 2)]))).toEqual({});
    expect(loads(await plan(make(), [member('a', ['t'])], [topic('t', 0)]))).toEqual({ a: 0 });
    expect(loads(await plan(make(), [member('a', [])], [topic('t', 2)]))).toEqual({ a: 0 });
    expect(loads(await plan(make(), [member('a', []), member('b', ['t'])], [topic('t', 2)]))).toEqual({
      a: 0,
      b: 2,
    });
  });

  it('10,000 members', async () => {
    const ids = Array.from({ length: 10_000 }, (_id, m) => `m${m}`);
    const planned = await plan(
      make(),
      ids.map((id, m) => member(id, m % 3 === 0 ? ['t', 'u'] : ['t'])),
      [topic('t', 9_000), topic('u', 500)],
    );
    const byMember = loads(planned);
    expect(Object.keys(byMember).length).toBe(10_000);
    expect(total(byMember)).toBe(9_500);
  });
});
