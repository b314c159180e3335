/** The leader's duty: bytes for everybody, whatever the assignor does. */
import { describe, expect, it } from 'vitest';
import { defineAssignor } from '../../src/assignment/define-assignor.ts';
import { planBuilder } from '../../src/assignment/plan-builder.ts';
import type { AssignmentFunction, Assignor } from '../../src/contracts/assignor.ts';
import type { Clock } from '../../src/contracts/clock.ts';
import type { JoinedMember } from '../../src/contracts/transport.ts';
import { functionAssignor } from '../../src/runtime/function-assignor.ts';
import {
  type PlannedAssignments,
  type PlanRequest,
  planAssignments,
} from '../../src/runtime/plan-assignments.ts';
import { roundRobin } from '../../src/runtime/round-robin.ts';
import { decodeAssignment } from '../../src/wire/assignment.ts';
import { flattenTopics } from '../../src/wire/topic-partitions.ts';
import { cluster, member } from './group.ts';

/** A clock that stands still until it is told to ring. */
function handClock() {
  let now = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  const clock: Clock = {
    monotonic: () => now,
    wall: () => now,
    setTimer(callback, delayMs) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
  };
  return {
    clock,
    pending: () => timers.size,
    advance(ms: number) {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

const members: readonly JoinedMember[] = [
  member('b', { topics: ['t'], owned: ['t-0', 't-1', 't-2'], generation: 3 }),
  member('a', { topics: ['t'], version: 1 }),
];

function request(assignor: Assignor, part: Partial<PlanRequest> = {}): PlanRequest {
  return {
    members,
    cluster: cluster([['t', 3]]),
    assignor,
    protocol: 'eager',
    clock: handClock().clock,
    deadlineMs: 500,
    signal: new AbortController().signal,
    ...part,
  };
}

function decoded({ assignments }: PlannedAssignments) {
  return assignments.map(({ memberId, assignment }) => [
    memberId,
    flattenTopics(decodeAssignment(assignment).topics).map(({ topic, partition }) => `${topic}-${partition}`),
  ]);
}

/** What a plugin without types may hand over. */
const untyped = (value: unknown) => value as never;

const broken = (assign: Assignor['assign']) =>
  defineAssignor({ name: 'broken', protocols: ['eager'], assign });

describe('planAssignments', () => {
  it('plans, encodes in versions that the members read, and reports', async () => {
    const planned = await planAssignments(
      request(roundRobin(), { members: [...members, member('c', { topics: ['gone'] })] }),
    );
    expect(decoded(planned)).toEqual([
      ['a', ['t-0', 't-2']],
      ['b', ['t-1']],
      ['c', []],
    ]);
    expect(planned.assignments.map(({ assignment }) => decodeAssignment(assignment).version)).toEqual([
      1, 3, 3,
    ]);
    expect(planned.report).toEqual({
      assignor: 'roundrobin',
      members: 3,
      partitions: 3,
      moved: 2,
      deferred: 0,
      durationMs: 0,
      degraded: false,
      rejections: [],
      issues: [],
      topicsWithoutMetadata: ['gone'],
    });
  });

  it('holds back under the cooperative protocol what has to be given up first', async () => {
    const planned = await planAssignments(request(roundRobin(), { protocol: 'cooperative' }));
    expect(decoded(planned)).toEqual([
      ['a', []],
      ['b', ['t-1']],
    ]);
    expect(planned.report.deferred).toBe(2);
  });

  it.each<[string, Assignor, RegExp]>([
    [
      'throws',
      broken(() => {
        throw new Error('boom');
      }),
      /^Error: boom$/,
    ],
    ['rejects', broken(() => Promise.reject(new TypeError('later'))), /^TypeError: later$/],
    [
      'throws something that is no error',
      broken(() => {
        throw 'text';
      }),
      /^text$/,
    ],
    ['answers with nothing', broken(() => untyped(undefined)), /^malformed \(1\)/],
    [
      'forgets partitions',
      broken((problem) => planBuilder(problem).build()),
      /^not-assigned \(3\), first t-0$/,
    ],
    [
      'assigns twice',
      broken((problem) => {
        const builder = planBuilder(problem);
        for (const flatId of [0, 1, 2, 2]) builder.give(1, flatId);
        return builder.build();
      }),
      /^assigned-twice \(1\), first t-2 at member b$/,
    ],
    ['is a function without a Map', functionAssignor(() => untyped({})), /Map/],
  ])('stands in for an assignor that %s', async (_, assignor, reason) => {
    const planned = await planAssignments(request(assignor));
    expect(decoded(planned)).toEqual([
      ['a', []],
      ['b', ['t-0', 't-1', 't-2']],
    ]);
    expect(planned.report.degraded).toBe(true);
    expect(planned.report.rejections).toEqual([
      { source: 'assignor', offender: assignor.name, reason: expect.stringMatching(reason) },
    ]);
  });

  it('stands in for an assignor that never answers, and aborts its signal', async () => {
    const hand = handClock();
    let signal: AbortSignal | undefined;
    const silent = broken((_, context) => {
      signal = context.signal;
      return new Promise(() => {});
    });
    const planning = planAssignments(request(silent, { clock: hand.clock }));
    hand.advance(499);
    expect(signal?.aborted).toBe(false);
    hand.advance(1);
    const { report } = await planning;
    expect(signal?.aborted).toBe(true);
    expect(report).toMatchObject({
      degraded: true,
      durationMs: 500,
      rejections: [{ reason: 'Error: no plan within 500 ms' }],
    });
    expect(hand.pending()).toBe(0);
  });

  it("tells the assignor the group's clock, to make pauses by", async () => {
    const hand = handClock();
    let clock: Clock | undefined;
    const curious = defineAssignor({
      name: 'curious',
      protocols: ['eager'],
      assign(problem, context) {
        clock = context.clock;
        return roundRobin().assign(problem, context);
      },
    });
    await planAssignments(request(curious, { clock: hand.clock }));
    expect(clock).toBe(hand.clock);
  });

  it('gives up when the plan is not wanted any more, before and while it is made', async () => {
    const controller = new AbortController();
    const hand = handClock();
    const silent = broken(() => new Promise(() => {}));
    const planning = planAssignments(request(silent, { signal: controller.signal, clock: hand.clock }));
    controller.abort();
    await expect(planning).rejects.toMatchObject({ code: 'KOHORT_ABORTED' });
    expect(hand.pending()).toBe(0);
    await expect(planAssignments(request(silent, { signal: controller.signal }))).rejects.toMatchObject({
      code: 'KOHORT_ABORTED',
    });
  });

  it('gives nothing to a member that cannot be read, and names it', async () => {
    const unreadable = { memberId: 'x', metadata: Uint8Array.of(0) };
    const planned = await planAssignments(request(roundRobin(), { members: [unreadable, ...members] }));
    expect(decoded(planned)).toContainEqual(['x', []]);
    expect(decoded(planned)).toContainEqual(['a', ['t-0', 't-2']]);
    expect(planned.report.degraded).toBe(false);
    expect(planned.report.rejections).toEqual([
      { source: 'member', offender: 'x', reason: expect.stringMatching(/^unreadable-metadata: /) },
    ]);
  });
});

describe('functionAssignor', () => {
  it.each<[string, AssignmentFunction]>([
    ['at once', (list, partitions) => new Map([[list[0]?.memberId ?? '', partitions]])],
    ['by a promise', async (list, partitions) => new Map([[list[0]?.memberId ?? '', partitions]])],
  ])('takes a function that answers %s', async (_, assign) => {
    const assignor = functionAssignor(assign);
    expect(assignor).toMatchObject({ name: 'custom', protocols: ['eager'] });
    const planned = await planAssignments(request(assignor));
    expect(planned.report.degraded).toBe(false);
    expect(decoded(planned)).toEqual([
      ['a', ['t-0', 't-1', 't-2']],
      ['b', []],
    ]);
  });
});
