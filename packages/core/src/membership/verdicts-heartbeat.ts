/** Heartbeat: what each failure means. */
import * as KafkaCode from '../errors/kafka-code.ts';
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
  // The member gives its session up by itself.
  { on: ['any'], when: { leaving: true }, verdict: ignore },
  // An answer to an earlier triple never changes the present one (KAFKA-9823).
  {
    on: ['any'],
    when: { triple: 'stale' },
    verdict: ignore,
  },
  // The coordinator moved; the membership is in its log, so nothing is rejoined.
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator],
    verdict: rediscover('stay'),
  },
  // A rebalance has begun; the heartbeat itself was good.
  {
    on: [KafkaCode.rebalanceInProgress],
    when: { phase: 'stable' },
    verdict: rejoinAtOnce,
  },
  // Already on the way: the answer to the parked request carries the news (KAFKA-10134).
  {
    on: [KafkaCode.rebalanceInProgress],
    verdict: ignore,
  },
  // The group went on without this member: what it owned may have a new owner.
  {
    on: [KafkaCode.illegalGeneration],
    verdict: rejoinWithoutGeneration,
  },
  // The member was expelled: what it owned may have a new owner.
  {
    on: [KafkaCode.unknownMemberId],
    verdict: rejoinAsNewMember,
  },
  // The coordinator has lost the join that this member's id came with, and knows the instance by an id that is older.
  {
    on: [KafkaCode.fencedInstanceId],
    when: { superseded: true },
    verdict: rejoinAsNewMember,
  },
  // Another process holds the instance id and what it owned.
  {
    on: [KafkaCode.fencedInstanceId],
    verdict: fencedVerdict,
  },
  // Java repeats it in silence until the session ends; Kohort says so at once.
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
  },
  // No coordinator answers so to a heartbeat; the membership stands.
  {
    on: [KafkaCode.coordinatorLoadInProgress],
    verdict: retry,
  },
  // One lost heartbeat is no news; the session timer decides when the coordinator is looked for.
  {
    on: ['timeout'],
    verdict: retry,
  },
  ...transportRows(rediscover('stay')),
  // A failed heartbeat is repeated with backoff until the session timer looks for the coordinator.
  {
    on: ['other'],
    verdict: retry,
  },
];
