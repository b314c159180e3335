/** Heartbeat: what each failure means. */
import { KafkaCode } from '../errors/kafka-codes.ts';
import {
  fencedVerdict,
  groupDenied,
  ignore,
  rediscover,
  rejoinAsNewMember,
  rejoinAtOnce,
  rejoinWithoutGeneration,
  retry,
  type VerdictRow,
} from './verdict-row.ts';
import { transportRows } from './verdict-transport-rows.ts';

export const heartbeatRows: readonly VerdictRow[] = [
  { on: ['any'], when: { leaving: true }, verdict: ignore, why: 'the member gives its session up by itself' },
  {
    on: ['any'],
    when: { triple: 'stale' },
    verdict: ignore,
    why: 'an answer to an earlier triple never changes the present one (KAFKA-9823)',
  },
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator],
    verdict: rediscover('stay'),
    why: 'the coordinator moved; the membership is in its log, so nothing is rejoined',
  },
  {
    on: [KafkaCode.rebalanceInProgress],
    when: { phase: 'stable' },
    verdict: rejoinAtOnce,
    why: 'a rebalance has begun; the heartbeat itself was good',
  },
  {
    on: [KafkaCode.rebalanceInProgress],
    verdict: ignore,
    why: 'already on the way: the answer to the parked request carries the news (KAFKA-10134)',
  },
  {
    on: [KafkaCode.illegalGeneration],
    verdict: rejoinWithoutGeneration,
    why: 'the group went on without this member: what it owned may have a new owner',
  },
  {
    on: [KafkaCode.unknownMemberId],
    verdict: rejoinAsNewMember,
    why: 'the member was expelled: what it owned may have a new owner',
  },
  {
    on: [KafkaCode.fencedInstanceId],
    verdict: fencedVerdict,
    why: 'another process holds the instance id and what it owned',
  },
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
    why: 'Java repeats it in silence until the session ends; Kohort says so at once',
  },
  {
    on: [KafkaCode.coordinatorLoadInProgress],
    verdict: retry,
    why: 'no coordinator answers so to a heartbeat; the membership stands',
  },
  {
    on: ['timeout'],
    verdict: retry,
    why: 'one lost heartbeat is no news; the session timer decides when the coordinator is looked for',
  },
  ...transportRows(rediscover('stay')),
  {
    on: ['other'],
    verdict: retry,
    why: 'a failed heartbeat is repeated with backoff until the session timer looks for the coordinator',
  },
];
