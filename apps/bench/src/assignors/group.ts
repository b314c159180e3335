/** A group at the moment of a rebalance, the same for everybody that is measured. */
import {
  type AssignmentPlan,
  buildProblem,
  encodeSubscription,
  type JoinedMember,
  type TopicMetadata,
} from '@kohort/core/spi';
import type { Shape } from './shapes.ts';

export interface BenchMember {
  readonly id: string;
  /** Indexes of topics. */
  readonly topics: readonly number[];
  /** Flat ids: partitions of all topics counted through. */
  readonly owned: Int32Array;
}

export interface BenchGroup {
  readonly topics: readonly number[];
  readonly members: readonly BenchMember[];
}

export type Event = 'fresh' | 'leave' | 'join';
export const EVENTS: readonly Event[] = ['fresh', 'leave', 'join'];

const NOTHING = new Int32Array();
const topicName = (t: number) => `topic-${String(t).padStart(4, '0')}`;
const memberId = (m: number) => `member-${String(m).padStart(5, '0')}`;

export function freshGroup({ topics, subscriptions }: Omit<Shape, 'name'>): BenchGroup {
  return {
    topics,
    members: subscriptions.map((own, m) => ({ id: memberId(m), topics: own, owned: NOTHING })),
  };
}

/** The group after a plan: one member in the middle has left, or one that subscribes to everything has joined. */
export function groupAfter(group: BenchGroup, plan: AssignmentPlan, event: Event): BenchGroup {
  if (event === 'fresh') return group;
  const members = group.members.map((member, m) => ({ ...member, owned: plan.partitions[m] ?? NOTHING }));
  if (event === 'leave') members.splice(members.length >> 1, 1);
  else members.push({ id: memberId(members.length), topics: group.topics.map((_, t) => t), owned: NOTHING });
  return { topics: group.topics, members };
}

/** What JoinGroup hands to the leader. */
export function joinedMembers({ topics, members }: BenchGroup): JoinedMember[] {
  const partitions = topics.flatMap((count, t) =>
    Array.from({ length: count }, (_, partition) => ({ topic: topicName(t), partition })),
  );
  return members.map(({ id, topics: own, owned }) => ({
    memberId: id,
    metadata: encodeSubscription({
      topics: own.map(topicName),
      userData: null,
      owned: Array.from(owned).flatMap((flatId) => partitions[flatId] ?? []),
      generationId: owned.length > 0 ? 1 : -1,
      rackId: null,
    }),
  }));
}

export function clusterOf({ topics }: BenchGroup) {
  return {
    brokers: [],
    topics: topics.map(
      (count, t): TopicMetadata => ({
        errorCode: 0,
        name: topicName(t),
        internal: false,
        partitions: Array.from({ length: count }, (_, partition) => ({
          partition,
          errorCode: 0,
          leader: 0,
          leaderEpoch: 0,
          replicas: [0],
        })),
      }),
    ),
  };
}

/** A group as a problem. Its flat ids are those of the group as long as every topic has subscribers and partitions. */
export function problemOf(group: BenchGroup) {
  return buildProblem(joinedMembers(group), clusterOf(group)).problem;
}

/** For peers: topics in the first line, then a line for each member; numbers separated by blanks, fields by bars. */
export function groupText({ topics, members }: BenchGroup): string {
  const lines = members.map(({ id, topics: own, owned }) => `${id}|${own.join(' ')}|${owned.join(' ')}`);
  return `${topics.join(' ')}\n${lines.join('\n')}\n`;
}
