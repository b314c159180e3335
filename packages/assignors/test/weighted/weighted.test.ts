/** `weighted`: what it is asked for, what members send, and what nobody can have meant. */
import {
  type AssignmentPlan,
  ByteWriter,
  buildProblem,
  encodeSubscription,
  KohortError,
  systemClock,
  validatePlan,
} from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { type WeightedOptions, weighted } from '../../src/index.ts';

const own = { topics: ['b', 'a'], generationId: 1, owned: [] };
const write = (options: WeightedOptions) => weighted(options).userData?.write(own) ?? new Uint8Array();
const read = (bytes: Uint8Array) => weighted().userData?.read(bytes);

const topic = (name: string, size: number) => ({
  errorCode: 0,
  name,
  internal: false,
  partitions: Array.from({ length: size }, (_, partition) => ({
    partition,
    errorCode: 0,
    leader: 0,
    leaderEpoch: 0,
    replicas: [0],
  })),
});

/** Numbers of partitions of a and b that members with this user data get. */
function shared(userData: readonly (Uint8Array | null)[], sizes: readonly [number, number]): number[][] {
  const joined = userData.map((bytes, m) => ({
    memberId: `m${m}`,
    metadata: encodeSubscription({ ...own, userData: bytes, rackId: null }),
  }));
  const cluster = { brokers: [], topics: [topic('a', sizes[0]), topic('b', sizes[1])] };
  const { problem } = buildProblem(joined, cluster, weighted().userData);
  const { signal } = new AbortController();
  const clock = { ...systemClock, monotonic: () => 0 };
  const plan = weighted().assign(problem, { signal, deadlineMs: 1_000, clock }) as AssignmentPlan;
  expect(validatePlan(problem, plan)).toEqual([]);
  return plan.partitions.map((flatIds) =>
    [0, 1].map((t) => flatIds.filter((flatId) => problem.topicOf(flatId) === t).length),
  );
}

describe('options', () => {
  it.each([
    [{ capacity: 0 }, 'weighted: capacity is 0; accepted is a number from 1e-6 to 1e6.'],
    [{ capacity: Number.NaN }, 'capacity is NaN'],
    [{ capacity: -1 }, 'capacity is -1'],
    [{ capacity: Number.POSITIVE_INFINITY }, 'capacity is Infinity'],
    [{ tolerance: -0.1 }, 'weighted: tolerance is -0.1; accepted is a number from 0 to 1.'],
    [{ tolerance: Number.NaN }, 'tolerance is NaN'],
  ])('%o is refused', (options, message) => {
    expect(() => weighted(options)).toThrow(KohortError);
    expect(() => weighted(options)).toThrow(message);
  });
});

describe('weightOf', () => {
  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, Promise.resolve(1), '3', undefined])(
    'that gives %s sends nothing',
    (weight) => {
      expect(() => write({ weightOf: () => weight as number })).toThrow(
        `weightOf gives ${String(weight)} for a; accepted is a finite number from 0`,
      );
    },
  );

  it('that throws is heard', () => {
    const weightOf = () => {
      throw new Error('no figures yet');
    };
    expect(() => write({ weightOf })).toThrow('no figures yet');
  });

  it('may waver in the third digit', () => {
    expect(write({ weightOf: () => 12_345 })).toEqual(write({ weightOf: () => 12_201 }));
    expect(write({ weightOf: () => 12_345 })).not.toEqual(write({ weightOf: () => 13_345 }));
  });
});

describe('what members send', () => {
  it('is read back', () => {
    const weightOf = (name: string) => (name === 'a' ? 5 : 0.25);
    const weights = new Map([
      ['a', 5],
      ['b', 0.25],
    ]);
    expect(read(write({ capacity: 3, weightOf }))).toEqual({ capacity: 3, weights });
    expect(read(Uint8Array.from([...write({ capacity: 3, weightOf }), 1, 2]))).toEqual({
      capacity: 3,
      weights,
    });
  });

  const bytes = (version: number, capacity: number, weight: number) =>
    new ByteWriter()
      .int16(version)
      .float64(capacity)
      .array([weight], (element, value) => element.string('a').float64(value))
      .finish();
  it.each([
    ['an earlier version than the first', bytes(-1, 1, 1)],
    ['no capacity', bytes(0, 0, 1)],
    ['a capacity that is no number', bytes(0, Number.NaN, 1)],
    ['a capacity without end', bytes(0, Number.POSITIVE_INFINITY, 1)],
    ['a negative weight', bytes(0, 1, -1)],
    ['a weight that is no number', bytes(0, 1, Number.NaN)],
    ['four bytes', Uint8Array.of(0, 0, 0, 4)],
    ['nothing', new Uint8Array()],
  ])('counts as nothing where it has %s', (_, bad) => {
    expect(() => read(bad)).toThrow();
    expect(shared([bad, write({})], [4, 4])).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });
});

describe('plans', () => {
  it('share out in proportion to capacity', () => {
    const [small = [], large = []] = shared([write({ capacity: 1 }), write({ capacity: 3 })], [20, 20]);
    expect([small, large].map(([a = 0, b = 0]) => a + b)).toEqual([10, 30]);
  });

  it('weigh partitions, not count them', () => {
    const weightOf = (name: string) => (name === 'a' ? 9 : 1);
    expect(shared([write({ weightOf }), write({ weightOf })], [1, 9])).toEqual([
      [1, 0],
      [0, 9],
    ]);
  });

  it('spread what weighs nothing', () => {
    const loads = shared([write({ weightOf: () => 0 }), write({ weightOf: () => 0 })], [6, 6]);
    expect(loads.map(([a = 0, b = 0]) => a + b)).toEqual([6, 6]);
    const idle = (name: string) => (name === 'a' ? 1_000 : 0);
    const [first = [], second = []] = shared([write({ weightOf: idle }), write({ weightOf: idle })], [2, 40]);
    expect([first[1], second[1]]).toEqual([20, 20]);
  });

  it('take the highest weight where members differ, as while a configuration is changed', () => {
    const heavy = write({ weightOf: (name) => (name === 'a' ? 9 : 1) });
    expect(shared([heavy, write({})], [1, 9])).toEqual([
      [1, 0],
      [0, 9],
    ]);
  });

  it('survive weights that differ beyond all measure', () => {
    const weightOf = (name: string) => (name === 'a' ? Number.MAX_VALUE : Number.MIN_VALUE);
    const loads = shared([write({ weightOf }), write({ weightOf })], [2, 2]);
    expect(loads.map(([a]) => a)).toEqual([1, 1]);
  });
});
