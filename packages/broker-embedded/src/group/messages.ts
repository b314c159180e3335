/**
 * Bodies of the membership APIs as the coordinator takes and gives them: the codecs' own types, and what comes with them.
 */
import type { JoinGroupRequest, JoinGroupResponse, LeaveGroupResponse } from '@kohort/protocol';

export type {
  HeartbeatRequest,
  HeartbeatResponse,
  JoinGroupRequest,
  JoinGroupResponse,
  LeaveGroupRequest,
  LeaveGroupResponse,
  SyncGroupRequest,
  SyncGroupResponse,
} from '@kohort/protocol';

/** A name and the member's metadata for it; a list of them is in the member's order of preference. */
export type JoinGroupProtocol = JoinGroupRequest['protocols'][number];
export type JoinGroupResponseMember = JoinGroupResponse['members'][number];
export type LeaveGroupMemberResponse = LeaveGroupResponse['members'][number];

/** What the coordinator must know of a request beyond its body. */
export interface RequestContext {
  readonly version: number;
  /** As in the request header; empty for none. The id of a dynamic member begins with it. */
  readonly clientId: string;
  /** As DescribeGroups shows it, for instance `/127.0.0.1`. */
  readonly clientHost: string;
  /**
   * Aborted when the connection is gone. Nothing follows from it here: Kafka mutes the socket of a parked request
   * and so does not see it close; only timers remove the member.
   */
  readonly signal?: AbortSignal;
}
