/** SyncGroup: what each failure means. */
import { KafkaCode } from '../errors/kafka-codes.ts';
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
  { on: ['any'], when: { leaving: true }, verdict: ignore, why: 'a member that leaves takes no assignment' },
  {
    on: [KafkaCode.fencedInstanceId],
    when: { superseded: true },
    verdict: ignore,
    why: 'this member overtook its own attempt',
  },
  {
    on: [KafkaCode.fencedInstanceId],
    verdict: fencedVerdict,
    why: 'another process holds the instance id, whatever has become of the generation meanwhile',
  },
  {
    on: ['any'],
    when: { triple: 'stale' },
    verdict: ignore,
    why: 'an answer to an earlier triple never changes the present one (KAFKA-9823)',
  },
  {
    on: [KafkaCode.rebalanceInProgress],
    verdict: rejoinAtOnce,
    why: 'the next rebalance has begun; generation and owned set stay those of the last applied assignment',
  },
  {
    on: [KafkaCode.unknownMemberId],
    verdict: rejoinAsNewMember,
    why: 'the coordinator has forgotten the id, and with it what this member owned',
  },
  {
    on: [KafkaCode.illegalGeneration],
    verdict: rejoinWithoutGeneration,
    why: 'the group went on without this member; the id is still good (KAFKA-13419)',
  },
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator],
    verdict: rediscover('rejoin'),
    why: 'another coordinator may not know this generation: joining again is safe, syncing again is not',
  },
  {
    on: [KafkaCode.coordinatorLoadInProgress],
    verdict: rejoinAfterBackoff,
    why: 'the coordinator moved and reads its log; the generation may not survive (sent since Kafka 4.0)',
  },
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
    why: 'the group may not be read: asking again only fills the audit log',
  },
  {
    on: [KafkaCode.inconsistentGroupProtocol, 'protocol-mismatch'],
    verdict: fatal(
      'configuration',
      'The group has changed its protocol under this member; please report it.',
    ),
    why: 'the join was answered with another protocol than the sync: a bug on one of the sides',
  },
  {
    on: [KafkaCode.unknownServerError],
    when: { leader: true },
    verdict: fatal(
      'configuration',
      'The assignment may be too large for the offsets topic: use fewer members or partitions, or raise max.message.bytes of __consumer_offsets.',
    ),
    why: 'the coordinator could not append the assignment, and the same plan would fail again',
  },
  {
    on: [KafkaCode.unknownServerError],
    verdict: rejoinAfterBackoff,
    why: "the leader's assignment could not be stored; a follower waits for a leader whose can",
    provisional: true,
  },
  ...transportRows(rediscover('rejoin')),
  {
    on: ['other'],
    verdict: rejoinAfterBackoff,
    why: 'Java throws; Kohort recovers with backoff and an event',
    provisional: true,
  },
];
