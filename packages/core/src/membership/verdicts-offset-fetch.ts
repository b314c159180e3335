/**
 * OffsetFetch, of the whole answer and per partition: no failure ever leads to a reset. Brokers before version 2
 * report group errors at each partition, so both levels share the rows.
 */
import { KafkaCode } from '../errors/kafka-codes.ts';
import {
  groupDenied,
  ignore,
  rediscover,
  refreshAndRetry,
  retry,
  surface,
  type VerdictRow,
} from './verdict-row.ts';
import { transportRows } from './verdict-transport-rows.ts';

export const offsetFetchRows: readonly VerdictRow[] = [
  { on: ['any'], when: { leaving: true }, verdict: ignore, why: 'a member that leaves begins nothing' },
  {
    on: [KafkaCode.coordinatorLoadInProgress],
    verdict: retry,
    why: 'the coordinator reads its log and answers soon',
  },
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator],
    verdict: rediscover('retry'),
    why: 'the group lives elsewhere',
  },
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
    why: 'the group may not be read: asking again only fills the audit log',
  },
  {
    on: [KafkaCode.unknownMemberId, KafkaCode.staleMemberEpoch],
    verdict: retry,
    why: 'version 9 checks the member; the heartbeat decides about it, the position stays unknown until then',
    provisional: true,
  },
  {
    on: [KafkaCode.unstableOffsetCommit],
    verdict: retry,
    why: 'a transaction that commits this offset is still open (KIP-447)',
  },
  {
    on: [KafkaCode.unknownTopicOrPartition, KafkaCode.unknownTopicId],
    verdict: refreshAndRetry,
    why: 'the coordinator knows the topic later, or the metadata is old',
  },
  {
    on: [KafkaCode.topicAuthorizationFailed],
    verdict: surface('until-granted'),
    why: 'this partition waits, the others go on',
  },
  {
    on: ['partition-missing'],
    verdict: retry,
    why: 'an answer without the partition does not say that nothing is committed',
  },
  ...transportRows(rediscover('retry')),
  {
    on: ['other'],
    verdict: retry,
    why: 'Java throws; Kohort recovers with backoff and an event',
    provisional: true,
  },
];
