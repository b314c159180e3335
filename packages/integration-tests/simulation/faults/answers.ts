/** Faults of single requests and answers: lost, late, twice, broken. */
import type { FaultRule } from '@kohort/broker-embedded';
import type { Dice } from '../plan/dice.ts';
import { type Fault, faultsOf } from './fault.ts';

const fault = faultsOf('answers');

const APIS = [
  'FindCoordinator',
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'OffsetCommit',
  'OffsetFetch',
  'Fetch',
  'Metadata',
  'ListOffsets',
  'LeaveGroup',
] as const;

const anyApi = (dice: Dice) => dice.pick(APIS);

/** The next few requests of one API meet with something. */
function next(name: string, does: string, action: FaultRule, isUnreadable = false): Fault {
  return fault({
    name,
    does,
    draw: (dice) => ({ api: anyApi(dice), times: dice.times(6) }),
    apply(world, { api, times }) {
      // A member that has not reached any broker yet takes it for another protocol, and ends.
      if (isUnreadable) world.excuse('configuration');
      world.rule({ api, times, ...action });
    },
  });
}

export const answerFaults: readonly Fault[] = [
  next('request-lost', 'A request is lost; the connection lives on.', { drop: 'request' }),
  next('answer-lost', 'A request is carried out and its answer is lost; the connection lives on.', {
    drop: 'answer',
  }),
  next('reset-in-request', 'The connection breaks before a request is carried out.', { cut: 'before' }),
  next('reset-before-answer', 'The connection breaks when a request has been carried out.', {
    cut: 'applied',
  }),
  next('reset-in-answer', 'The connection breaks in the middle of an answer.', { cut: 'mid-frame' }),
  next('closed-behind-answer', 'The broker closes the connection right behind an answer.', { cut: 'after' }),
  next('answer-twice', 'An answer comes twice.', { duplicate: true }),
  next('answer-truncated', 'An answer ends too early, with a length that fits.', { truncate: 3 }, true),
  next('wrong-size', 'The length in front of an answer is negative.', { corrupt: 'size' }, true),
  next(
    'wrong-correlation-id',
    'An answer carries the correlation id of another request.',
    { corrupt: 'correlation-id' },
    true,
  ),
  fault({
    name: 'answer-in-pieces',
    does: 'Answers arrive in pieces, down to single bytes.',
    draw: (dice) => ({ api: anyApi(dice), times: dice.times(4), slice: dice.pick([1, 1, 3, 50]) }),
    apply(world, { api, times, slice }) {
      world.rule({ api, times, slice: api === 'Fetch' ? Math.max(slice, 50) : slice });
    },
  }),
  fault({
    name: 'request-late',
    does: 'Requests wait before they are carried out; the connection is muted meanwhile.',
    draw: (dice) => ({ api: anyApi(dice), times: dice.times(4), delay: dice.ms(10, 12_000) }),
    apply(world, given) {
      world.rule(given);
    },
  }),
  fault({
    name: 'answer-late',
    does: 'Requests are carried out and answered late, after their timeout as well.',
    draw: (dice) => ({ api: anyApi(dice), times: dice.times(4), delayAnswer: dice.ms(10, 12_000) }),
    apply(world, given) {
      world.rule(given);
    },
  }),
  fault({
    name: 'throttled',
    does: 'Answers ask the client to hold back, as quotas do.',
    draw: (dice) => ({ times: dice.times(20), throttle: dice.ms(50, 3_000) }),
    apply(world, { times, throttle }) {
      const throttleTimeMs = throttle;
      world.rule({ times, rewrite: (response) => Object.assign(Object(response), { throttleTimeMs }) });
    },
  }),
];
