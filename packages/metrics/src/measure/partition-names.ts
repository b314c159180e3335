/** Partitions as label values: where the user asks for them, and then a bounded number of them. */
import type { TopicPartition } from '@kohort/core/spi';
import { MAX_PARTITIONS } from '../catalogue/label-values.ts';
import type { Labels } from './measurements.ts';

export class PartitionNames {
  /** Whether partitions have metrics of their own. */
  readonly areTold: boolean;
  /** Never forgotten, so that partitions that come and go do not make new series without end. */
  readonly #known = new Set<string>();

  constructor(areTold: boolean) {
    this.areTold = areTold;
  }

  /** Null for a partition that has none: nobody asked, or it is past the bound. */
  labels({ topic, partition }: TopicPartition): Labels | null {
    if (!this.areTold) return null;
    const key = `${partition} ${topic}`;
    if (!this.#known.has(key)) {
      if (this.#known.size >= MAX_PARTITIONS) return null;
      this.#known.add(key);
    }
    return { topic, partition: String(partition) };
  }
}
