// The transports against real brokers: every call, the errors that brokers really send, and the ways in.

import {
  type BrokerAddress,
  encodeAssignment,
  encodeSubscription,
  type GroupTransport,
} from '@kohort/core/spi';
import { Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { kafkajsConfig } from '../../kafka/client-properties.ts';
import { type KafkaCluster, startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { createTopic, uniqueName } from '../../kafka/topics.ts';
import { TRANSPORTS } from '../../kafka/transports.ts';
import { CURRENT_KAFKA, PREVIOUS_KAFKA } from '../../kafka/versions.ts';
import { CALL, closeTransports, failureOf, transportBy, transportFrom } from './support/transports.ts';

afterAll(closeTransports);

/** Brokers answer about partitions in an order of their own. */
function byPartition<P extends { readonly partition: number }>(partitions: readonly P[]): readonly P[] {
  return [...partitions].sort((a, b) => a.partition - b.partition);
}

/** Ten records for each of two partitions, exactly: without idempotence a retry of kafkajs would write some twice. */
async function produceOnce(cluster: KafkaCluster, topic: string): Promise<void> {
  const producer = new Kafka(kafkajsConfig(cluster)).producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const messages = Array.from({ length: 20 }, (_, n) => ({ partition: n % 2, value: `value-${n}` }));
  await producer.send({ topic, acks: -1, messages });
  await producer.disconnect();
}

/** One member of a group with the answers that the next request needs. */
interface Member {
  readonly groupId: string;
  readonly coordinator: BrokerAddress;
  readonly memberId: string;
  readonly generationId: number;
}

function joinRequest(groupId: string, topic: string, memberId: string) {
  const metadata = encodeSubscription({
    topics: [topic],
    userData: null,
    owned: [],
    generationId: -1,
    rackId: null,
  });
  return {
    groupId,
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    memberId,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata }],
    reason: `test ${'x'.repeat(300)}`,
  };
}

/** Joins as the only member, in the two steps of KIP-394, and takes partition 0. */
async function joined(transport: GroupTransport, topic: string): Promise<Member> {
  const groupId = uniqueName('group');
  const found = await transport.findCoordinator(groupId, CALL);
  const { coordinator } = found;
  if (coordinator === null) throw new Error(`no coordinator: ${found.errorCode}`);
  const first = await transport.joinGroup(coordinator, joinRequest(groupId, topic, ''), CALL);
  expect(first).toMatchObject({ errorCode: 79 });
  const { memberId, generationId, errorCode, leaderId, members } = await transport.joinGroup(
    coordinator,
    joinRequest(groupId, topic, first.memberId),
    CALL,
  );
  expect({ errorCode, leaderId }).toEqual({ errorCode: 0, leaderId: memberId });
  expect(members).toMatchObject([
    { memberId, metadata: joinRequest(groupId, topic, '').protocols[0]?.metadata },
  ]);
  const assignment = encodeAssignment([{ topic, partitions: [0] }]);
  const synced = await transport.syncGroup(
    coordinator,
    {
      groupId,
      generationId,
      memberId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [{ memberId, assignment }],
    },
    CALL,
  );
  expect(synced.errorCode).toBe(0);
  expect(Buffer.from(synced.assignment)).toEqual(Buffer.from(assignment));
  return { groupId, coordinator, memberId, generationId };
}

