/** The packed problem that assignors solve: frozen, in canonical order, with nothing in it that a member made up. */
import type {
  AssignmentMember,
  AssignmentProblem,
  AssignmentTopic,
  Assignor,
  ResolvedOwners,
} from '../contracts/assignor.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import type { JoinedMember } from '../contracts/transport.ts';
import { readClaims, readTopics } from './claims.ts';
import { type GroupMember, readMembers } from './group-members.ts';
import { type MemberIssue, MemberIssues } from './member-issue.ts';
import { resolveOwners } from './owners.ts';
import { type AssignmentCluster, indexTopics, type TopicIndex } from './topic-index.ts';

/** A problem, and what was learnt while it was built. */
export interface BuiltProblem {
  readonly problem: AssignmentProblem;
  /** Version of each member's subscription, by index: its assignment is written in that version. */
  readonly versions: readonly number[];
  readonly issues: readonly MemberIssue[];
  /** Subscribed topics that the cluster does not know. */
  readonly topicsWithoutMetadata: readonly string[];
}

/** @param userData how the assignor reads the members' user data */
export function buildProblem(
  joined: readonly JoinedMember[],
  cluster: AssignmentCluster,
  userData?: Assignor['userData'],
): BuiltProblem {
  const issues = new MemberIssues();
  const group = readMembers(joined, userData, issues);
  const index = indexTopics(allTopics(group), cluster);
  const members = group.map((member) => packMember(member, index, issues));
  return {
    problem: Object.freeze(new PackedProblem(members, index, cluster)),
    versions: group.map(({ subscription }) => subscription.version),
    issues: issues.list(),
    topicsWithoutMetadata: index.withoutMetadata,
  };
}

function* allTopics(group: readonly GroupMember[]): Generator<string> {
  for (const { subscription } of group) yield* subscription.topics;
}

function packMember(member: GroupMember, index: TopicIndex, issues: MemberIssues): AssignmentMember {
  const { memberId, groupInstanceId, subscription, userData } = member;
  const { rackId } = subscription;
  return Object.freeze({
    memberId,
    ...(groupInstanceId === undefined ? {} : { groupInstanceId }),
    ...(rackId === null || rackId === '' ? {} : { rackId }),
    topics: readTopics(memberId, subscription.topics, index, issues),
    generationId: subscription.generationId,
    claims: readClaims(memberId, subscription.owned, index, issues),
    userData,
  });
}

/** Where each partition lives, by flat id. */
interface Placement {
  readonly leaders: Int32Array;
  readonly replicas: readonly (readonly number[])[];
  readonly racks: ReadonlyMap<number, string>;
}

function placementOf(index: TopicIndex, cluster: AssignmentCluster): Placement {
  const leaders = new Int32Array(index.partitionCount).fill(-1);
  const replicas: (readonly number[])[] = Array.from({ length: index.partitionCount }, () => []);
  for (const [t, { base, partitionCount }] of index.topics.entries()) {
    for (const { partition, leader, replicas: nodes } of index.metadata[t]?.partitions ?? []) {
      if (partition < 0 || partition >= partitionCount) continue;
      leaders[base + partition] = leader;
      replicas[base + partition] = nodes;
    }
  }
  const racks = new Map<number, string>();
  for (const { nodeId, rack } of cluster.brokers) {
    if (nodeId !== undefined && rack !== undefined) racks.set(nodeId, rack);
  }
  return { leaders, replicas, racks };
}

class PackedProblem implements AssignmentProblem {
  readonly members: readonly AssignmentMember[];
  readonly topics: readonly AssignmentTopic[];
  readonly partitionCount: number;
  readonly #topicOf: Int32Array;
  readonly #placement: Placement;
  #owners: ResolvedOwners | undefined;

  constructor(members: readonly AssignmentMember[], index: TopicIndex, cluster: AssignmentCluster) {
    this.members = Object.freeze(members);
    this.topics = Object.freeze(index.topics);
    this.partitionCount = index.partitionCount;
    this.#placement = placementOf(index, cluster);
    this.#topicOf = new Int32Array(index.partitionCount);
    for (const [t, { base, partitionCount }] of index.topics.entries()) {
      this.#topicOf.fill(t, base, base + partitionCount);
    }
  }

  owners(): ResolvedOwners {
    this.#owners ??= Object.freeze(resolveOwners(this));
    return this.#owners;
  }

  topicOf(flatId: number): number {
    return this.#topicOf[flatId] ?? -1;
  }

  partition(flatId: number): TopicPartition {
    const topic = this.topics[this.topicOf(flatId)];
    if (topic === undefined) throw new RangeError(`no partition ${flatId}: there are ${this.partitionCount}`);
    return { topic: topic.name, partition: flatId - topic.base };
  }

  leader(flatId: number): number {
    return this.#placement.leaders[flatId] ?? -1;
  }

  leaderRack(flatId: number): string | undefined {
    return this.#placement.racks.get(this.leader(flatId));
  }

  replicaRacks(flatId: number): readonly string[] {
    const racks = new Set<string>();
    for (const node of this.#placement.replicas[flatId] ?? []) {
      const rack = this.#placement.racks.get(node);
      if (rack !== undefined) racks.add(rack);
    }
    return [...racks];
  }
}
