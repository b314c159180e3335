/** Settings of a group coordinator; names and defaults of a broker are in `GroupCoordinatorConfig` of apache/kafka. */
import type { Clock } from '@kohort/core/spi';
import type { GroupTransition } from './transition.ts';

/** A write to the offsets topic that is about to happen. */
export interface OffsetsTopicAppend {
  readonly groupId: string;
  /** What is written: a group's record (join of a new group, stable assignment, replacement, emptiness) or its offsets. */
  readonly kind: 'group' | 'offsets';
}

export interface GroupCoordinatorOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1); member ids are made from it. */
  readonly random: () => number;
  /** `group.initial.rebalance.delay.ms`, 3000 in Kafka. 0 makes tests quick. */
  readonly initialRebalanceDelayMs: number;
  /** `group.min.session.timeout.ms`, 6000 in Kafka. */
  readonly minSessionTimeoutMs: number;
  /** `group.max.session.timeout.ms`, 1 800 000 in Kafka. */
  readonly maxSessionTimeoutMs: number;
  /** `group.max.size`, the largest int32 in Kafka. */
  readonly groupMaxSize: number;
  /** How long a new member's JoinGroup may stay parked, 300 000 in Kafka. */
  readonly newMemberJoinTimeoutMs: number;
  /** `offsets.retention.minutes` in ms, 7 days in Kafka. */
  readonly offsetsRetentionMs: number;
  /** `offsets.retention.check.interval.ms`, 600 000 unless given. */
  readonly offsetsRetentionCheckIntervalMs?: number;
  /** `offset.metadata.max.bytes`, 4096 in Kafka. Kafka counts UTF-16 code units, and so does this. */
  readonly offsetMetadataMaxBytes: number;
  topicExists(topic: string, partition: number): boolean;
  /**
   * Outcome of a write to the offsets topic as a Kafka error code, 0 for success; writes succeed at once unless given.
   * A promise delays the completion. For faults: a failed write must leave clients able to go on.
   */
  append?(write: OffsetsTopicAppend): number | Promise<number>;
  /** Every move of every group, in order. */
  onTransition?(event: GroupTransition): void;
}
