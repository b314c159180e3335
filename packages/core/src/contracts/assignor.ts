/**
 * The assignor contract: members and cluster in, plan out. An assignor knows no client and does no I/O.
 *
 * The problem is packed: members, topics and partitions are small integers, so that an assignor for 100,000
 * partitions need not build an object for each. Flat partition id = `topics[t].base + partition`.
 */
import type { Clock } from './clock.ts';
import type { TopicPartition } from './topic-partition.ts';

export const ASSIGNOR_CONTRACT_VERSION = 1;

/** Eager members give up everything before a rebalance; cooperative ones keep what they own (KIP-429). */
export type RebalanceProtocol = 'eager' | 'cooperative';

/** A member as the assignor sees it. All arrays are in canonical order. */
export interface AssignmentMember {
  readonly memberId: string;
  readonly groupInstanceId?: string;
  readonly rackId?: string;
  /** Indexes into `problem.topics`, ascending, unique; topics without metadata are left out. */
  readonly topics: Int32Array;
  /** Generation under which `claims` were assigned, -1 for none (KIP-792). */
  readonly generationId: number;
  /** Flat ids of the partitions that the member says it owns, ascending, unique, known to the cluster. */
  readonly claims: Int32Array;
  /** What the assignor's `userData.read` made of the member's bytes; undefined without bytes or where reading failed. */
  readonly userData: unknown;
}

/** A topic that at least one member subscribes to and that has at least one partition. */
export interface AssignmentTopic {
  readonly name: string;
  readonly partitionCount: number;
  /** Flat id of partition 0. */
  readonly base: number;
}

/** Who owned what, with contradictions resolved: the highest generation wins, equal ones cancel each other (KAFKA-12984). */
export interface ResolvedOwners {
  /** For each flat partition id the index of its undisputed present owner, or -1. */
  readonly owner: Int32Array;
  /** For each flat partition id the index of the owner of the generation before, or -1. */
  readonly previousOwner: Int32Array;
  /** Flat ids that two members claim under the same, highest generation. */
  readonly conflicts: Int32Array;
}

/** Frozen, in canonical order: members by member id, topics by name, both by UTF-16 code units. */
export interface AssignmentProblem {
  readonly members: readonly AssignmentMember[];
  readonly topics: readonly AssignmentTopic[];
  readonly partitionCount: number;
  owners(): ResolvedOwners;
  /** Topic and partition number of a flat id. */
  partition(flatId: number): TopicPartition;
  /** Index of the topic that a flat id belongs to. */
  topicOf(flatId: number): number;
  /** Node id of the leader, -1 for none. */
  leader(flatId: number): number;
  /** Rack of the leader; undefined where unknown. */
  leaderRack(flatId: number): string | undefined;
  /** Racks of all replicas, offline ones included, unique, in replica order. */
  replicaRacks(flatId: number): readonly string[];
}

/** Collects a plan. A partition that is given twice, or to nobody, is found by the core's validation. */
export interface PlanBuilder {
  /**
   * @param member index into `problem.members`
   * @param flatId flat partition id
   * @throws RangeError for a member or partition that the problem does not have
   */
  give(member: number, flatId: number): void;
  build(): AssignmentPlan;
}

/** For each member of the problem, by index: flat partition ids in any order, and optional user data for that member. */
export interface AssignmentPlan {
  readonly partitions: readonly Int32Array[];
  readonly userData?: readonly (Uint8Array | null)[];
}

/** What a member owns, as its own assignor is told. */
export interface OwnedPartitions {
  readonly topics: readonly string[];
  readonly generationId: number;
  readonly owned: readonly TopicPartition[];
}

export interface AssignorContext {
  /** Aborted when the deadline has passed or the rebalance has been overtaken. */
  readonly signal: AbortSignal;
  /** Milliseconds that the assignor may take. */
  readonly deadlineMs: number;
  /** Time as the group has it, to make pauses by: a long computation must let heartbeats through. Default: real time. */
  readonly clock?: Clock;
}

/**
 * A partition assignor, made by `defineAssignor`. The plan is a function of the problem only. Members of a group
 * agree on an assignor by its name. The core parses and sanitises what members claim, orders everything,
 * validates the plan, and defers moves that would be unsafe under the cooperative protocol: assignors never have to.
 */
export interface Assignor {
  readonly name: string;
  readonly contractVersion: number;
  readonly protocols: readonly RebalanceProtocol[];
  readonly userData?: {
    /** Bytes to send along with the subscription; equal input must give equal bytes. */
    write(own: OwnedPartitions): Uint8Array | null;
    /** May throw on bytes that it does not know: the member then counts as one without claims. */
    read(bytes: Uint8Array): unknown;
  };
  /** Told after each assignment, before the next `userData.write`. */
  onAssignment?(
    own: OwnedPartitions & { readonly memberId: string; readonly userData: Uint8Array | null },
  ): void;
  assign(problem: AssignmentProblem, context: AssignorContext): AssignmentPlan | Promise<AssignmentPlan>;
}

/** A member as the plain assignment function sees it. */
export interface PlainMember {
  readonly memberId: string;
  readonly groupInstanceId?: string;
  readonly rackId?: string;
  readonly topics: readonly string[];
  readonly owned: readonly TopicPartition[];
}

/** A custom assignment in one function: member id to partitions. Eager, and `custom` on the wire. */
export type AssignmentFunction = (
  members: readonly PlainMember[],
  partitions: readonly TopicPartition[],
) => ReadonlyMap<string, readonly TopicPartition[]> | Promise<ReadonlyMap<string, readonly TopicPartition[]>>;
