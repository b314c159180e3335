/** The invariant of commits. */
import type { Trace } from '../trace/trace.ts';
import { requireOffset, requirePartition } from './reading.ts';
import { violation } from './violation.ts';

/** I6: accepted commits of a partition never go back, unless a `seek` is in the trace. */
export function assertMonotonicCommits(trace: Trace): void {
  const committed = new Map<string, bigint>();
  for (const event of trace.events) {
    if (event.type === 'seek') {
      committed.delete(requirePartition(event));
    } else if (event.type === 'commit') {
      const partition = requirePartition(event);
      const offset = requireOffset(event);
      const previous = committed.get(partition);
      if (previous !== undefined && offset < previous) {
        throw violation(
          'I6, monotonic commits',
          `${partition} goes back from ${previous} to ${offset}`,
          trace,
          event,
        );
      }
      committed.set(partition, offset);
    }
  }
}
