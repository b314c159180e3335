/** Plans: building, validation with named violations, cooperative deferral, and the fallback. */
import { describe, expect, it } from 'vitest';
import { deferMoves } from '../../src/assignment/deferral.ts';
import { encodePlan } from '../../src/assignment/encode-plan.ts';
import { fallbackSteps } from '../../src/assignment/fallback-plan.ts';
import { planBuilder } from '../../src/assignment/plan-builder.ts';
import { runToEnd } from '../../src/assignment/steps.ts';
import { validatePlan } from '../../src/assignment/validate-plan.ts';
import type { AssignmentPlan } from '../../src/contracts/assignor.ts';
import { decodeAssignment } from '../../src/wire/assignment.ts';
import { flat, names, planOf, problemOf, readable } from './group.ts';

const problem = problemOf({ a: { topics: ['t', 'u'] }, b: { topics: ['t'] } }, [
  ['t', 2],
  ['u', 1],
]);

describe('planBuilder', () => {
  it('collects', () => {
    const builder = planBuilder(problem);
    builder.give(0, 2);
    builder.give(1, 1);
    builder.give(0, 0);
    expect(readable(problem, builder.build())).toEqual({ a: ['t-0', 'u-0'], b: ['t-1'] });
  });

  it('takes what is given again and again, in order: finding it is for the validation', () => {
    const builder = planBuilder(problem);
    for (let round = 0; round < 4; round++) for (const flatId of [2, 0, 1]) builder.give(1, flatId);
    expect(builder.build().partitions).toEqual([
      Int32Array.of(),
      Int32Array.of(2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1),
    ]);
  });

  it.each([
    [2, 0],
    [-1, 0],
    [0.5, 0],
    [0, 3],
    [0, -1],
    [0, 1.5],
    [0, Number.NaN],
  ])('refuses member %d, partition %d', (index, flatId) => {
    expect(() => planBuilder(problem).give(index, flatId)).toThrow(RangeError);
  });
});

