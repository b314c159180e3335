/** JoinGroup: what each failure means. */
import * as KafkaCode from '../errors/kafka-code.ts';
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
  // A member that leaves joins nothing.
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
  // The coordinator reads its log and answers soon.
  {
    on: [KafkaCode.coordinatorLoadInProgress],
    verdict: retry,
  },
  // The group lives elsewhere; the id is kept, or the broker keeps a ghost member (KAFKA-13214).
  {
    on: [KafkaCode.coordinatorNotAvailable, KafkaCode.notCoordinator],
    verdict: rediscover('retry'),
  },
  // The coordinator has forgotten the id, and with it what this member owned.
  {
    on: [KafkaCode.unknownMemberId],
    verdict: rejoinAsNewMember,
  },
  // First half of the two-step join: the answer holds the id to join with (KIP-394).
  {
    on: [KafkaCode.memberIdRequired],
    verdict: { action: 'rejoin', memberId: 'take', generation: 'reset', atOnce: true, lost: false },
  },
  // No coordinator answers so; Java throws, Kohort recovers with backoff.
  {
    on: [KafkaCode.illegalGeneration],
    verdict: { ...rejoinWithoutGeneration, atOnce: false },
    provisional: true,
  },
  // The coordinator could not write the group down in time (KAFKA-10870).
  {
    on: [KafkaCode.rebalanceInProgress],
    verdict: rejoinAtOnce,
  },
  // Joining again fails as long as the other members stay as they are.
  {
    on: [KafkaCode.inconsistentGroupProtocol, 'protocol-mismatch'],
    verdict: fatal(
      'configuration',
      'All members of a group must share an assignor name and the protocol type: compare their `assignors`.',
    ),
  },
  // The group id will not become valid.
  {
    on: [KafkaCode.invalidGroupId],
    verdict: fatal('configuration', 'Choose a groupId that the broker accepts.'),
  },
  // The session timeout will not become valid.
  {
    on: [KafkaCode.invalidSessionTimeout],
    verdict: fatal(
      'configuration',
      'Set sessionTimeout within group.min.session.timeout.ms and group.max.session.timeout.ms of the broker.',
    ),
  },
  // The group may not be read: asking again only fills the audit log.
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
  },
  // The group is full and the coordinator has dropped the member id.
  {
    on: [KafkaCode.groupMaxSizeReached],
    verdict: fatal('configuration', 'Raise group.max.size of the broker, or run fewer members.'),
  },
  // Mostly a groupInstanceId on a broker before 2.3.
  {
    on: [KafkaCode.unsupportedVersion],
    verdict: versionRefused,
  },
  ...transportRows(rediscover('retry')),
  // Java throws; Kohort recovers with backoff and an event.
  {
    on: ['other'],
    verdict: retry,
    provisional: true,
  },
];
