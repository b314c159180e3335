/** Assignment problems in the oracle's words, generated, and what Kohort's assignors make of them. */
import type { Assignor } from '@kohort/core/spi';
import { buildProblem, encodeSubscription } from '@kohort/core/spi';
import fc from 'fast-check';
import type { OracleMember, OraclePlan, OracleProblem, OracleTopic } from '../../../kafka/java-oracle.ts';

const RACKS = ['rack-a', 'rack-b', 'rack-c'];
const NAMES = ['a', 'b', 'B', 'a.b', 'orders', '__proto__', 'constructor'];

const rack = fc.option(fc.constantFrom(...RACKS), { nil: null, freq: 4 });

/** Several topics with equally many partitions are what co-partitioning in the range assignor is about. */
function topic(name: string): fc.Arbitrary<OracleTopic> {
  const partitions = fc.oneof(fc.constantFrom(3, 6), fc.integer({ min: 1, max: 12 }));
  return partitions.chain((count) => {
    const racks = fc.array(fc.uniqueArray(rack, { minLength: 1, maxLength: 3 }), {
      minLength: count,
      maxLength: count,
    });
    return fc.option(racks, { nil: undefined }).map((replicaRacks) => ({
      name,
      partitions: count,
      ...(replicaRacks === undefined ? {} : { replicaRacks }),
    }));
  });
}

function member(memberId: string, names: readonly string[], withRacks: boolean): fc.Arbitrary<OracleMember> {
  // Most members of real groups subscribe to everything.
  const all = { weight: 2, arbitrary: fc.constant([...names]) };
  const topics = fc.oneof(all, { weight: 1, arbitrary: fc.subarray([...names], { minLength: 1 }) });
  const instance = fc.option(fc.constantFrom('z', 'm', 'a'), { nil: undefined, freq: 2 });
  return fc
    .record({ topics, instance, rackId: withRacks ? rack : fc.constant(null) })
    .map(({ topics: subscribed, instance: prefix, rackId }) => ({
      memberId,
      topics: subscribed,
      ...(prefix === undefined ? {} : { groupInstanceId: `${prefix}-${memberId}` }),
      ...(rackId === null ? {} : { rack: rackId }),
    }));
}

/** One to six topics, one to eight members, with and without racks, dynamic and static. */
export function problems(assignor: 'range' | 'roundrobin'): fc.Arbitrary<OracleProblem> {
  const names = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 6 });
  const ids = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9._-]{1,6}$/), { minLength: 1, maxLength: 8 });
  return fc.tuple(names, ids, fc.boolean()).chain(([topicNames, memberIds, withRacks]) =>
    fc
      .record({
        topics: fc.tuple(...topicNames.map(topic)),
        members: fc.tuple(...memberIds.map((id) => member(id, topicNames, withRacks))),
      })
      .map(({ topics, members }) => ({ assignor, topics, members })),
  );
}

/** Node ids by rack, as the oracle has them: one node for each rack, and one without. */
function nodeOf(name: string | null): number {
  return name === null ? 0 : 1 + RACKS.indexOf(name);
}

const BROKERS = [
  { nodeId: 0, host: 'localhost', port: 9092 },
  ...RACKS.map((name, index) => ({ nodeId: index + 1, host: 'localhost', port: 9092, rack: name })),
];

/** The same problem, given to one of Kohort's assignors the way a leader does: from the members' bytes. */
export async function solve(assignor: Assignor, problem: OracleProblem): Promise<OraclePlan> {
  const joined = problem.members.map(({ memberId, groupInstanceId, rack: rackId, topics }) => ({
    memberId,
    ...(groupInstanceId === undefined ? {} : { groupInstanceId }),
    metadata: encodeSubscription({
      topics,
      userData: null,
      owned: [],
      generationId: -1,
      rackId: rackId ?? null,
    }),
  }));
  const topics = problem.topics.map(({ name, partitions, replicaRacks }) => ({
    errorCode: 0,
    name,
    internal: false,
    partitions: Array.from({ length: partitions }, (_, partition) => {
      const replicas = (replicaRacks?.[partition] ?? []).map(nodeOf);
      return { partition, errorCode: 0, leader: replicas[0] ?? -1, leaderEpoch: -1, replicas };
    }),
  }));
  const built = buildProblem(joined, { brokers: BROKERS, topics }, assignor.userData);
  const context = { signal: new AbortController().signal, deadlineMs: 60_000 };
  const plan = await assignor.assign(built.problem, context);
  return new Map(
    built.problem.members.map(({ memberId }, index) => [
      memberId,
      [...(plan.partitions[index] ?? [])].map((flatId) => built.problem.partition(flatId)),
    ]),
  );
}

/** Plans as comparable text: members in order, their partitions in order. */
export function planText(plan: OraclePlan): readonly string[] {
  return [...plan]
    .map(([memberId, partitions]) => {
      const list = partitions.map((one) => `${one.topic}-${one.partition}`).toSorted();
      return `${memberId}: ${list.join(' ')}`;
    })
    .toSorted();
}