describe('validatePlan', () => {
  const lawful = planOf(problem, { a: ['t-0', 'u-0'], b: ['t-1'] });

  it('accepts a lawful plan', () => {
    expect(validatePlan(problem, lawful)).toEqual([]);
    expect(validatePlan(problem, { ...lawful, userData: [null, Uint8Array.of(1)] })).toEqual([]);
  });

  it('names what nobody got', () => {
    expect(validatePlan(problem, planOf(problem, { a: ['u-0'] }))).toEqual([
      { kind: 'not-assigned', count: 2, topicPartition: { topic: 't', partition: 0 } },
    ]);
  });

  it('names what two got, and what one got twice', () => {
    expect(validatePlan(problem, planOf(problem, { a: ['t-0', 'u-0'], b: ['t-0', 't-1'] }))).toEqual([
      { kind: 'assigned-twice', count: 1, memberId: 'b', topicPartition: { topic: 't', partition: 0 } },
    ]);
    expect(validatePlan(problem, planOf(problem, { a: ['u-0', 'u-0'], b: ['t-0', 't-1'] }))).toMatchObject([
      { kind: 'assigned-twice', count: 1, memberId: 'a' },
    ]);
  });

  it('names what a member does not subscribe to', () => {
    expect(validatePlan(problem, planOf(problem, { a: ['t-0'], b: ['t-1', 'u-0'] }))).toEqual([
      { kind: 'not-subscribed', count: 1, memberId: 'b', topicPartition: { topic: 'u', partition: 0 } },
    ]);
  });

  it('names partitions that do not exist', () => {
    const partitions = [Int32Array.of(0, 2, 3, -4), Int32Array.of(1)];
    expect(validatePlan(problem, { partitions })).toEqual([
      { kind: 'unknown-partition', count: 2, memberId: 'a', detail: 'flat id 3 of 3' },
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['no partitions', {}],
    ['too few entries', { partitions: [Int32Array.of(0, 1, 2)] }],
    ['too many entries', { partitions: [new Int32Array(), new Int32Array(), new Int32Array()] }],
    ['plain arrays', { partitions: [[0, 2], [1]] }],
    ['user data of another length', { ...lawful, userData: [null] }],
    ['user data that is not bytes', { ...lawful, userData: [null, 'x'] }],
  ])('calls %s malformed', (_, plan) => {
    expect(validatePlan(problem, plan as AssignmentPlan)).toMatchObject([{ kind: 'malformed', count: 1 }]);
  });
});

describe('deferMoves', () => {
  function deferred(members: Parameters<typeof problemOf>[0], plan: Record<string, string[]>) {
    const group = problemOf(members, [['t', 3]]);
    const result = deferMoves(group, planOf(group, plan));
    return { plan: readable(group, result.plan), deferred: names(group, result.deferred) };
  }
  const owns = (generation: number, ...owned: string[]) => ({ topics: ['t'], owned, generation });

  it('holds back what moves, and gives what is kept or free', () => {
    expect(deferred({ a: owns(4, 't-0', 't-1'), b: owns(4) }, { a: ['t-0'], b: ['t-1', 't-2'] })).toEqual({
      plan: { a: ['t-0'], b: ['t-2'] },
      deferred: ['t-1'],
    });
  });

  it('takes a stale claim seriously: the stale claimant does not get it at once', () => {
    expect(deferred({ a: owns(1, 't-0'), b: owns(2, 't-0') }, { a: ['t-0', 't-1'], b: ['t-2'] })).toEqual({
      plan: { a: ['t-1'], b: ['t-2'] },
      deferred: ['t-0'],
    });
  });

  it('leaves a partition with the claimant of the highest generation', () => {
    expect(deferred({ a: owns(1, 't-0'), b: owns(2, 't-0') }, { a: ['t-1', 't-2'], b: ['t-0'] })).toEqual({
      plan: { a: ['t-1', 't-2'], b: ['t-0'] },
      deferred: [],
    });
  });

  it('gives a disputed partition to nobody, neither to a claimant nor to a third', () => {
    const members = { a: owns(2, 't-0'), b: owns(2, 't-0'), c: owns(2) };
    for (const winner of ['a', 'b', 'c']) {
      const plan = { a: ['t-1'], b: ['t-2'], c: [] as string[] };
      const with0 = { ...plan, [winner]: [...plan[winner as 'a' | 'b' | 'c'], 't-0'] };
      expect(deferred(members, with0)).toEqual({ plan, deferred: ['t-0'] });
    }
  });

  it('holds back what an unsubscribed member still owns', () => {
    const group = problemOf({ a: { topics: ['u'], owned: ['t-0'], generation: 3 }, b: { topics: ['t'] } }, [
      ['t', 1],
      ['u', 1],
    ]);
    const result = deferMoves(group, planOf(group, { a: ['u-0'], b: ['t-0'] }));
    expect(readable(group, result.plan)).toEqual({ a: ['u-0'], b: [] });
  });

  it('is settled in the next round', () => {
    const next = { a: owns(5, 't-0'), b: owns(5, 't-2') };
    expect(deferred(next, { a: ['t-0'], b: ['t-1', 't-2'] }).deferred).toEqual([]);
  });
});

describe('the fallback', () => {
  it('keeps valid claims and deals the rest in turn', () => {
    const group = problemOf(
      {
        a: { topics: ['t'], owned: ['t-3', 't-4'], generation: 2 },
        b: { topics: ['t'], owned: ['t-4', 't-5'], generation: 1 },
        c: { topics: ['t', 'u'], instance: 'i' },
        d: { topics: ['u'], owned: ['t-0'], generation: 2 },
      },
      [
        ['t', 6],
        ['u', 1],
      ],
    );
    const plan = runToEnd(fallbackSteps(group));
    expect(validatePlan(group, plan)).toEqual([]);
    expect(readable(group, plan)).toEqual({
      a: ['t-1', 't-3', 't-4'],
      b: ['t-2', 't-5'],
      c: ['t-0'],
      d: ['u-0'],
    });
  });
});

describe('encodePlan', () => {
  it('writes an entry for everybody, in order, in a version that the member reads', () => {
    const group = problemOf({ a: { topics: ['t', 'u'] }, b: { topics: [] }, c: { topics: ['t'] } }, [
      ['t', 11],
      ['u', 1],
    ]);
    const flats = (...list: string[]) => Int32Array.from(list, (name) => flat(group, name));
    const partitions = [flats('u-0', 't-10', 't-2'), flats(), flats('t-3')];
    const plan = { partitions, userData: [null, Uint8Array.of(9), null] };
    const encoded = runToEnd(encodePlan(group, plan, [9, 0, 1]));
    expect(encoded.map(({ memberId, assignment }) => [memberId, decodeAssignment(assignment)])).toEqual([
      [
        'a',
        {
          version: 3,
          topics: [
            { topic: 't', partitions: [2, 10] },
            { topic: 'u', partitions: [0] },
          ],
          userData: null,
          absent: false,
        },
      ],
      ['b', { version: 0, topics: [], userData: Uint8Array.of(9), absent: false }],
      ['c', { version: 1, topics: [{ topic: 't', partitions: [3] }], userData: null, absent: false }],
    ]);
  });
});
