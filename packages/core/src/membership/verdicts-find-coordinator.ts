/** FindCoordinator: what each failure means. */
import { KafkaCode } from '../errors/kafka-codes.ts';
import { fatal, groupDenied, ignore, refreshAndRetry, retry, type VerdictRow } from './verdict-row.ts';
import { transportRows } from './verdict-transport-rows.ts';

const { coordinatorLoadInProgress, coordinatorNotAvailable, groupAuthorizationFailed, invalidGroupId } =
  KafkaCode;

export const findCoordinatorRows: readonly VerdictRow[] = [
  {
    on: [groupAuthorizationFailed, invalidGroupId],
    when: { leaving: true },
    verdict: ignore,
    why: 'no coordinator, so nobody to leave: the session timer removes the member',
    provisional: true,
  },
  {
    on: [coordinatorNotAvailable],
    verdict: refreshAndRetry,
    why: 'the offsets topic may be under creation, or its partition without a leader',
  },
  { on: [coordinatorLoadInProgress], verdict: retry, why: 'the coordinator reads its log and answers soon' },
  {
    on: [groupAuthorizationFailed],
    verdict: groupDenied,
    why: 'the group may not be described: asking again only fills the audit log',
  },
  {
    on: [invalidGroupId],
    verdict: fatal('configuration', 'Choose a groupId that the broker accepts.'),
    why: 'the group id will not become valid',
  },
  {
    on: [KafkaCode.unsupportedVersion],
    verdict: { action: 'retry', first: 'reconnect' },
    why: 'the broker was replaced by an older one: a new connection negotiates a lower version',
  },
  ...transportRows({ action: 'retry', first: 'another-broker' }),
  {
    on: ['other'],
    verdict: retry,
    why: 'Java throws; Kohort recovers with backoff and an event',
    provisional: true,
  },
];
