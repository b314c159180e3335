/** The leader of a large group pauses all the way, from what members sent to what they get; of a small group it does not. */
import { expect, it } from 'vitest';
import { defineAssignor } from '../../src/assignment/define-assignor.ts';
import { subscribedTopics } from '../../src/assignment/group-members.ts';
import { planBuilder } from '../../src/assignment/plan-builder.ts';
import type { Clock } from '../../src/contracts/clock.ts';
import { type PlannedAssignments, planAssignments } from '../../src/runtime/plan-assignments.ts';
import { roundRobin } from '../../src/runtime/round-robin.ts';
import { runSliced } from '../../src/runtime/run-sliced.ts';
import { decodeAssignment } from '../../src/wire/assignment.ts';
import { encodeSubscription } from '../../src/wire/subscription.ts';
import { cluster } from '../assignment/group.ts';

const TOPICS = Array.from({ length: 60 }, (_, t) => `topic-${String(t).padStart(3, '0')}`);
const MEMBERS = 100;
const PARTITIONS = 5_000;

/** Everybody owns every hundredth partition, and one of those is claimed by a second member. */
const members = Array.from({ length: MEMBERS }, (_, m) => ({
  memberId: `m${String(m).padStart(3, '0')}`,
  metadata: encodeSubscription({
    topics: TOPICS,
    userData: null,
    owned: TOPICS.flatMap((topic) =>
      Array.from({ length: PARTITIONS / MEMBERS }, (_number, i) => ({ topic, partition: i * MEMBERS + m })),
    ).concat(m === 1 ? [{ topic: 'topic-000', partition: 0 }] : []),
    generationId: 4,
    rackId: null,
  }),
}));
const large = cluster(TOPICS.map((topic) => [topic, PARTITIONS] as const));

/** Each look at it takes a while; pauses come in a later turn, and are counted by what goes on around them. */
function slowClock(msPerLook: number) {
  let now = 0;
  let pauses = 0;
  const clock: Clock = {
    monotonic: () => {
      now += msPerLook;
      return now;
    },
    wall: () => now,
    setTimer(callback, delayMs) {
      if (delayMs > 0) return { cancel: () => {} }; // the assignor's deadline
      pauses++;
      const handle = setImmediate(callback);
      return { cancel: () => clearImmediate(handle) };
    },
  };
  return { clock, pauses: () => pauses };
}

const phases: string[] = [];
/** Says how many pauses there were before it, and after. */
const watching = (pauses: () => number) =>
  defineAssignor({
    name: 'watching',
    protocols: ['cooperative'],
    assign(problem, context) {
      phases.push(`before: ${pauses() > 0}`);
      return roundRobin().assign(problem, context);
    },
  });

const request = (clock: Clock, signal: AbortSignal, pauses: () => number) => ({
  members,
  cluster: large,
  assignor: watching(pauses),
  protocol: 'cooperative' as const,
  clock,
  deadlineMs: 60_000,
  signal,
});
const { signal } = new AbortController();

/** Has its plan ready: what pauses are left are those of the leader. */
const atOnce = (planned: PlannedAssignments) =>
  defineAssignor({
    name: 'ready',
    protocols: ['eager'],
    assign(problem) {
      const builder = planBuilder(problem);
      const bases = new Map(problem.topics.map(({ name, base }) => [name, base]));
      for (const [member, { assignment }] of planned.assignments.entries()) {
        for (const { topic, partitions } of decodeAssignment(assignment).topics) {
          for (const partition of partitions) builder.give(member, (bases.get(topic) ?? 0) + partition);
        }
      }
      return builder.build();
    },
  });

/** All that members get. */
const bytesOf = ({ assignments }: PlannedAssignments) =>
  assignments
    .map(({ memberId, assignment }) => `${memberId} ${Buffer.from(assignment).toString('hex')}`)
    .join();

it('pauses before, while and after the assignor plans, and comes to the same', async () => {
  const still = slowClock(0);
  const whole = await planAssignments(request(still.clock, signal, still.pauses));
  expect(still.pauses()).toBe(0);
  const slow = slowClock(7);
  const sliced = await planAssignments(request(slow.clock, signal, slow.pauses));
  expect(bytesOf(sliced) === bytesOf(whole)).toBe(true); // compared as texts: a difference would be too long to show
  expect(sliced.report.deferred).toBe(whole.report.deferred);
  expect(phases).toEqual(['before: false', 'before: true']);
  // Members of 12 kB and 3,000 claims each: some 20 steps to read them, as many to check, to defer and to write.
  expect(slow.pauses()).toBeGreaterThan(30);
});

it.each([
  ['round robin', roundRobin()],
  [
    'the fallback',
    defineAssignor({
      name: 'failing',
      protocols: ['eager'],
      assign() {
        throw new Error('no plan today');
      },
    }),
  ],
])('%s pauses while it deals, and comes to the same', async (_, assignor) => {
  const still = slowClock(0);
  const settled = { members, cluster: large, protocol: 'eager', deadlineMs: 60_000, signal } as const;
  const whole = await planAssignments({ ...settled, assignor, clock: still.clock });
  const slow = slowClock(7);
  const sliced = await planAssignments({ ...settled, assignor, clock: slow.clock });
  const without = slowClock(7);
  await planAssignments({ ...settled, assignor: atOnce(whole), clock: without.clock });
  expect(bytesOf(sliced) === bytesOf(whole)).toBe(true);
  // 300,000 partitions in steps of 32,768, and every second look at the clock is a pause.
  expect(slow.pauses() - without.pauses()).toBeGreaterThanOrEqual(4);
});

it('gives up in a pause when the plan is not wanted any more', async () => {
  const controller = new AbortController();
  const { clock } = slowClock(7);
  const planning = planAssignments(
    request(
      {
        ...clock,
        setTimer: (callback, delayMs) => {
          controller.abort();
          return clock.setTimer(callback, delayMs);
        },
      },
      controller.signal,
      () => 0,
    ),
  );
  await expect(planning).rejects.toMatchObject({ code: 'KOHORT_ABORTED' });
});

it('reads the topics of all members with pauses', async () => {
  const slow = slowClock(7);
  expect(await runSliced(subscribedTopics(members), { clock: slow.clock, signal })).toEqual(TOPICS);
  expect(slow.pauses()).toBeGreaterThan(5);
});

it('does not pause for a small group, however slow the clock', async () => {
  const slow = slowClock(2);
  const few = members.slice(0, 2);
  const pausesBefore: number[] = [];
  const small = {
    ...request(slow.clock, signal, slow.pauses),
    members: few,
    cluster: cluster([['topic-000', 6]]),
  };
  const planning = planAssignments({
    ...small,
    assignor: defineAssignor({
      name: 'curious',
      protocols: ['eager'],
      assign(problem, context) {
        pausesBefore.push(slow.pauses());
        return roundRobin().assign(problem, context);
      },
    }),
  });
  // At once, before anything is awaited.
  expect(pausesBefore).toEqual([0]);
  await planning;
  expect(slow.pauses()).toBe(0);
});
