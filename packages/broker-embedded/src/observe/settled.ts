/** Whether a group has nothing left to do. */
import type { Topics } from '../cluster/topics.ts';
import type { GroupSnapshot } from '../group/group-coordinator.ts';

/**
 * True when the group is stable and has committed everything that was produced to the topics it subscribes to. Control
 * records and aborted transactions need no commit. A partition without a committed offset counts as done only while it
 * is empty.
 */
export function isSettled(group: GroupSnapshot | undefined, topics: Topics): boolean {
  if (group === undefined || group.state !== 'Stable' || group.pendingSync.length > 0) return false;
  return (group.subscribedTopics ?? []).every((name) =>
    (topics.get(name)?.partitions ?? []).every(({ index, log }) => {
      const end = log.deliverableEnd;
      if (end <= log.startOffset) return true;
      const committed = group.offsets.find(({ topic, partition }) => topic === name && partition === index);
      return committed !== undefined && committed.offset >= end;
    }),
  );
}
