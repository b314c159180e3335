/** Empty groups, huge groups, and long computations that pause, stop and give up. */
import type { AssignmentPlan, AssignmentProblem, Assignor, Clock } from '@kohort/core/spi';
import { validatePlan } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { cooperativeSticky, sticky } from '../../src/index.ts';
import { planNow, planOf, problemFor, type StickyGroup } from './group-spec.ts';

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i.toString().padStart(5, '0')}`);

describe.each([sticky(), cooperativeSticky(), cooperativeSticky({ racks: 'replicas' })])(
  '$name',
  (assignor) => {
    it.each<[string, StickyGroup, Record<string, string[]>]>([
      ['nobody', { members: [], topics: [] }, {}],
      ['nobody but topics', { members: [], topics: [{ name: 'a', partitions: 3 }] }, {}],
      ['a member without topics', { members: [{ id: 'm', topics: [] }], topics: [] }, { m: [] }],
      [
        'a topic that vanished',
        { members: [{ id: 'm', topics: ['a'], owned: ['a-0'], generation: 1 }], topics: [] },
        { m: [] },
      ],
      [
        'a topic without partitions',
        { members: [{ id: 'm', topics: ['a'] }], topics: [{ name: 'a', partitions: 0 }] },
        { m: [] },
      ],
      [
        'fewer partitions than members',
        {
          members: ['x', 'y', 'z'].map((id) => ({ id, topics: ['a'] })),
          topics: [{ name: 'a', partitions: 1 }],
        },
        { x: ['a-0'], y: [], z: [] },
      ],
      [
        'members beside one without topics',
        {
          members: [
            { id: 'x', topics: [] },
            { id: 'y', topics: ['a'] },
          ],
          topics: [{ name: 'a', partitions: 2 }],
        },
        { x: [], y: ['a-0', 'a-1'] },
      ],
    ])('%s', (_, group, expected) => {
      expect(planOf(assignor, group)).toEqual(expected);
    });

    it('10,000 members, most of them with one topic of their own choice', () => {
      const topics = numbered('t', 400);
      const group: StickyGroup = {
        topics: topics.map((name) => ({ name, partitions: 40, racks: [] })),
        members: numbered('m', 10_000).map((id, m) => ({
          id,
          topics: m % 50 === 0 ? topics.slice(0, 40) : [topics[m % 400] ?? ''],
        })),
      };
      const problem = problemFor(assignor, group);
      const plan = planNow(assignor, problem);
      expect(validatePlan(problem, plan)).toEqual([]);
      expect(Math.max(...plan.partitions.map(({ length }) => length))).toBe(2);
    });
  },
);

/** Time that passes whenever somebody looks at it; timers fire in the next turn. */
function hastyClock(stepMs: number): Clock & { pauses: number } {
  let now = 0;
  return {
    pauses: 0,
    monotonic: () => {
      now += stepMs;
      return now;
    },
    wall: () => now,
    setTimer(callback) {
      this.pauses++;
      const handle = setImmediate(callback);
      return { cancel: () => clearImmediate(handle) };
    },
  };
}

/** Members with two topics each, in a ring: needs chains and round trips. */
function ring(size: number): StickyGroup {
  const topics = numbered('t', size);
  return {
    topics: topics.map((name, i) => ({ name, partitions: 1 + (i % 4) })),
    members: numbered('m', size).map((id, m) => ({
      id,
      topics: [topics[m] ?? '', topics[(m + 1) % size] ?? ''],
      owned: m % 3 === 0 ? [`${topics[(m + 1) % size]}-0`] : [],
      generation: 1,
    })),
  };
}

function start(
  assignor: Assignor,
  problem: AssignmentProblem,
  clock: Clock,
  signal: AbortSignal,
  deadlineMs = 1e9,
) {
  return assignor.assign(problem, { signal, deadlineMs, clock });
}

describe('a computation that takes long', () => {
  const assignor = cooperativeSticky();
  const problem = problemFor(assignor, ring(60));
  const { signal } = new AbortController();

  it('pauses between its slices and comes to the plan of one slice', async () => {
    const clock = hastyClock(1);
    const plan = start(assignor, problem, clock, signal);
    expect(plan).toBeInstanceOf(Promise);
    expect((await plan).partitions).toEqual(planNow(assignor, problem).partitions);
    expect(clock.pauses).toBeGreaterThan(5);
  });

  it('is answered at once where it takes one slice, in real time too', () => {
    const small = problemFor(assignor, {
      topics: [{ name: 'a', partitions: 2 }],
      members: [{ id: 'm', topics: ['a'] }],
    });
    const plan = assignor.assign(small, { signal, deadlineMs: 10_000 }) as AssignmentPlan;
    expect(plan.partitions).toEqual([Int32Array.of(0, 1)]);
  });

  it('stops when the plan is not wanted any more', async () => {
    const controller = new AbortController();
    const clock = hastyClock(5);
    const plan = start(assignor, problem, clock, controller.signal);
    controller.abort(new Error('overtaken'));
    await expect(plan).rejects.toThrow('overtaken');
    expect(clock.pauses).toBe(1);
    expect(() => start(assignor, problem, clock, controller.signal)).toThrow('overtaken');
  });

  it('gives up at the deadline', async () => {
    await expect(start(assignor, problem, hastyClock(1), signal, 100)).rejects.toThrow(
      'no plan within 100 ms',
    );
    expect(() => start(assignor, problem, hastyClock(1), signal, 5)).toThrow('no plan within 5 ms');
  });
});
