/**
 * OffsetFetch, of the whole answer and per partition: no failure ever leads to a reset. Brokers before version 2
 * report group errors at each partition, so both levels share the rows.
 */
import * as KafkaCode from '../errors/kafka-code.ts';
import { groupDenied, ignore, rediscover, retry, surface, type VerdictRow } from './verdict-row.ts';
import { transportRows } from './verdict-transport-rows.ts';

export const offsetFetchRows: readonly VerdictRow[] = [
  // A member that leaves begins nothing.
  { on: ['any'], when: { leaving: true }, verdict: ignore },
  // The coordinator reads its log and answers soon.
  {
    on: [KafkaCode.coordinatorLoadInProgress],
    verdict: retry,
  },
  // The group lives elsewhere.
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator],
    verdict: rediscover('retry'),
  },
  // The group may not be read: asking again only fills the audit log.
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
  },
  // Version 9 checks the member; the heartbeat decides about it, the position stays unknown until then.
  {
    on: [KafkaCode.unknownMemberId, KafkaCode.staleMemberEpoch],
    verdict: retry,
    provisional: true,
  },
  // A transaction that commits this offset is still open (KIP-447).
  {
    on: [KafkaCode.unstableOffsetCommit],
    verdict: retry,
  },
  // The coordinator's view of the cluster is older than the member's.
  {
    on: [KafkaCode.unknownTopicOrPartition, KafkaCode.unknownTopicId],
    verdict: retry,
  },
  // This partition waits, the others go on.
  {
    on: [KafkaCode.topicAuthorizationFailed],
    verdict: surface('until-granted'),
  },
  // An answer without the partition does not say that nothing is committed.
  {
    on: ['partition-missing'],
    verdict: retry,
  },
  ...transportRows(rediscover('retry')),
  // Java throws; Kohort recovers with backoff and an event.
  {
    on: ['other'],
    verdict: retry,
    provisional: true,
  },
];
