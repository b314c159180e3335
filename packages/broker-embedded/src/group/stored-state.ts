/** What of a coordinator's state is in the offsets topic, and so outlives it: last stored generations, and offsets. */
import type { ClassicGroup } from './classic-group.ts';
import { type Member, metadataOf } from './member.ts';

/** A member in GroupMetadataValue. Of its protocols only the chosen one is stored, as in Kafka. */
export interface StoredMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly subscription: Uint8Array;
  readonly assignment: Uint8Array;
}

/** A GroupMetadataValue: a group as it was when last stable or empty. */
export interface StoredGroup {
  readonly groupId: string;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string | null;
  /** Wall clock, ms. */
  readonly stateSinceMs: number | null;
  readonly members: readonly StoredMember[];
}

/** An OffsetCommitValue with its key. */
export interface StoredOffset {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** -1 when the commit had none. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  /** Wall clock, ms. */
  readonly commitTimestampMs: number;
  /** Wall clock, ms; null unless the commit brought its own retention time (v2 to v4). */
  readonly expireTimestampMs: number | null;
}

export interface GroupCoordinatorState {
  readonly groups: readonly StoredGroup[];
  readonly offsets: readonly StoredOffset[];
}

/** The record of a group, with assignments that the group itself may not show yet. */
export function storedGroup(
  group: ClassicGroup,
  assignmentOf: (member: Member) => Uint8Array = (member) => member.assignment,
): StoredGroup {
  return {
    groupId: group.groupId,
    generationId: group.generationId,
    protocolType: group.protocolType ?? null,
    protocolName: group.protocolName ?? null,
    leaderId: group.leaderId ?? null,
    stateSinceMs: group.stateSinceMs ?? null,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      sessionTimeoutMs: member.sessionTimeoutMs,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      subscription: metadataOf(member, group.protocolName),
      assignment: assignmentOf(member),
    })),
  };
}
