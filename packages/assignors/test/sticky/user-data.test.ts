/** User data on the wire: equal to Java's, read in every form that clients send, and hostile bytes refused. */
import { ByteWriter, buildProblem, encodeSubscription, type OwnedPartitions } from '@kohort/core/spi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cooperativeSticky, sticky } from '../../src/index.ts';
import { planNow, planOf, readable } from './group-spec.ts';

const owned = (...names: string[]) =>
  names.map((name) => ({ topic: name.slice(0, -1), partition: Number(name.slice(-1)) }));
const own = (generationId: number, ...names: string[]): OwnedPartitions => ({
  topics: ['a', 'b'],
  generationId,
  owned: owned(...names),
});
const hex = (bytes: Uint8Array | null | undefined) => (bytes ? Buffer.from(bytes).toString('hex') : bytes);
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

// {b: [0, 2], a: [1]} in version 0, and the generation 7 that version 1 adds.
const V0 = '00000002 0001 61 00000001 00000001 0001 62 00000002 00000000 00000002';
const V1 = `${V0} 00000007`;
const READ = [
  { topic: 'a', partitions: [1] },
  { topic: 'b', partitions: [0, 2] },
];

describe('sticky', () => {
  const { write, read } = sticky().userData ?? {};

  it('writes topics, partitions and generation, in order, as version 1 of Java', () => {
    expect(hex(write?.(own(7, 'b2', 'a1', 'b0')))).toBe(V1.replaceAll(' ', ''));
    expect(hex(write?.(own(7, 'a1', 'b0', 'b2')))).toBe(V1.replaceAll(' ', ''));
  });

  it('writes an empty list once a generation gave nothing, and null before any', () => {
    expect(hex(write?.(own(3)))).toBe('0000000000000003');
    expect(write?.(own(-1))).toBeNull();
  });

  it.each([
    ['version 1', V1, { owned: READ, generationId: 7 }],
    ['version 0', V0, { owned: READ, generationId: -1 }],
    ['a generation alone', '00000007', { owned: [], generationId: 7 }],
    ['version 1 with something newer behind', `${V1} ffff`, { owned: READ, generationId: 7 }],
    ['an empty list of version 1', '00000000 00000004', { owned: [], generationId: 4 }],
  ])('reads %s', (_, text, expected) => {
    expect(read?.(bytes(text))).toEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['a rack (kafka-go)', Buffer.from('eu-central-1a').toString('hex')],
    ['a count beyond the bytes', '7fffffff 00'],
    ['a count of partitions beyond the bytes', '00000001 0001 61 7fffffff 00000000'],
    ['a negative count', 'ffffffff 00000000'],
    ['a name that ends early', '00000001 0009 61 00000000'],
  ])('refuses %s', (_, text) => {
    expect(() => read?.(bytes(text))).toThrow();
  });

  it('survives any bytes, as one without claims', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (userData) => {
        const metadata = encodeSubscription({
          topics: ['a'],
          userData,
          owned: [],
          generationId: 1,
          rackId: null,
        });
        const assignor = sticky();
        const cluster = { brokers: [], topics: [topicOf('a', 5)] };
        const { problem } = buildProblem([{ memberId: 'm', metadata }], cluster, assignor.userData);
        expect(planNow(assignor, problem).partitions[0]?.length).toBe(5);
      }),
    );
  });

  it('takes claims from user data alone, whatever the subscription owns', () => {
    const assignor = sticky();
    const member = (memberId: string, userData: Uint8Array | null, claims: string[]) => ({
      memberId,
      metadata: encodeSubscription({
        topics: ['a'],
        userData,
        owned: owned(...claims),
        generationId: 9,
        rackId: null,
      }),
    });
    const members = [
      member('A', assignor.userData?.write(own(1, 'a1')) ?? null, ['a0']),
      member('B', assignor.userData?.write(own(1, 'a0')) ?? null, ['a1']),
    ];
    const { problem } = buildProblem(members, { brokers: [], topics: [topicOf('a', 2)] }, assignor.userData);
    expect(readable(problem, planNow(assignor, problem))).toEqual({ A: ['a-1'], B: ['a-0'] });
  });

  it('leaves out claims that are negative, out of range, doubled, or of unknown topics (A5)', () => {
    const assignor = sticky();
    const writer = new ByteWriter();
    const claims: [string, number[]][] = [
      ['a', [-1, 2, 2, 99, 2147483647, -2147483648]],
      ['gone', [0]],
      ['a', [2]],
      ['__proto__', [0]],
    ];
    writer.array(claims, (element, [topic, partitions]) => {
      element.string(topic).array(partitions, (number, partition) => number.int32(partition));
    });
    const userData = writer.int32(1).finish();
    const metadata = encodeSubscription({
      topics: ['a'],
      userData,
      owned: [],
      generationId: -1,
      rackId: null,
    });
    const other = encodeSubscription({
      topics: ['a'],
      userData: null,
      owned: [],
      generationId: -1,
      rackId: null,
    });
    const joined = [
      { memberId: 'B', metadata },
      { memberId: 'B', metadata: other },
      { memberId: 'A', metadata: other },
    ];
    const { problem } = buildProblem(joined, { brokers: [], topics: [topicOf('a', 3)] }, assignor.userData);
    expect(readable(problem, planNow(assignor, problem))).toEqual({ A: ['a-0'], B: ['a-1', 'a-2'] });
  });
});

