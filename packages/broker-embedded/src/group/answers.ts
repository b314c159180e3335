/** JoinGroup and SyncGroup answers, and the parking of the requests that wait for them. */
import type { ClassicGroup } from './classic-group.ts';
import { GroupCode } from './group-codes.ts';
import { type Member, NO_ASSIGNMENT } from './member.ts';
import type { JoinGroupResponse, SyncGroupResponse } from './messages.ts';

export function joinError(errorCode: number, memberId: string): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  };
}

/** The present generation as this member is to see it. */
export function joinSuccess(
  group: ClassicGroup,
  memberId: string,
  shown: Partial<Pick<JoinGroupResponse, 'leader' | 'members' | 'skipAssignment'>> = {},
): JoinGroupResponse {
  return {
    ...joinError(GroupCode.none, memberId),
    generationId: group.generationId,
    protocolType: group.protocolType ?? null,
    protocolName: group.protocolName ?? null,
    leader: group.leaderId ?? '',
    ...shown,
  };
}

export function syncError(errorCode: number): SyncGroupResponse {
  return { throttleTimeMs: 0, errorCode, protocolType: null, protocolName: null, assignment: NO_ASSIGNMENT };
}

export function syncSuccess(group: ClassicGroup, member: Member): SyncGroupResponse {
  return {
    ...syncError(GroupCode.none),
    protocolType: group.protocolType ?? null,
    protocolName: group.protocolName ?? null,
    assignment: member.assignment,
  };
}

/** Answers a parked JoinGroup; nothing happens when none is parked. */
export function answerJoin(member: Member, response: JoinGroupResponse): void {
  member.parkedJoin?.answer(response);
  member.parkedJoin = undefined;
}

/** @returns whether a SyncGroup was parked */
export function answerSync(member: Member, response: SyncGroupResponse): boolean {
  const parked = member.parkedSync;
  if (parked === undefined) return false;
  member.parkedSync = undefined;
  parked.answer(response);
  return true;
}

/** Answers all that is parked in a group with one code. */
export function answerAllParked(group: ClassicGroup, code: number): void {
  for (const member of group.members.values()) {
    answerJoin(member, joinError(code, member.memberId));
    answerSync(member, syncError(code));
  }
}
