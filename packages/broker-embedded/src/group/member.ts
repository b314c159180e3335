/** One member of a classic group (`ClassicGroupMember` in apache/kafka). */
import type { JoinGroupProtocol, JoinGroupResponse, SyncGroupResponse } from './messages.ts';
import type { Parked } from './parked.ts';

export const NO_ASSIGNMENT = new Uint8Array(0);

export interface Member {
  readonly memberId: string;
  /** Null for a dynamic member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly protocolType: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  /** In order of preference, each name once. */
  protocols: readonly JoinGroupProtocol[];
  /** Of the present generation; empty while none is known. */
  assignment: Uint8Array;
  parkedJoin: Parked<JoinGroupResponse> | undefined;
  parkedSync: Parked<SyncGroupResponse> | undefined;
  /** Until the first join phase it takes part in has ended. */
  isNew: boolean;
}

type MemberFields = Pick<
  Member,
  | 'memberId'
  | 'groupInstanceId'
  | 'clientId'
  | 'clientHost'
  | 'protocolType'
  | 'sessionTimeoutMs'
  | 'rebalanceTimeoutMs'
  | 'protocols'
>;

export function newMember(fields: MemberFields): Member {
  return {
    ...fields,
    assignment: NO_ASSIGNMENT,
    parkedJoin: undefined,
    parkedSync: undefined,
    isNew: false,
  };
}

/** A list of protocols with each name once, the first of its kind: the counts per name rely on it. */
export function distinctProtocols(protocols: readonly JoinGroupProtocol[]): readonly JoinGroupProtocol[] {
  const byName = new Map<string, JoinGroupProtocol>();
  for (const protocol of protocols) {
    if (!byName.has(protocol.name)) byName.set(protocol.name, protocol);
  }
  return [...byName.values()];
}

/** @throws Error when the member does not offer the protocol: the vote must not have chosen it */
export function metadataOf(member: Member, protocolName: string | undefined): Uint8Array {
  const protocol = member.protocols.find(({ name }) => name === protocolName);
  if (protocol === undefined)
    throw new Error(`member ${member.memberId} does not offer protocol ${protocolName}`);
  return protocol.metadata;
}

/** Whether the offered list is what the member already has: same names in the same order, same bytes. */
export function matchesProtocols(member: Member, protocols: readonly JoinGroupProtocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every(({ name, metadata }, index) => {
      const other = protocols[index];
      return other !== undefined && other.name === name && sameBytes(other.metadata, metadata);
    })
  );
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

/** A parked request stands for heartbeats, except a new member's: its socket may be long gone (KAFKA-7610). */
export function hasSatisfiedHeartbeat(member: Member): boolean {
  return !member.isNew && (member.parkedJoin !== undefined || member.parkedSync !== undefined);
}
