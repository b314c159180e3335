/** A picture of one group for tests and for those who wait until a group has settled. */
import type { ClassicGroup } from './classic-group.ts';
import type { GroupState } from './group-state.ts';
import type { StoredOffset } from './stored-state.ts';

export interface MemberSnapshot {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocols: readonly string[];
  readonly assignment: Uint8Array;
  readonly joinParked: boolean;
  readonly syncParked: boolean;
  readonly isNew: boolean;
}

export interface GroupSnapshot {
  readonly groupId: string;
  readonly state: GroupState;
  readonly previousState: GroupState;
  readonly generationId: number;
  readonly protocolType: string | undefined;
  readonly protocolName: string | undefined;
  readonly leaderId: string | undefined;
  readonly members: readonly MemberSnapshot[];
  readonly staticMembers: ReadonlyMap<string, string>;
  readonly pendingJoin: readonly string[];
  readonly pendingSync: readonly string[];
  /** Members per protocol name. */
  readonly support: ReadonlyMap<string, number>;
  /** Undefined while unknown. */
  readonly subscribedTopics: readonly string[] | undefined;
  /** `join`, `sync`, and `session:<member id>`. */
  readonly timers: readonly string[];
  readonly offsets: readonly StoredOffset[];
}

export function snapshotOf(group: ClassicGroup, offsets: readonly StoredOffset[]): GroupSnapshot {
  return {
    groupId: group.groupId,
    state: group.state,
    previousState: group.previousState,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leaderId: group.leaderId,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      sessionTimeoutMs: member.sessionTimeoutMs,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      protocols: member.protocols.map(({ name }) => name),
      assignment: member.assignment,
      joinParked: member.parkedJoin !== undefined,
      syncParked: member.parkedSync !== undefined,
      isNew: member.isNew,
    })),
    staticMembers: new Map(group.staticMembers),
    pendingJoin: [...group.pendingJoin],
    pendingSync: [...group.pendingSync],
    support: new Map(group.support.entries()),
    subscribedTopics: group.subscribedTopics === undefined ? undefined : [...group.subscribedTopics],
    timers: group.timers.keys(),
    offsets,
  };
}
