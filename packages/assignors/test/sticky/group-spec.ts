/** A group as tests of the sticky assignors write it down, and how it becomes the problem that an assignor is given. */
import {
  type AssignmentPlan,
  type AssignmentProblem,
  type Assignor,
  buildProblem,
  encodeSubscription,
  type OwnedPartitions,
  type TopicPartition,
} from '@kohort/core/spi';

export interface StickyMember {
  readonly id: string;
  readonly topics: readonly string[];
  /** As `topic-partition`; anything, since members can claim anything. */
  readonly owned?: readonly string[];
  readonly generation?: number;
  readonly rack?: string;
}

export interface StickyTopic {
  readonly name: string;
  readonly partitions: number;
  /** For each partition the racks of its replicas, leader first; an empty text for a broker without a rack. */
  readonly racks?: readonly (readonly string[])[];
}

export interface StickyGroup {
  readonly members: readonly StickyMember[];
  readonly topics: readonly StickyTopic[];
}

function topicPartition(text: string): TopicPartition {
  const dash = text.lastIndexOf('-');
  return { topic: text.slice(0, dash), partition: Number(text.slice(dash + 1)) };
}

/** Claims go where the assignor looks for them: an eager one has them in the user data alone. */
export function problemFor(assignor: Assignor, { members, topics }: StickyGroup): AssignmentProblem {
  const isEager = !assignor.protocols.includes('cooperative');
  const joined = members.map(({ id, topics: subscribed, owned = [], generation = -1, rack }) => {
    const own: OwnedPartitions = {
      topics: subscribed,
      generationId: generation,
      owned: claimable(owned.map(topicPartition)),
    };
    const metadata = encodeSubscription({
      topics: subscribed,
      userData: assignor.userData?.write(own) ?? null,
      owned: isEager ? [] : own.owned,
      generationId: generation,
      rackId: rack ?? null,
    });
    return { memberId: id, metadata };
  });
  return buildProblem(joined, clusterOf(topics), assignor.userData).problem;
}

/** `a--1` claims the negative partition -1. */
function claimable(partitions: readonly TopicPartition[]): TopicPartition[] {
  return partitions.map(({ topic, partition }) =>
    topic.endsWith('-') ? { topic: topic.slice(0, -1), partition: -partition } : { topic, partition },
  );
}

function clusterOf(topics: readonly StickyTopic[]) {
  const racks = [...new Set(topics.flatMap(({ racks: all = [] }) => all.flat()))];
  return {
    brokers: racks.map((rack, nodeId) => ({
      nodeId,
      host: 'h',
      port: 1,
      ...(rack === '' ? {} : { rack }),
    })),
    topics: topics.map(({ name, partitions, racks: all = [] }) => ({
      errorCode: 0,
      name,
      internal: false,
      partitions: Array.from({ length: partitions }, (_, partition) => {
        const replicas = (all[partition] ?? []).map((rack) => racks.indexOf(rack));
        return { partition, errorCode: 0, leader: replicas[0] ?? -1, leaderEpoch: 0, replicas };
      }),
    })),
  };
}

/** The plan of an assignor that is done in one slice. */
export function planNow(assignor: Assignor, problem: AssignmentProblem): AssignmentPlan {
  const plan = assignor.assign(problem, {
    signal: new AbortController().signal,
    deadlineMs: 60_000,
    clock: STILL,
  });
  if (plan instanceof Promise) throw new Error('the assignor paused although no time has passed');
  return plan;
}

/** A clock on which no time passes: whatever is asked is done in one slice. */
const STILL = {
  monotonic: () => 0,
  wall: () => 0,
  setTimer: () => {
    throw new Error('no time passes here');
  },
};

/** Member id to its partitions as `topic-partition`, in canonical order. */
export function planOf(assignor: Assignor, group: StickyGroup): Record<string, string[]> {
  const problem = problemFor(assignor, group);
  return readable(problem, planNow(assignor, problem));
}

export function readable(problem: AssignmentProblem, plan: AssignmentPlan): Record<string, string[]> {
  return Object.fromEntries(
    problem.members.map(({ memberId }, m) => [
      memberId,
      Array.from((plan.partitions[m] ?? new Int32Array()).toSorted(), (flatId) => {
        const { topic, partition } = problem.partition(flatId);
        return `${topic}-${partition}`;
      }),
    ]),
  );
}

/** The group after it took up a plan, in a generation: everybody claims exactly what it was given. */
export function after(
  group: StickyGroup,
  plan: Readonly<Record<string, readonly string[]>>,
  generation: number,
): StickyGroup {
  return {
    ...group,
    members: group.members.map((member) => ({ ...member, owned: plan[member.id] ?? [], generation })),
  };
}
