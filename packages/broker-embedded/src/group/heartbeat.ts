/** Heartbeat: a sign of life, answered with whether to join again. */
import type { ClassicGroup } from './classic-group.ts';
import { GroupCode } from './group-codes.ts';
import type { GroupShard } from './group-shard.ts';
import type { HeartbeatRequest, HeartbeatResponse } from './messages.ts';
import { restartSession } from './session.ts';

export function heartbeat(shard: GroupShard, request: HeartbeatRequest): HeartbeatResponse {
  return { throttleTimeMs: 0, errorCode: answer(shard, shard.group(request.groupId), request) };
}

function answer(shard: GroupShard, group: ClassicGroup | undefined, request: HeartbeatRequest): number {
  if (request.groupId === '') return GroupCode.invalidGroupId;
  if (group === undefined) return GroupCode.unknownMemberId;
  if (group.state === 'Dead') return GroupCode.coordinatorNotAvailable;
  const invalid = group.validateMember(request.memberId, request.groupInstanceId);
  if (invalid !== GroupCode.none) return invalid;
  if (request.generationId !== group.generationId) return GroupCode.illegalGeneration;
  restartSession(shard, group, group.member(request.memberId));
  // In CompletingRebalance a heartbeat is an ordinary one (KAFKA-10134).
  return group.state === 'PreparingRebalance' ? GroupCode.rebalanceInProgress : GroupCode.none;
}
