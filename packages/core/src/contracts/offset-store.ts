/** Offsets kept outside Kafka, for exactly-once together with the user's own database. */
import type { PartitionOffset, TopicPartition } from './topic-partition.ts';

/** Who asks: the database can fence on the generation. */
export interface OffsetStoreContext {
  readonly generationId: number;
  readonly memberId: string;
  readonly signal: AbortSignal;
}

/** Why offsets are stored. */
export type CommitReason = 'interval' | 'revoke' | 'close' | 'manual';

export interface OffsetStore {
  /**
   * Where to begin. A partition that is absent from the answer has no offset, so the reset policy applies.
   * A rejection is retried with backoff and never leads to a reset.
   */
  load(
    partitions: readonly TopicPartition[],
    context: OffsetStoreContext,
  ): Promise<readonly PartitionOffset[]>;
  /** Absent: the handler stores offsets itself, in its own transaction. */
  store?(
    offsets: readonly PartitionOffset[],
    context: OffsetStoreContext & { readonly reason: CommitReason },
  ): Promise<void>;
  /** Also commit to Kafka, so that tools that watch lag work. */
  readonly mirror?: boolean;
}
