/** Groups for tests in one line, through the core's own way in: members as they join, and a cluster with racks. */
import {
  type AssignmentPlan,
  type AssignmentProblem,
  type Assignor,
  buildProblem,
  type Clock,
  encodeSubscription,
  type JoinedMember,
  type TopicMetadata,
} from '@kohort/core/spi';

export interface MemberSpec {
  readonly topics: readonly string[];
  readonly instance?: string;
  readonly rack?: string;
}

/** Number of partitions, or for each partition the nodes of its replicas, leader first. Node n is in rack `r<n>`. */
export type TopicSpec = number | readonly (readonly number[])[];

const NODES = 6;

export function problemOf(
  members: Readonly<Record<string, MemberSpec>>,
  topics: Readonly<Record<string, TopicSpec>>,
): AssignmentProblem {
  const joined = Object.entries(members).map(([memberId, spec]) => joinedMember(memberId, spec));
  const brokers = Array.from({ length: NODES }, (_, nodeId) => ({
    nodeId,
    host: 'h',
    port: 1,
    rack: `r${nodeId}`,
  }));
  return buildProblem(joined, { brokers, topics: Object.entries(topics).map(topicMetadata) }).problem;
}

function joinedMember(memberId: string, { topics, instance, rack }: MemberSpec): JoinedMember {
  const metadata = encodeSubscription({
    topics,
    userData: null,
    owned: [],
    generationId: -1,
    rackId: rack ?? null,
  });
  return instance === undefined ? { memberId, metadata } : { memberId, metadata, groupInstanceId: instance };
}

function topicMetadata([name, spec]: [string, TopicSpec]): TopicMetadata {
  const replicas = typeof spec === 'number' ? Array.from({ length: spec }, () => []) : spec;
  return {
    errorCode: 0,
    name,
    internal: false,
    partitions: replicas.map((nodes, partition) => ({
      partition,
      errorCode: 0,
      leader: nodes[0] ?? -1,
      leaderEpoch: 0,
      replicas: nodes,
    })),
  };
}

/** A clock on which no time passes: whatever is asked is done in one slice. */
export const STILL: Clock = {
  monotonic: () => 0,
  wall: () => 0,
  setTimer: () => {
    throw new Error('no time passes here');
  },
};

/** Member id to its partitions as `topic-partition`, in canonical order. */
export function assign(assignor: Assignor, problem: AssignmentProblem): Record<string, string[]> {
  const plan = assignor.assign(problem, {
    signal: new AbortController().signal,
    deadlineMs: 1_000,
    clock: STILL,
  }) as AssignmentPlan;
  return Object.fromEntries(
    problem.members.map(({ memberId }, i) => [
      memberId,
      Array.from((plan.partitions[i] ?? new Int32Array()).toSorted(), (flatId) => {
        const { topic, partition } = problem.partition(flatId);
        return `${topic}-${partition}`;
      }),
    ]),
  );
}
