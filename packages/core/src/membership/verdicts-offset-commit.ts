/** OffsetCommit, per partition: what each failure means for the commit and for the member. */
import type { Verdict } from '../contracts/verdict.ts';
import * as KafkaCode from '../errors/kafka-code.ts';
import {
  fencedVerdict,
  groupDenied,
  rediscover,
  rejoinAsNewMember,
  rejoinAtOnce,
  rejoinWithoutGeneration,
  retry,
  surface,
  type VerdictRow,
  versionRefused,
} from './verdict-row.ts';
import { transportRows } from './verdict-transport-rows.ts';

const refusedTriple = [
  KafkaCode.illegalGeneration,
  KafkaCode.unknownMemberId,
  KafkaCode.groupIdNotFound,
  KafkaCode.fencedInstanceId,
];
const afterRebalance: Verdict = { ...rejoinAtOnce, commit: 'after-rebalance' };

const leavingRows: readonly VerdictRow[] = [
  // Sent under the generation before a rebalance that went on meanwhile: it passes under the new one.
  {
    on: [KafkaCode.illegalGeneration],
    when: { leaving: true, triple: 'stale' },
    verdict: retry,
  },
  // The commit before leaving joins nothing, but may pass once the others have synced.
  {
    on: [KafkaCode.rebalanceInProgress],
    when: { leaving: true },
    verdict: retry,
    provisional: true,
  },
  // The group is closing anyway: the commit fails, nothing else follows.
  {
    on: [
      ...refusedTriple,
      KafkaCode.groupAuthorizationFailed,
      KafkaCode.unsupportedVersion,
      'unsupportedVersion',
    ],
    when: { leaving: true },
    verdict: surface('never'),
    provisional: true,
  },
];

const membershipRows: readonly VerdictRow[] = [
  // Between JoinGroup and SyncGroup the coordinator takes no offsets; the owned ones are committed afterwards (KAFKA-8487).
  {
    on: [KafkaCode.rebalanceInProgress],
    verdict: afterRebalance,
  },
  // Sent before the rebalance that is under way: what is still owned after it is committed then.
  {
    on: refusedTriple,
    when: { triple: 'stale', phase: 'preparing' },
    verdict: afterRebalance,
  },
  // The commit belonged to an ownership that has ended; the present one is untouched (Java resets it).
  {
    on: refusedTriple,
    when: { triple: 'stale' },
    verdict: surface('never'),
  },
  // The group went on without this member.
  {
    on: [KafkaCode.illegalGeneration],
    verdict: { ...rejoinWithoutGeneration, commit: 'fails' },
  },
  // The coordinator no longer knows the member, or the group (OffsetCommit 9).
  {
    on: [KafkaCode.unknownMemberId, KafkaCode.groupIdNotFound],
    verdict: { ...rejoinAsNewMember, commit: 'fails' },
  },
  // Another process holds the instance id and what it owned.
  {
    on: [KafkaCode.fencedInstanceId],
    verdict: fencedVerdict,
  },
];

export const offsetCommitRows: readonly VerdictRow[] = [
  ...leavingRows,
  // Passes when the coordinator has read its log, or its metadata has caught up; a topic stays unknown when it is gone, so
  // that is asked three times only (Java asks until its time is over, and holds up everything else).
  {
    on: [KafkaCode.coordinatorLoadInProgress, KafkaCode.unknownTopicOrPartition],
    verdict: retry,
  },
  // The group lives elsewhere; committing twice does no harm.
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator, KafkaCode.requestTimedOut],
    verdict: rediscover('retry'),
  },
  ...membershipRows,
  // The commit fails, and so would the next heartbeat; clients leave it to the caller.
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
    provisional: true,
  },
  // The caller learns all partitions that are refused at once.
  {
    on: [KafkaCode.topicAuthorizationFailed],
    verdict: surface('never'),
  },
  // The same bytes would be refused again.
  {
    on: [KafkaCode.offsetMetadataTooLarge, KafkaCode.invalidCommitOffsetSize, 'encode'],
    verdict: surface('never'),
  },
  // A group of the consumer protocol (KIP-848) takes offsets from version 9 on only.
  {
    on: [KafkaCode.unsupportedVersion],
    verdict: versionRefused,
  },
  // Only a group of the consumer protocol (KIP-848) answers so, which Kohort does not speak yet.
  {
    on: [KafkaCode.staleMemberEpoch],
    verdict: surface('next-commit'),
    provisional: true,
  },
  ...transportRows(rediscover('retry')),
  // Java throws to the caller; the positions are kept and go with the next commit.
  {
    on: ['other'],
    verdict: surface('next-commit'),
    provisional: true,
  },
];