for (const version of [CURRENT_KAFKA, PREVIOUS_KAFKA]) {
  describeKafka(`Kafka ${version}`, await kafkaAvailable(version), () => {
    let cluster: KafkaCluster;
    const topic = uniqueName('transport');

    beforeAll(async () => {
      cluster = await startKafka({ version });
      await createTopic(cluster, topic, 2);
      await produceOnce(cluster, topic);
    });
    afterAll(() => cluster?.stop());

    describe.each(['kafkajs', 'tcp'] as const)('by %s', (kind) => {
      let transport: GroupTransport;
      let leader: BrokerAddress;
      let id: string;

      beforeAll(() => {
        transport = transportFrom(TRANSPORTS[kind](cluster));
      });

      test('connect tells brokers and features', async () => {
        const info = await transport.connect(CALL);
        expect(info.clusterId).toMatch(/\S+/);
        expect(info.brokers.length).toBe(cluster.brokers.length);
        expect(info.features).toEqual({
          staticMembership: true,
          memberIdHandshake: true,
          joinReason: true,
          skipAssignment: true,
          leaderEpochs: true,
          divergingEpochs: true,
          requireStable: true,
          topicIds: true,
          fetchSessions: true,
          consumerProtocol: false,
        });
      });

      test('metadata, with an error for the topic that is not there, and without making it', async () => {
        const missing = uniqueName('missing');
        for (let i = 0; i < 2; i += 1) {
          const { topics, brokers } = await transport.metadata([topic, missing], CALL);
          const found = topics.find(({ name }) => name === topic);
          expect(topics.find(({ name }) => name === missing)).toMatchObject({ errorCode: 3, partitions: [] });
          expect(found).toMatchObject({
            errorCode: 0,
            internal: false,
            id: expect.stringMatching(/^.{22}$/),
          });
          expect(found?.partitions.map(({ partition }) => partition).sort()).toEqual([0, 1]);
          const node = brokers.find(({ nodeId }) => nodeId === found?.partitions[0]?.leader);
          if (node === undefined || found?.id === undefined) throw new Error('no leader or id');
          leader = node;
          id = found.id;
        }
        expect((await transport.metadata(null, CALL)).topics.map(({ name }) => name)).toContain(topic);
        expect((await transport.metadata([], CALL)).topics).toEqual([]);
      });

      test('join, sync, heartbeat and leave, with the codes that brokers send', async () => {
        const { coordinator, ...member } = await joined(transport, topic);
        const beat = {
          groupId: member.groupId,
          memberId: member.memberId,
          generationId: member.generationId,
        };
        expect(await transport.heartbeat(coordinator, beat, CALL)).toEqual({
          throttleTimeMs: 0,
          errorCode: 0,
        });
        expect((await transport.heartbeat(coordinator, { ...beat, generationId: 99 }, CALL)).errorCode).toBe(
          22,
        );
        expect((await transport.heartbeat(coordinator, { ...beat, memberId: 'x' }, CALL)).errorCode).toBe(25);
        const leave = {
          groupId: member.groupId,
          members: [{ memberId: member.memberId, reason: 'done' }, { memberId: 'stranger' }],
        };
        expect(await transport.leaveGroup(coordinator, leave, CALL)).toMatchObject({
          errorCode: 0,
          members: [
            { memberId: member.memberId, errorCode: 0 },
            { memberId: 'stranger', errorCode: 25 },
          ],
        });
      });

      test('a static member keeps its id, and is known by it', async () => {
        const groupId = uniqueName('group');
        const { coordinator } = await transport.findCoordinator(groupId, CALL);
        if (coordinator === null) throw new Error('no coordinator');
        const request = { ...joinRequest(groupId, topic, ''), groupInstanceId: 'instance-1' };
        const result = await transport.joinGroup(coordinator, request, CALL);
        expect(result.errorCode).toBe(0);
        expect(result.members).toMatchObject([{ groupInstanceId: 'instance-1' }]);
        const members = [{ memberId: '', groupInstanceId: 'instance-1' }];
        expect(await transport.leaveGroup(coordinator, { groupId, members }, CALL)).toMatchObject({
          members: [{ groupInstanceId: 'instance-1', errorCode: 0 }],
        });
      });

      test('offsets are committed and fetched, and one bad partition does not cost the good one', async () => {
        const { coordinator, ...member } = await joined(transport, topic);
        const offsets = [
          { topic, partition: 0, offset: 7n, leaderEpoch: 0, metadata: 'mémo' },
          { topic, partition: 99, offset: 1n },
        ];
        const committed = await transport.offsetCommit(coordinator, { ...member, offsets }, CALL);
        expect(byPartition(committed.partitions)).toEqual([
          { topic, partition: 0, errorCode: 0 },
          { topic, partition: 99, errorCode: 3 },
        ]);
        const fetched = await transport.offsetFetch(
          coordinator,
          {
            groupId: member.groupId,
            partitions: [
              { topic, partition: 0 },
              { topic, partition: 1 },
            ],
            requireStable: true,
          },
          CALL,
        );
        expect(fetched).toMatchObject({
          errorCode: 0,
          partitions: [
            { topic, partition: 0, errorCode: 0, offset: 7n, leaderEpoch: 0, metadata: 'mémo' },
            { topic, partition: 1, errorCode: 0, offset: -1n, leaderEpoch: -1 },
          ],
        });
        const stale = await transport.offsetCommit(
          coordinator,
          { ...member, generationId: 99, offsets },
          CALL,
        );
        expect(stale.partitions.map(({ errorCode }) => errorCode)).toContain(22);
      });

      test('commit and leave go through while a join is parked', async () => {
        const { coordinator, ...member } = await joined(transport, topic);
        const other = transportFrom(TRANSPORTS[kind](cluster), member.groupId);
        const request = joinRequest(member.groupId, topic, '');
        const first = await other.joinGroup(coordinator, request, CALL);
        const parked = other.joinGroup(
          coordinator,
          { ...request, memberId: first.memberId },
          { timeoutMs: 35_000 },
        );
        const beat = {
          groupId: member.groupId,
          memberId: member.memberId,
          generationId: member.generationId,
        };
        while ((await transport.heartbeat(coordinator, beat, CALL)).errorCode !== 27);
        const offsets = [{ topic, partition: 0, offset: 3n }];
        const byStranger = { groupId: member.groupId, memberId: 'x', generationId: 1, offsets };
        expect((await other.offsetCommit(coordinator, byStranger, CALL)).partitions).toMatchObject([
          { errorCode: 25 },
        ]);
        const leave = { groupId: member.groupId, members: [{ memberId: member.memberId }] };
        expect(await other.leaveGroup(coordinator, leave, CALL)).toMatchObject({
          members: [{ errorCode: 0 }],
        });
        expect(await parked).toMatchObject({ errorCode: 0, leaderId: first.memberId });
      });

      test('a parked join ends with its deadline, and with close', async () => {
        const { coordinator, ...member } = await joined(transport, topic);
        const other = transportFrom(TRANSPORTS[kind](cluster), member.groupId);
        const request = joinRequest(member.groupId, topic, '');
        const { memberId } = await other.joinGroup(coordinator, request, CALL);
        const late = await failureOf(
          other.joinGroup(coordinator, { ...request, memberId }, { timeoutMs: 300 }),
        );
        expect(late).toMatchObject({ kind: 'timeout', sent: 'maybe', api: 'JoinGroup', lane: 'group' });
        const parked = failureOf(
          other.joinGroup(coordinator, { ...request, memberId }, { timeoutMs: 35_000 }),
        );
        await other.findCoordinator(member.groupId, CALL);
        const closing = performance.now();
        await other.close();
        expect(await parked).toMatchObject({ kind: 'closed' });
        expect(performance.now() - closing).toBeLessThan(100);
      });

      test('positions in the log', async () => {
        const at = { topic, partition: 0, currentLeaderEpoch: -1 };
        const asked = await transport.listOffsets(
          leader,
          {
            isolationLevel: 'read_committed',
            partitions: [
              { ...at, timestamp: -2n },
              { ...at, partition: 1, timestamp: -1n },
              { ...at, partition: 99, timestamp: -1n },
            ],
          },
          CALL,
        );
        expect(byPartition(asked.partitions)).toMatchObject([
          { partition: 0, errorCode: 0, offset: 0n },
          { partition: 1, errorCode: 0, offset: 10n },
          { partition: 99, errorCode: 3, offset: -1n },
        ]);
        const future = BigInt(Date.now() + 3_600_000);
        const later = {
          isolationLevel: 'read_uncommitted' as const,
          partitions: [{ ...at, timestamp: future }],
        };
        expect((await transport.listOffsets(leader, later, CALL)).partitions).toMatchObject([
          { errorCode: 0, offset: -1n },
        ]);
        const epochs = await transport.offsetForLeaderEpoch(
          leader,
          { partitions: [{ ...at, leaderEpoch: 0 }] },
          CALL,
        );
        expect(epochs.partitions).toEqual([
          { topic, partition: 0, errorCode: 0, leaderEpoch: 0, endOffset: 10n },
        ]);
      });

      test.each(['by name', 'by id'])('records, %s, and the errors of single partitions', async (how) => {
        const ref = how === 'by id' ? { name: topic, id } : { name: topic };
        const at = { topic: ref, currentLeaderEpoch: -1, lastFetchedEpoch: -1, maxBytes: 1_048_576 };
        const result = await transport.fetch(
          leader,
          {
            rack: '',
            isolationLevel: 'read_committed',
            maxWaitMs: 100,
            minBytes: 1,
            maxBytes: 10_000_000,
            partitions: [
              { ...at, partition: 0, fetchOffset: 4n },
              { ...at, partition: 1, fetchOffset: 1_000n },
              { ...at, partition: 99, fetchOffset: 0n },
            ],
          },
          CALL,
        );
        const [first, second, third] = byPartition(result.partitions);
        expect(first).toMatchObject({
          topic,
          errorCode: 0,
          highWatermark: 10n,
          lastStableOffset: 10n,
        });
        expect(second).toMatchObject({ topic, partition: 1, errorCode: 1 });
        expect(third).toMatchObject({ topic, partition: 99, errorCode: 3 });
        const values: string[] = [];
        for (const batch of first?.batches ?? []) {
          const records = await batch.records();
          for (let i = 0; i < records.count; i += 1)
            values.push(Buffer.from(records.value(i) ?? []).toString());
        }
        expect(values).toEqual(Array.from({ length: 10 }, (_, n) => `value-${n * 2}`));
      });
    });

    test('a group by any name, and a Kafka instance in place of its config', async () => {
      const other = transportBy(new Kafka(kafkajsConfig(cluster)), 'grüße 群');
      await other.connect(CALL);
      expect(await other.findCoordinator('grüße 群', CALL)).toMatchObject({ errorCode: 0 });
    });
  });
}
