/** I2: nothing is begun after the coordinator has removed a member, until it is assigned anew. */
import type { Trace } from '../trace/trace.ts';
import { requireOffset, requirePartition } from './reading.ts';
import { violation } from './violation.ts';

/**
 * I2: from the moment that the coordinator removes a member (`fenced`), it begins no record of a partition before that
 * partition is assigned to it again. A lease that ends before the session does makes it so.
 */
export function assertNoWorkAfterFencing(trace: Trace): void {
  /** By actor: partitions that it has been assigned since it was fenced; absent for actors that never were. */
  const assignedSince = new Map<string, Set<string>>();
  for (const event of trace.events) {
    if (event.type === 'fenced') assignedSince.set(event.actor, new Set());
    const partitions = assignedSince.get(event.actor);
    if (partitions === undefined) continue;
    if (event.type === 'assigned') partitions.add(requirePartition(event));
    else if (event.type === 'record.start' && !partitions.has(requirePartition(event))) {
      const what = `${requirePartition(event)} offset ${requireOffset(event)}`;
      throw violation(
        'I2, no work after fencing',
        `${event.actor} begins ${what} after the coordinator has removed it`,
        trace,
        event,
      );
    }
  }
}
