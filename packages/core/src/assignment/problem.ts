/** The packed problem that assignors solve: frozen, in canonical order, with nothing in it that a member made up. */
import type {
  AssignmentMember,
  AssignmentProblem,
  AssignmentTopic,
  Assignor,
  ResolvedOwners,
} from '../contracts/assignor.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import type { JoinedMember, PartitionMetadata } from '../contracts/transport.ts';
import { readClaims, readTopics } from './claims.ts';
import { type GroupMember, readMembers } from './group-members.ts';
import { type MemberIssue, MemberIssues } from './member-issue.ts';
import { ownersSteps, resolveOwners } from './owners.ts';
import { CHUNK, runToEnd, type Steps } from './steps.ts';
import { type AssignmentCluster, indexTopics, type TopicIndex } from './topic-index.ts';
import { TopicNames } from './topic-names.ts';

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
  return runToEnd(problemSteps(joined, cluster, userData));
}

/** As `buildProblem`, with pauses. */
export function* problemSteps(
  joined: readonly JoinedMember[],
  cluster: AssignmentCluster,
  userData?: Assignor['userData'],
): Steps<BuiltProblem> {
  const issues = new MemberIssues();
  const group = yield* readMembers(joined, userData, issues);
  const index = indexTopics(yield* topicsOf(group), cluster);
  yield;
  const members = yield* packMembers(group, index, issues);
  const packed = new PackedProblem(members, index, cluster);
  yield* packed.settleOwners();
  return {
    problem: Object.freeze(packed),
    versions: group.map(({ subscription }) => subscription.version),
    issues: issues.list(),
    topicsWithoutMetadata: index.withoutMetadata,
  };
}

function* topicsOf(group: readonly GroupMember[]): Steps<ReadonlySet<string>> {
  const topics = new Set<string>();
  let last: readonly string[] = [];
  let looked = 0;
  for (const { subscription } of group) {
    // Neighbours are often alike, and share a list.
    if (subscription.topics === last) continue;
    last = subscription.topics;
    for (const topic of last) topics.add(topic);
    looked += last.length;
    if (looked < CHUNK) continue;
    looked = 0;
    yield;
  }
  return topics;
}

function* packMembers(
  group: readonly GroupMember[],
  index: TopicIndex,
  issues: MemberIssues,
): Steps<readonly AssignmentMember[]> {
  const names = new TopicNames(index.topics);
  const members: AssignmentMember[] = [];
  const last: { names: readonly string[]; topics: Int32Array; hasDouble: boolean } = {
    names: [],
    topics: new Int32Array(),
    hasDouble: false,
  };
  let work = 0;
  for (const { memberId, groupInstanceId, subscription, userData } of group) {
    if (subscription.topics !== last.names) {
      last.names = subscription.topics;
      last.topics = readTopics(subscription.topics, index);
      last.hasDouble = new Set(subscription.topics).size < subscription.topics.length;
      work += subscription.topics.length;
    }
    if (last.hasDouble) issues.add(memberId, 'duplicate-topic');
    const { rackId, generationId, owned } = subscription;
    const claims = yield* readClaims(memberId, owned, index, names, issues);
    members.push(
      Object.freeze({
        memberId,
        ...(groupInstanceId === undefined ? {} : { groupInstanceId }),
        ...(rackId === null || rackId === '' ? {} : { rackId }),
        topics: last.topics,
        generationId,
        claims,
        userData,
      }),
    );
    work += claims.length + 1;
    if (work < CHUNK) continue;
    work = 0;
    yield;
  }
  return members;
}

class PackedProblem implements AssignmentProblem {
  readonly members: readonly AssignmentMember[];
  readonly topics: readonly AssignmentTopic[];
  readonly partitionCount: number;
  readonly #topicOf: Int32Array;
  readonly #index: TopicIndex;
  readonly #racks: ReadonlyMap<number, string>;
  /** By topic, of those whose partitions are not listed in order. */
  readonly #places: Int32Array[] = [];
  #owners: ResolvedOwners | undefined;

  constructor(members: readonly AssignmentMember[], index: TopicIndex, cluster: AssignmentCluster) {
    this.members = Object.freeze(members);
    this.topics = Object.freeze(index.topics);
    this.partitionCount = index.partitionCount;
    this.#index = index;
    this.#racks = racksOf(cluster);
    this.#topicOf = new Int32Array(index.partitionCount);
    for (const [t, { base, partitionCount }] of index.topics.entries()) {
      this.#topicOf.fill(t, base, base + partitionCount);
    }
  }

  /** Beforehand, since `owners` cannot pause. */
  *settleOwners(): Steps<void> {
    this.#owners = Object.freeze(yield* ownersSteps(this));
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

  /** Partitions of a topic are listed in order as a rule. */
  #metadata(flatId: number): PartitionMetadata | undefined {
    const t = this.topicOf(flatId);
    const number = flatId - (this.topics[t]?.base ?? 0);
    const listed = this.#index.metadata[t]?.partitions;
    const likely = listed?.[number];
    if (likely === undefined || likely.partition === number) return likely;
    return listed?.[this.#placesOf(t)[number] ?? -1];
  }

  /** Where the metadata of each partition of a topic stands, -1 for nowhere. */
  #placesOf(t: number): Int32Array {
    const known = this.#places[t];
    if (known !== undefined) return known;
    const listed = this.#index.metadata[t]?.partitions ?? [];
    const places = new Int32Array(listed.length).fill(-1);
    for (const [i, { partition }] of listed.entries()) {
      if (partition >= 0 && partition < places.length) places[partition] = i;
    }
    this.#places[t] = places;
    return places;
  }

  leader(flatId: number): number {
    return this.#metadata(flatId)?.leader ?? -1;
  }

  leaderRack(flatId: number): string | undefined {
    return this.#racks.get(this.leader(flatId));
  }

  replicaRacks(flatId: number): readonly string[] {
    const racks = new Set<string>();
    for (const node of this.#metadata(flatId)?.replicas ?? []) {
      const rack = this.#racks.get(node);
      if (rack !== undefined) racks.add(rack);
    }
    return [...racks];
  }
}

function racksOf({ brokers }: AssignmentCluster): Map<number, string> {
  const racks = new Map<number, string>();
  for (const { nodeId, rack } of brokers) {
    if (nodeId !== undefined && rack !== undefined) racks.set(nodeId, rack);
  }
  return racks;
}
