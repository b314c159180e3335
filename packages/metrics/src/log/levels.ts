/** How loud each event is. */
import type { EventName, KohortEvent } from '@kohort/core/spi';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** `off`: the event is not even computed for this sink. */
export type LogLevels = Readonly<Record<EventName, LogLevel | 'off'>>;

/** What happens many times a second is off; what needs somebody is `warn` or `error`. */
export const DEFAULT_LEVELS: LogLevels = {
  'member.state': 'debug',
  'member.fenced': 'warn',
  'member.terminated': 'error',
  'coordinator.found': 'debug',
  'coordinator.lost': 'warn',
  'rebalance.start': 'info',
  'rebalance.end': 'info',
  'join.end': 'debug',
  'sync.end': 'debug',
  'heartbeat.end': 'off',
  'heartbeat.late': 'warn',
  'heartbeat.stalled': 'warn',
  'lease.expired': 'warn',
  'lease.restored': 'info',
  'assignment.computed': 'debug',
  'assignment.rejected': 'warn',
  'drain.end': 'debug',
  'partitions.assigned': 'info',
  'partitions.revoked': 'info',
  'partitions.lost': 'warn',
  'callback.error': 'error',
  'callback.timeout': 'warn',
  'subscription.changed': 'info',
  'offsets.fetched': 'debug',
  'offsets.reset': 'info',
  'commit.end': 'debug',
  'fetch.end': 'off',
  'records.settled': 'off',
  'handler.error': 'warn',
  'partition.error': 'warn',
  'partition.stalled': 'warn',
  'partition.resumed': 'info',
  'processing.deadline': 'error',
  'flow.paused': 'debug',
  'flow.resumed': 'debug',
  'lag.sample': 'off',
  'request.failed': 'debug',
  'retry.scheduled': 'info',
  'leave.end': 'info',
  'close.start': 'info',
  'close.end': 'info',
  'option.warning': 'warn',
  transport: 'off',
  'hook.error': 'error',
};

/** Failures are louder than successes: `warn` at least. */
export function levelOf(event: KohortEvent, configured: LogLevel): LogLevel {
  const failed = 'outcome' in event && event.outcome === 'error';
  const serious = event.type === 'offsets.reset' && event.reason !== 'no-committed-offset';
  if (event.type === 'handler.error' && event.action === 'stop') return 'error';
  return (failed || serious) && (configured === 'debug' || configured === 'info') ? 'warn' : configured;
}
