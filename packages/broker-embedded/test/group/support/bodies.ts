/** Request bodies with sensible defaults, and the blobs inside them. */
import { ByteWriter } from '@kohort/core/spi';
import type {
  HeartbeatRequest,
  JoinGroupProtocol,
  JoinGroupRequest,
  RequestContext,
  SyncGroupRequest,
} from '../../../src/group/messages.ts';
import type { OffsetCommitRequest, OffsetFetchRequest } from '../../../src/group/offset-messages.ts';

export const GROUP = 'g';

export function context(version: number, clientId = 'client'): RequestContext {
  return { version, clientId, clientHost: '/127.0.0.1' };
}

/** A ConsumerProtocolSubscription of version 0. */
export function subscription(...topics: string[]): Uint8Array {
  const writer = new ByteWriter();
  writer.int16(0).array(topics, (w, topic) => w.string(topic));
  return writer.nullableData(null).finish().slice();
}

export function protocol(name: string, metadata: Uint8Array = subscription('t')): JoinGroupProtocol {
  return { name, metadata };
}

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

export function joinBody(given: Partial<JoinGroupRequest> = {}): JoinGroupRequest {
  return {
    groupId: GROUP,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [protocol('range')],
    reason: null,
    ...given,
  };
}

export function syncBody(given: Partial<SyncGroupRequest> & { memberId: string }): SyncGroupRequest {
  return {
    groupId: GROUP,
    generationId: 1,
    groupInstanceId: null,
    protocolType: null,
    protocolName: null,
    assignments: [],
    ...given,
  };
}

export function heartbeatBody(memberId: string, given: Partial<HeartbeatRequest> = {}): HeartbeatRequest {
  return { groupId: GROUP, generationId: 1, memberId, groupInstanceId: null, ...given };
}

/** A commit of one partition of topic `t`. */
export function commitBody(
  given: Partial<OffsetCommitRequest> = {},
  partition: { index?: number; offset?: bigint; metadata?: string | null; leaderEpoch?: number } = {},
): OffsetCommitRequest {
  return {
    groupId: GROUP,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [
      {
        name: 't',
        partitions: [
          {
            partitionIndex: partition.index ?? 0,
            committedOffset: partition.offset ?? 42n,
            committedLeaderEpoch: partition.leaderEpoch ?? -1,
            committedMetadata: partition.metadata ?? null,
          },
        ],
      },
    ],
    ...given,
  };
}

/** All offsets of one group, in the form of v0 to v7. */
export function fetchBody(given: Partial<OffsetFetchRequest> = {}): OffsetFetchRequest {
  return { groupId: GROUP, topics: null, groups: [], requireStable: false, ...given };
}
