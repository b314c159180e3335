/** Faults of writes to `__consumer_offsets`: slow ones, and ones that fail. */
import type { OffsetsTopicAppend } from '../group/group-coordinator.ts';

/** Outcome of a write as a Kafka error code, 0 for success; undefined leaves it to others. A promise delays the write. */
export type AppendFault = (write: OffsetsTopicAppend) => number | Promise<number> | undefined;

export class OffsetsAppendFaults {
  readonly #faults = new Set<AppendFault>();

  add(fault: AppendFault): () => void {
    this.#faults.add(fault);
    return () => this.#faults.delete(fault);
  }

  clear(): void {
    this.#faults.clear();
  }

  /** What the coordinators ask before they take a write for done. */
  readonly outcome = (write: OffsetsTopicAppend): number | Promise<number> => {
    for (const fault of this.#faults) {
      const outcome = fault(write);
      if (outcome !== undefined) return outcome;
    }
    return 0;
  };
}
