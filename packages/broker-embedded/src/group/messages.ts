/**
 * Bodies of the membership APIs as the coordinator takes and gives them. Field names are those of Kafka's message
 * schemas in camel case, so a decoded body fits as it is.
 */

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

export interface JoinGroupProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface JoinGroupRequest {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  /** v0 has none and means the session timeout. */
  readonly rebalanceTimeoutMs: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string;
  /** In the member's order of preference. */
  readonly protocols: readonly JoinGroupProtocol[];
  readonly reason?: string | null;
}

export interface JoinGroupResponseMember {
  memberId: string;
  groupInstanceId: string | null;
  metadata: Uint8Array;
}

export interface JoinGroupResponse {
  throttleTimeMs: number;
  errorCode: number;
  generationId: number;
  protocolType: string | null;
  /** Null only from v7 on; before, "" stands for none. */
  protocolName: string | null;
  leader: string;
  skipAssignment: boolean;
  memberId: string;
  /** For the leader only. */
  members: JoinGroupResponseMember[];
}

export interface SyncGroupRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** From v5 on, where it is mandatory. */
  readonly protocolType: string | null;
  /** From v5 on, where it is mandatory. */
  readonly protocolName: string | null;
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[];
}

export interface SyncGroupResponse {
  throttleTimeMs: number;
  errorCode: number;
  protocolType: string | null;
  protocolName: string | null;
  assignment: Uint8Array;
}

export interface HeartbeatRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

export interface HeartbeatResponse {
  throttleTimeMs: number;
  errorCode: number;
}

export interface LeaveGroupRequest {
  readonly groupId: string;
  /** v0 to v2. */
  readonly memberId: string;
  /** From v3 on. */
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly reason?: string | null;
  }[];
}

export interface LeaveGroupMemberResponse {
  memberId: string;
  groupInstanceId: string | null;
  errorCode: number;
}

export interface LeaveGroupResponse {
  throttleTimeMs: number;
  errorCode: number;
  members: LeaveGroupMemberResponse[];
}