describe('a claim beyond the partitions of a topic', () => {
  it('is none of the next topic', () => {
    const plan = planOf(sticky(), {
      topics: [
        { name: 'a', partitions: 3 },
        { name: 'b', partitions: 2 },
      ],
      members: [
        { id: 'A', topics: ['a', 'b'] },
        { id: 'B', topics: ['a', 'b'], owned: ['a-4'], generation: 1 },
      ],
    });
    expect(plan).toEqual({ A: ['a-0', 'a-2', 'b-1'], B: ['a-1', 'b-0'] });
  });
});

describe('cooperativeSticky', () => {
  const assignor = cooperativeSticky();

  it('writes the generation alone', () => {
    expect(hex(assignor.userData?.write(own(7, 'a1')))).toBe('00000007');
    expect(hex(assignor.userData?.write(own(-1)))).toBe('ffffffff');
  });

  it.each([
    ['as it writes it itself', '00000005'],
    ['as franz-go has it, behind the list of what is owned', `${V0} 00000005`],
  ])('takes a generation that the subscription lacks from the user data, %s', (_, text) => {
    const subscription = (generation: number, version: number, userData: Uint8Array | null) =>
      encodeSubscription(
        { topics: ['a'], userData, owned: owned('a0'), generationId: generation, rackId: null },
        version,
      );
    const joined = [
      { memberId: 'new', metadata: subscription(4, 3, bytes('00000009')) },
      { memberId: 'old', metadata: subscription(-1, 1, bytes(text)) },
      { memberId: 'unknown', metadata: subscription(-1, 1, null) },
    ];
    const { problem } = buildProblem(joined, { brokers: [], topics: [topicOf('a', 1)] }, assignor.userData);
    expect(readable(problem, planNow(assignor, problem))).toEqual({ new: [], old: ['a-0'], unknown: [] });
  });

  it('takes subscriptions that say nothing of what is owned (franz-go #493)', () => {
    const metadata = bytes('0001 00000001 0001 61 ffffffff');
    const { problem } = buildProblem([{ memberId: 'm', metadata }], {
      brokers: [],
      topics: [topicOf('a', 2)],
    });
    expect(readable(problem, planNow(assignor, problem))).toEqual({ m: ['a-0', 'a-1'] });
  });

  it('takes user data that another reader has read', () => {
    const metadata = encodeSubscription(
      { topics: ['a'], userData: bytes('00'), owned: owned('a0'), generationId: -1, rackId: null },
      1,
    );
    const reader = { write: () => null, read: () => 'odd' };
    const joined = [{ memberId: 'm', metadata }];
    const { problem } = buildProblem(joined, { brokers: [], topics: [topicOf('a', 1)] }, reader);
    expect(readable(problem, planNow(assignor, problem))).toEqual({ m: ['a-0'] });
  });
});

function topicOf(name: string, count: number) {
  const partitions = Array.from({ length: count }, (_, partition) => ({
    partition,
    errorCode: 0,
    leader: 0,
    leaderEpoch: 0,
    replicas: [0],
  }));
  return { errorCode: 0, name, internal: false, partitions };
}
