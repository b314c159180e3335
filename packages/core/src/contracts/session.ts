/** What a consumer built on the group manager sees of the membership, and nothing else. */
import type { KohortError } from '../errors/kohort-error.ts';
import type { LossReason } from './hooks.ts';
import type { PartitionOffset, TopicPartition } from './topic-partition.ts';

/** Ownership of one partition, from one assignment to its revocation or loss. */
export interface OwnedPartition extends TopicPartition {
  /** Grows with every change of ownership at this member; what comes back late under another epoch is stale. */
  readonly epoch: number;
  /** Read before each piece of work: false when the partition is revoked or lost, and when the lease has ended at this very moment. */
  readonly owned: boolean;
  /** Aborted when ownership ends. */
  readonly signal: AbortSignal;
}

/** One generation of the group at this member. */
export interface GroupSession {
  /** The fencing token: grows with every rebalance. */
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId?: string;
  readonly isLeader: boolean;
  /** Aborted when the next generation begins, or ownership is lost. */
  readonly signal: AbortSignal;
  /** Undefined when not owned. */
  epochOf(partition: TopicPartition): number | undefined;
  /** Undefined when not owned. */
  owned(partition: TopicPartition): OwnedPartition | undefined;
  /**
   * Commits under the present generation, retrying what is retriable until `timeoutMs` (default: the request timeout) is over.
   * @throws KohortError `KOHORT_NOT_OWNED` for a partition that is not owned, `KOHORT_COMMIT_LOST` where ownership ended
   *   meanwhile, `KOHORT_BROKER` where the coordinator refuses
   */
  commit(offsets: readonly PartitionOffset[], options?: { readonly timeoutMs?: number }): Promise<void>;
  /** Committed offsets; partitions without one are absent. Retried until the signal aborts. */
  committed(
    partitions: readonly TopicPartition[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly PartitionOffset[]>;
  /** Leaves the group because work on `stuck` never ends, and joins again when `until` has settled. */
  stepOut(stuck: readonly TopicPartition[], until: Promise<unknown>): void;
  /** Ends the group for good: a terminal error of the layer above. */
  fail(error: KohortError): void;
}

export interface AssignedContext {
  /** What is new. May be empty: a new generation without a change for this member. */
  readonly partitions: readonly TopicPartition[];
  readonly session: GroupSession;
  /** Aborted when the assignment has been overtaken. */
  readonly signal: AbortSignal;
}

export interface RevokedContext {
  readonly partitions: readonly TopicPartition[];
  readonly session: GroupSession;
  /** Milliseconds until the rebalance goes on without this callback, and the partitions count as lost. */
  readonly deadlineMs: number;
  /** Aborted at the deadline, and when ownership is lost meanwhile. */
  readonly signal: AbortSignal;
  /** `close` when the group is closing, `leave` when the member steps out. */
  readonly reason: 'rebalance' | 'close' | 'leave';
}

export interface LostContext {
  readonly partitions: readonly TopicPartition[];
  readonly reason: LossReason;
}

/** Callbacks around ownership. Awaited, bounded, never overlapping, once for each change of ownership. */
export interface OwnershipCallbacks {
  onAssigned?(context: AssignedContext): void | Promise<void>;
  onRevoked?(context: RevokedContext): void | Promise<void>;
  /** The partitions may already be somebody else's: do not commit for them. Bounded by 5 s, and never delays a rejoin. */
  onLost?(context: LostContext): void | Promise<void>;
}
