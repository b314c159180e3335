/** OffsetCommit, per partition: what each failure means for the commit and for the member. */
import type { Verdict } from '../contracts/verdict.ts';
import { KafkaCode } from '../errors/kafka-codes.ts';
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

const { illegalGeneration, unknownMemberId, groupIdNotFound, fencedInstanceId } = KafkaCode;
const refusedTriple = [illegalGeneration, unknownMemberId, groupIdNotFound, fencedInstanceId];
const afterRebalance: Verdict = { ...rejoinAtOnce, commit: 'after-rebalance' };

const leavingRows: readonly VerdictRow[] = [
  {
    on: [KafkaCode.rebalanceInProgress],
    when: { leaving: true },
    verdict: retry,
    why: 'the commit before leaving joins nothing, but may pass once the others have synced',
    provisional: true,
  },
  {
    on: [
      ...refusedTriple,
      KafkaCode.groupAuthorizationFailed,
      KafkaCode.unsupportedVersion,
      'unsupportedVersion',
    ],
    when: { leaving: true },
    verdict: surface('never'),
    why: 'the group is closing anyway: the commit fails, nothing else follows',
    provisional: true,
  },
];

const membershipRows: readonly VerdictRow[] = [
  {
    on: [KafkaCode.rebalanceInProgress],
    verdict: afterRebalance,
    why: 'between JoinGroup and SyncGroup the coordinator takes no offsets; the owned ones are committed afterwards (KAFKA-8487)',
  },
  {
    on: refusedTriple,
    when: { triple: 'stale', phase: 'preparing' },
    verdict: afterRebalance,
    why: 'sent before the rebalance that is under way: what is still owned after it is committed then',
  },
  {
    on: refusedTriple,
    when: { triple: 'stale' },
    verdict: surface('never'),
    why: 'the commit belonged to an ownership that has ended; the present one is untouched (Java resets it)',
  },
  {
    on: [illegalGeneration],
    verdict: { ...rejoinWithoutGeneration, commit: 'fails' },
    why: 'the group went on without this member',
  },
  {
    on: [unknownMemberId, groupIdNotFound],
    verdict: { ...rejoinAsNewMember, commit: 'fails' },
    why: 'the coordinator no longer knows the member, or the group (OffsetCommit 9)',
  },
  {
    on: [fencedInstanceId],
    verdict: fencedVerdict,
    why: 'another process holds the instance id and what it owned',
  },
];

export const offsetCommitRows: readonly VerdictRow[] = [
  ...leavingRows,
  {
    on: [KafkaCode.coordinatorLoadInProgress, KafkaCode.unknownTopicOrPartition],
    verdict: retry,
    why: 'passes when the coordinator has read its log, or its metadata has caught up',
  },
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator, KafkaCode.requestTimedOut],
    verdict: rediscover('retry'),
    why: 'the group lives elsewhere; committing twice does no harm',
  },
  ...membershipRows,
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
    why: 'the commit fails, and so would the next heartbeat; clients leave it to the caller',
    provisional: true,
  },
  {
    on: [KafkaCode.topicAuthorizationFailed],
    verdict: surface('never'),
    why: 'the caller learns all partitions that are refused at once',
  },
  {
    on: [KafkaCode.offsetMetadataTooLarge, KafkaCode.invalidCommitOffsetSize, 'encode'],
    verdict: surface('never'),
    why: 'the same bytes would be refused again',
  },
  {
    on: [KafkaCode.unsupportedVersion],
    verdict: versionRefused,
    why: 'a group of the consumer protocol (KIP-848) takes offsets from version 9 on only',
  },
  {
    on: [KafkaCode.staleMemberEpoch],
    verdict: surface('next-commit'),
    why: 'only a group of the consumer protocol (KIP-848) answers so, which Kohort does not speak yet',
    provisional: true,
  },
  ...transportRows(rediscover('retry')),
  {
    on: ['other'],
    verdict: surface('next-commit'),
    why: 'Java throws to the caller; the positions are kept and go with the next commit',
    provisional: true,
  },
];
