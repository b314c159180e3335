/** One line for each event that people read often; the fields beside it say the rest. */
import type { KohortEvent, TopicPartition } from '@kohort/core/spi';

/** How many partitions a line names. */
const NAMED = 10;

export function messageOf(event: KohortEvent): string {
  return `${event.groupId}: ${describe(event) ?? event.type}`;
}

function describe(event: KohortEvent): string | undefined {
  return describeMembership(event) ?? describePartitions(event) ?? describeFailure(event);
}

function describeMembership(event: KohortEvent): string | undefined {
  switch (event.type) {
    case 'member.state':
      return `${event.from} → ${event.to} (${event.reason})`;
    case 'member.terminated':
      return `ended for good, ${event.terminalClass}: ${event.message}`;
    case 'rebalance.start':
      return `rebalance begins, ${event.trigger}: ${event.reason}`;
    case 'rebalance.end':
      return (
        `rebalance ${event.outcome === 'ok' ? 'done' : 'abandoned'} after ${event.durationMs} ms, generation ` +
        `${event.generationId}: ${event.kept} kept, ${event.added} added, ${event.revoked} revoked`
      );
    case 'lease.expired':
      return `no answer from the coordinator for ${event.sinceMs} ms: ownership is in doubt`;
    case 'lease.restored':
      return `the coordinator answers again after ${event.doubtMs} ms of doubt: nothing was lost`;
    case 'close.end':
      return `closed in ${event.durationMs} ms${event.abandoned > 0 ? `, partitions abandoned: ${event.abandoned}` : ''}`;
    default:
      return undefined;
  }
}

function describePartitions(event: KohortEvent): string | undefined {
  switch (event.type) {
    case 'partitions.assigned':
      return `assigned ${list(event.partitions)}`;
    case 'partitions.revoked':
      return `revoked ${list(event.partitions)}`;
    case 'partitions.lost':
      return `lost ${list(event.partitions)}, ${event.reason}`;
    case 'partition.stalled':
      return `${name(event)} makes no progress at offset ${event.offset} for ${event.sinceMs} ms, ${event.phase}`;
    case 'partition.resumed':
      return `${name(event)} goes on at offset ${event.offset} after ${event.stalledMs} ms`;
    case 'offsets.reset':
      return `${name(event)} begins at ${event.to} by policy ${event.policy}, ${event.reason}`;
    default:
      return undefined;
  }
}

function describeFailure(event: KohortEvent): string | undefined {
  switch (event.type) {
    case 'handler.error':
      return `handler failed at ${name(event)} offset ${event.offset}, attempt ${event.attempt}, ${event.action}: ${event.message}`;
    case 'callback.error':
      return `${event.callback} failed: ${event.message}`;
    case 'request.failed':
      return `${event.operation} failed with ${event.error}: ${event.verdict}`;
    case 'retry.scheduled':
      return `${event.operation} failed with ${event.error}, attempt ${event.attempt} in ${event.delayMs} ms`;
    case 'option.warning':
    case 'hook.error':
      return event.message;
    default:
      return undefined;
  }
}

function name({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

function list(partitions: readonly TopicPartition[]): string {
  if (partitions.length === 0) return 'nothing';
  const more = partitions.length > NAMED ? ` and ${partitions.length - NAMED} more` : '';
  return partitions.slice(0, NAMED).map(name).join(', ') + more;
}
