/** FindCoordinator: what each failure means. */
import * as KafkaCode from '../errors/kafka-code.ts';
import { fatal, groupDenied, ignore, retry, type VerdictRow } from './verdict-row.ts';
import { transportRows } from './verdict-transport-rows.ts';

export const findCoordinatorRows: readonly VerdictRow[] = [
  // No coordinator, so nobody to leave: the session timer removes the member.
  {
    on: [KafkaCode.groupAuthorizationFailed, KafkaCode.invalidGroupId],
    when: { leaving: true },
    verdict: ignore,
    provisional: true,
  },
  // The offsets topic may be under creation, or its partition without a leader.
  {
    on: [KafkaCode.coordinatorNotAvailable],
    verdict: retry,
  },
  // The coordinator reads its log and answers soon.
  { on: [KafkaCode.coordinatorLoadInProgress], verdict: retry },
  // The group may not be described: asking again only fills the audit log.
  {
    on: [KafkaCode.groupAuthorizationFailed],
    verdict: groupDenied,
  },
  // The group id will not become valid.
  {
    on: [KafkaCode.invalidGroupId],
    verdict: fatal('configuration', 'Choose a groupId that the broker accepts.'),
  },
  // The broker was replaced by an older one: that cuts its connections, and a new one negotiates a lower version.
  {
    on: [KafkaCode.unsupportedVersion],
    verdict: retry,
  },
  // A transport asks any broker that it can reach.
  ...transportRows(retry),
  // Java throws; Kohort recovers with backoff and an event.
  {
    on: ['other'],
    verdict: retry,
    provisional: true,
  },
];
