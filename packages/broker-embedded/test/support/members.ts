/** Members that speak the group protocol by hand. */
import { ByteWriter } from '@kohort/core/spi';
import { heartbeat, joinGroup, offsetCommit, syncGroup } from '@kohort/protocol';
import type { TestClient } from './client.ts';

const JOIN_VERSION = 5;
const SYNC_VERSION = 3;

/** A ConsumerProtocolSubscription of version 0. */
function subscription(...topics: string[]): Uint8Array {
  return new ByteWriter()
    .int16(0)
    .array(topics, (writer, topic) => writer.string(topic))
    .nullableData(null)
    .finish();
}

export interface JoinOptions {
  readonly memberId?: string;
  readonly topics?: readonly string[];
  readonly sessionTimeoutMs?: number;
}

export function joinBody(groupId: string, options: JoinOptions = {}) {
  const { memberId = '', topics = ['orders'], sessionTimeoutMs = 10_000 } = options;
  return {
    groupId,
    sessionTimeoutMs,
    rebalanceTimeoutMs: 30_000,
    memberId,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: subscription(...topics) }],
  };
}

export function join(client: TestClient, groupId: string, options: JoinOptions = {}) {
  return client.send(joinGroup, joinBody(groupId, options), JOIN_VERSION);
}

/** Joins with the two steps of KIP-394. */
export async function joinFresh(client: TestClient, groupId: string, options: JoinOptions = {}) {
  const { memberId } = await join(client, groupId, options);
  return join(client, groupId, { ...options, memberId });
}

export function sync(
  client: TestClient,
  groupId: string,
  joined: { readonly generationId: number; readonly memberId: string },
  assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[],
) {
  const { generationId, memberId } = joined;
  return client.send(syncGroup, { groupId, generationId, memberId, assignments }, SYNC_VERSION);
}

/** A group of one: joined and synced. */
export async function soleMember(client: TestClient, groupId: string, options: JoinOptions = {}) {
  const joined = await joinFresh(client, groupId, options);
  await sync(client, groupId, joined, [{ memberId: joined.memberId, assignment: Uint8Array.of(7) }]);
  return { groupId, generationId: joined.generationId, memberId: joined.memberId };
}

export type Membership = Awaited<ReturnType<typeof soleMember>>;

export async function beat(client: TestClient, member: Membership): Promise<number> {
  return (await client.send(heartbeat, member, 3)).errorCode;
}

export async function commit(
  client: TestClient,
  member: Membership,
  topic: string,
  partition: number,
  offset: bigint,
): Promise<number> {
  const { groupId, generationId, memberId } = member;
  const partitions = [{ partitionIndex: partition, committedOffset: offset, committedMetadata: null }];
  const body = {
    groupId,
    memberId,
    generationIdOrMemberEpoch: generationId,
    topics: [{ name: topic, partitions }],
  };
  const response = await client.send(offsetCommit, body, 7);
  return response.topics[0]?.partitions[0]?.errorCode ?? -99;
}
