/** SyncGroup: what each failure means. */
import * as KafkaCode from '../errors/kafka-code.ts';
import {
  fatal,
  fencedVerdict,
  groupDenied,
  ignore,
  rediscover,
  rejoinAfterBackoff,
  rejoinAsNewMember,
  rejoinAtOnce,
  rejoinWithoutGeneration,
  type VerdictRow,
} from './verdict-row.ts';
import { transportRows } from './verdict-transport-rows.ts';

export const syncGroupRows: readonly VerdictRow[] = [
  // A member that leaves takes no assignment.
  { on: ['any'], when: { leaving: true }, verdict: ignore },
  // The coordinator has lost the join that this member's id came with, and knows the instance by an id that is older.
  {
    on: [KafkaCode.fencedInstanceId],
    when: { superseded: true },
    verdict: rejoinAsNewMember,
  },
  // Another process holds the instance id, whatever has become of the generation meanwhile.
  {
    on: [KafkaCode.fencedInstanceId],
    verdict: fencedVerdict,
  },
  // An answer to an earlier triple never changes the present one (KAFKA-9823).
  {
    on: ['any'],
    when: { triple: 'stale' },
    verdict: ignore,
  },
  // The next rebalance has begun; generation and owned set stay those of the last applied assignment.
  {
    on: [KafkaCode.rebalanceInProgress],
    verdict: rejoinAtOnce,
  },
  // The coordinator has forgotten the id, and with it what this member owned.
  {
    on: [KafkaCode.unknownMemberId],
    verdict: rejoinAsNewMember,
  },
  // The group went on without this member; the id is still good (KAFKA-13419).
  {
    on: [KafkaCode.illegalGeneration],
    verdict: rejoinWithoutGeneration,
  },
  // Another coordinator may not know this generation: joining again is safe, syncing again is not.
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator],
    verdict: rediscover('rejoin'),
  },
  // The coordinator moved and reads its log; the generation may not survive (sent since Kafka 4.0).
  {
    on: [KafkaCode.coordinatorLoadInProgress],
    verdict: rejoinAfterBackoff,
  },
  // The group may not be read: asking again only fills the audit log.
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
  },
  // The join was answered with another protocol than the sync: a bug on one of the sides.
  {
    on: [KafkaCode.inconsistentGroupProtocol, 'protocol-mismatch'],
    verdict: fatal(
      'configuration',
      'The group has changed its protocol under this member; please report it.',
    ),
  },
  // The coordinator could not append the assignment, and the same plan would fail again.
  {
    on: [KafkaCode.unknownServerError],
    when: { leader: true },
    verdict: fatal(
      'configuration',
      'The assignment may be too large for the offsets topic: use fewer members or partitions, or raise max.message.bytes of __consumer_offsets.',
    ),
  },
  // The leader's assignment could not be stored; a follower waits for a leader whose can.
  {
    on: [KafkaCode.unknownServerError],
    verdict: rejoinAfterBackoff,
    provisional: true,
  },
  ...transportRows(rediscover('rejoin')),
  // Java throws; Kohort recovers with backoff and an event.
  {
    on: ['other'],
    verdict: rejoinAfterBackoff,
    provisional: true,
  },
];
