/** Where the partitions of each topic begin among the flat ids, for the engine. */
import type { AssignmentProblem } from '@kohort/core/spi';

/** Flat id of each topic's partition 0, and the number of all partitions as last entry. */
export function topicBases({ topics, partitionCount }: AssignmentProblem): Int32Array {
  const bases = new Int32Array(topics.length + 1);
  for (let t = 0; t < topics.length; t++) bases[t] = topics[t]?.base ?? 0;
  bases[topics.length] = partitionCount;
  return bases;
}
