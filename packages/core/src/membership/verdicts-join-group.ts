/** JoinGroup: what each failure means. */
import { KafkaCode } from '../errors/kafka-codes.ts';
import {
  fatal,
  fencedVerdict,
  groupDenied,
  ignore,
  rediscover,
  rejoinAsNewMember,
  rejoinAtOnce,
  rejoinWithoutGeneration,
  retry,
  type VerdictRow,
  versionRefused,
} from './verdict-row.ts';
import { transportRows } from './verdict-transport-rows.ts';

export const joinGroupRows: readonly VerdictRow[] = [
  { on: ['any'], when: { leaving: true }, verdict: ignore, why: 'a member that leaves joins nothing' },
  {
    on: [KafkaCode.fencedInstanceId],
    when: { superseded: true },
    verdict: ignore,
    why: 'this member sent the join twice and fenced its own first attempt',
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
    on: [KafkaCode.coordinatorLoadInProgress],
    verdict: retry,
    why: 'the coordinator reads its log and answers soon',
  },
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator],
    verdict: rediscover('retry'),
    why: 'the group lives elsewhere; the id is kept, or the broker keeps a ghost member (KAFKA-13214)',
  },
  {
    on: [KafkaCode.unknownMemberId],
    verdict: rejoinAsNewMember,
    why: 'the coordinator has forgotten the id, and with it what this member owned',
  },
  {
    on: [KafkaCode.memberIdRequired],
    verdict: { action: 'rejoin', memberId: 'take', generation: 'reset', atOnce: true, lost: false },
    why: 'first half of the two-step join: the answer holds the id to join with (KIP-394)',
  },
  {
    on: [KafkaCode.illegalGeneration],
    verdict: { ...rejoinWithoutGeneration, atOnce: false },
    why: 'no coordinator answers so; Java throws, Kohort recovers with backoff',
    provisional: true,
  },
  {
    on: [KafkaCode.rebalanceInProgress],
    verdict: rejoinAtOnce,
    why: 'the coordinator could not write the group down in time (KAFKA-10870)',
  },
  {
    on: [KafkaCode.inconsistentGroupProtocol, 'protocol-mismatch'],
    verdict: fatal(
      'configuration',
      'All members of a group must share an assignor name and the protocol type: compare their `assignors`.',
    ),
    why: 'joining again fails as long as the other members stay as they are',
  },
  {
    on: [KafkaCode.invalidGroupId],
    verdict: fatal('configuration', 'Choose a groupId that the broker accepts.'),
    why: 'the group id will not become valid',
  },
  {
    on: [KafkaCode.invalidSessionTimeout],
    verdict: fatal(
      'configuration',
      'Set sessionTimeout within group.min.session.timeout.ms and group.max.session.timeout.ms of the broker.',
    ),
    why: 'the session timeout will not become valid',
  },
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
    why: 'the group may not be read: asking again only fills the audit log',
  },
  {
    on: [KafkaCode.groupMaxSizeReached],
    verdict: fatal('configuration', 'Raise group.max.size of the broker, or run fewer members.'),
    why: 'the group is full and the coordinator has dropped the member id',
  },
  {
    on: [KafkaCode.unsupportedVersion],
    verdict: versionRefused,
    why: 'mostly a groupInstanceId on a broker before 2.3',
  },
  ...transportRows(rediscover('retry')),
  {
    on: ['other'],
    verdict: retry,
    why: 'Java throws; Kohort recovers with backoff and an event',
    provisional: true,
  },
];
