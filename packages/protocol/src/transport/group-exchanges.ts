/** The requests of classic group membership: JoinGroup, SyncGroup, Heartbeat, LeaveGroup. */
import type {
  CodeResult,
  HeartbeatRequest,
  JoinRequest,
  JoinResult,
  LeaveRequest,
  LeaveResult,
  SyncRequest,
  SyncResult,
} from '@kohort/core/spi';
import type { VersionRange } from '../api.ts';
import { heartbeat, joinGroup, leaveGroup, syncGroup } from '../messages/index.ts';
import { type ExchangeOf, within } from './exchange.ts';

/** Below `min` an instance id would be lost, and a static member would silently be a dynamic one. */
export function forInstance(versions: VersionRange, groupInstanceId: string | undefined, min: number) {
  if (groupInstanceId === undefined) return { versions };
  return { versions: within(versions, { min }), needs: 'static membership (KIP-345)' };
}

/** Longest reason that brokers of every version accept (KAFKA-13998). */
const REASON_LENGTH = 255;

/** At most 255 characters, without half of a surrogate pair at the end. */
function cutReason(reason: string | undefined): string | null {
  if (reason === undefined) return null;
  const cut = reason.slice(0, REASON_LENGTH);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

export function joinGroupExchange(request: JoinRequest): ExchangeOf<typeof joinGroup, JoinResult> {
  return {
    api: joinGroup,
    ...forInstance(joinGroup.versions, request.groupInstanceId, 5),
    throttledFrom: 3,
    request: () => ({ ...request, reason: cutReason(request.reason) }),
    result: (response) => ({
      throttleTimeMs: response.throttleTimeMs,
      errorCode: response.errorCode,
      generationId: response.generationId,
      protocolType: response.protocolType,
      protocolName: response.protocolName,
      leaderId: response.leader,
      skipAssignment: response.skipAssignment,
      memberId: response.memberId,
      members: response.members.map((member) => ({
        memberId: member.memberId,
        ...(member.groupInstanceId === null ? {} : { groupInstanceId: member.groupInstanceId }),
        metadata: member.metadata,
      })),
    }),
  };
}

export function syncGroupExchange(request: SyncRequest): ExchangeOf<typeof syncGroup, SyncResult> {
  return {
    api: syncGroup,
    ...forInstance(syncGroup.versions, request.groupInstanceId, 3),
    throttledFrom: 2,
    request: () => request,
    result: (response) => ({
      throttleTimeMs: response.throttleTimeMs,
      errorCode: response.errorCode,
      protocolType: response.protocolType,
      protocolName: response.protocolName,
      assignment: response.assignment,
    }),
  };
}

export function heartbeatExchange(request: HeartbeatRequest): ExchangeOf<typeof heartbeat, CodeResult> {
  return {
    api: heartbeat,
    ...forInstance(heartbeat.versions, request.groupInstanceId, 3),
    throttledFrom: 2,
    request: () => request,
    result: ({ throttleTimeMs, errorCode }) => ({ throttleTimeMs, errorCode }),
  };
}

/** First version that takes several members in one request, and instance ids. */
const LEAVE_IN_BATCH = 3;

/** All members in one request; one member alone also fits the versions before batches. */
export function leaveGroupExchange({
  groupId,
  members,
}: LeaveRequest): ExchangeOf<typeof leaveGroup, LeaveResult> {
  const [first] = members;
  const single = members.length === 1 && first?.groupInstanceId === undefined ? first : undefined;
  return {
    api: leaveGroup,
    versions:
      single === undefined ? within(leaveGroup.versions, { min: LEAVE_IN_BATCH }) : leaveGroup.versions,
    needs: 'leaving by batch or instance id (KIP-345)',
    throttledFrom: 2,
    request(version) {
      if (version < LEAVE_IN_BATCH) return { groupId, memberId: single?.memberId ?? '' };
      return {
        groupId,
        members: members.map(({ memberId, groupInstanceId, reason }) => ({
          memberId,
          groupInstanceId,
          reason: cutReason(reason),
        })),
      };
    },
    result: (response) => ({
      throttleTimeMs: response.throttleTimeMs,
      errorCode: response.errorCode,
      members: response.members.map(({ memberId, groupInstanceId, errorCode }) => ({
        memberId,
        ...(groupInstanceId === null ? {} : { groupInstanceId }),
        errorCode,
      })),
    }),
  };
}
