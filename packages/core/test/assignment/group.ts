/** Groups for tests in one line: members as they join, a cluster, and plans as readable maps. */

import { buildProblem } from '../../src/assignment/problem.ts';
import type { AssignmentCluster } from '../../src/assignment/topic-index.ts';
import type { AssignmentPlan, AssignmentProblem } from '../../src/contracts/assignor.ts';
import type { Clock } from '../../src/contracts/clock.ts';
import type { TopicPartition } from '../../src/contracts/topic-partition.ts';
import type { JoinedMember } from '../../src/contracts/transport.ts';
import { encodeSubscription } from '../../src/wire/subscription.ts';

export interface MemberSpec {
  readonly topics: readonly string[];
  readonly instance?: string;
  readonly rack?: string;
  /** As `topic-partition`. */
  readonly owned?: readonly string[];
  readonly generation?: number;
  readonly userData?: Uint8Array;
  readonly version?: number;
}

/** `orders-10` as topic and partition. */
function tp(text: string): TopicPartition {
  const dash = text.lastIndexOf('-');
  return { topic: text.slice(0, dash), partition: Number(text.slice(dash + 1)) };
}

export function member(memberId: string, spec: MemberSpec): JoinedMember {
  const metadata = encodeSubscription(
    {
      topics: spec.topics,
      userData: spec.userData ?? null,
      owned: (spec.owned ?? []).map(tp),
      generationId: spec.generation ?? -1,
      rackId: spec.rack ?? null,
    },
    spec.version,
  );
  return { memberId, metadata, ...(spec.instance === undefined ? {} : { groupInstanceId: spec.instance }) };
}

/** A cluster of brokers 0 to 2 in racks r0 to r2; partition p of every topic is led by p mod 3, with one more replica. */
export function cluster(topics: readonly (readonly [name: string, partitions: number])[]): AssignmentCluster {
  return {
    brokers: [0, 1, 2].map((nodeId) => ({ nodeId, host: 'h', port: 1, rack: `r${nodeId}` })),
    topics: topics.map(([name, count]) => ({
      errorCode: 0,
      name,
      internal: false,
      partitions: Array.from({ length: count }, (_, partition) => ({
        partition,
        errorCode: 0,
        leader: partition % 3,
        leaderEpoch: 0,
        replicas: [partition % 3, (partition + 1) % 3],
      })),
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

export function problemOf(
  members: Readonly<Record<string, MemberSpec>>,
  topics: readonly (readonly [name: string, partitions: number])[],
): AssignmentProblem {
  const joined = Object.entries(members).map(([id, spec]) => member(id, spec));
  return buildProblem(joined, cluster(topics)).problem;
}

/** Member id to its partitions as `topic-partition`, in canonical order. */
export function readable(problem: AssignmentProblem, plan: AssignmentPlan): Record<string, string[]> {
  return Object.fromEntries(
    problem.members.map(({ memberId }, i) => [
      memberId,
      names(problem, (plan.partitions[i] ?? new Int32Array()).toSorted()),
    ]),
  );
}

export function names(problem: AssignmentProblem, flatIds: Iterable<number>): string[] {
  return Array.from(flatIds, (flatId) => {
    const { topic, partition } = problem.partition(flatId);
    return `${topic}-${partition}`;
  });
}

/** Flat id of `topic-partition`. */
export function flat(problem: AssignmentProblem, text: string): number {
  const { topic, partition } = tp(text);
  const base = problem.topics.find(({ name }) => name === topic)?.base;
  if (base === undefined) throw new Error(`no topic ${topic}`);
  return base + partition;
}

/** A plan out of member id to `topic-partition` names. */
export function planOf(
  problem: AssignmentProblem,
  plan: Readonly<Record<string, readonly string[]>>,
): AssignmentPlan {
  return {
    partitions: problem.members.map(({ memberId }) =>
      Int32Array.from(plan[memberId] ?? [], (name) => flat(problem, name)),
    ),
  };
}
