/** From a specification to the packed problem, the way it goes in a group: what members send, through the core. */
import {
  type AssignmentProblem,
  type Assignor,
  buildProblem,
  encodeSubscription,
  type JoinedMember,
  type TopicMetadata,
  type TopicPartition,
} from '@kohort/core/spi';
import { parseProblem } from './parse-problem.ts';
import type { MemberSpec, ProblemSpec, TopicSpec } from './problem-spec.ts';

/**
 * The problem that a line from a failure message, or your own, describes: `t:3 u:2 | a{t,u} @4 owns=t:0,1 | b{u}`.
 *
 * @param make the assignor whose user data the members send; without it claims are in the subscriptions alone
 * @throws SyntaxError where the line cannot be read
 */
export function assignmentProblem(text: string, make?: () => Assignor): AssignmentProblem {
  return problemOf(parseProblem(text), make);
}

/**
 * @param make the leader's assignor: it reads the user data
 * @param writerOf the assignor of each member, by its place in the specification
 */
export function problemOf(
  spec: ProblemSpec,
  make?: () => Assignor,
  writerOf: (member: number) => Assignor | undefined = () => make?.(),
): AssignmentProblem {
  return buildProblem(joinedOf(spec, writerOf), clusterOf(spec), make?.().userData).problem;
}

/** What JoinGroup brings to the leader. */
export function joinedOf(
  { members }: ProblemSpec,
  writerOf: (member: number) => Assignor | undefined,
): JoinedMember[] {
  return members.map((member, m) => join(member, writerOf(m)));
}

function clusterOf(spec: ProblemSpec) {
  const racks = racksOf(spec);
  const brokers = racks.map((rack, nodeId) => ({ nodeId, host: 'localhost', port: 9092 + nodeId, rack }));
  return { brokers, topics: spec.topics.map((topic) => metadataOf(topic, racks)) };
}

/** Each rack of a replica has one broker, whose number is the index here. */
function racksOf({ topics }: ProblemSpec): string[] {
  return [...new Set(topics.flatMap(({ racks = [] }) => racks.flat()))];
}

function join(member: MemberSpec, assignor: Assignor | undefined): JoinedMember {
  const { id: memberId, topics, generation: generationId, rack, instance } = member;
  const owned = ownedBy(member);
  // Under an eager assignor a member has given up everything before it joins.
  const isCooperative = assignor === undefined || assignor.protocols.includes('cooperative');
  const metadata = encodeSubscription({
    topics,
    userData: userDataOf(member, owned, assignor),
    owned: isCooperative ? owned : [],
    generationId,
    rackId: rack ?? null,
  });
  return instance === undefined ? { memberId, metadata } : { memberId, metadata, groupInstanceId: instance };
}

function ownedBy({ owns }: MemberSpec): TopicPartition[] {
  return owns.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}

function userDataOf(
  member: MemberSpec,
  owned: readonly TopicPartition[],
  assignor: Assignor | undefined,
): Uint8Array | null {
  const { id: memberId, topics, generation: generationId, data } = member;
  if (generationId >= 0) assignor?.onAssignment?.({ memberId, topics, generationId, owned, userData: null });
  if (data !== undefined)
    return Uint8Array.from(data.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  // Copies, so that an assignor which changes what it is handed does not change the specification.
  return assignor?.userData?.write({ topics: [...topics], generationId, owned: [...owned] }) ?? null;
}

function metadataOf({ name, partitions, racks = [] }: TopicSpec, numbers: readonly string[]): TopicMetadata {
  return {
    errorCode: 0,
    name,
    internal: false,
    partitions: Array.from({ length: partitions }, (_, partition) => {
      const replicas = (racks[partition] ?? []).map((rack) => numbers.indexOf(rack));
      return { partition, errorCode: 0, leader: replicas[0] ?? -1, leaderEpoch: 0, replicas };
    }),
  };
}
