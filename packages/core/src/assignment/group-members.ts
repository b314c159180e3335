/** From what JoinGroup hands to the leader to one readable entry for each member, in canonical order. */
import type { Assignor } from '../contracts/assignor.ts';
import type { JoinedMember } from '../contracts/transport.ts';
import { ProtocolError } from '../wire/bytes.ts';
import { type DecodedSubscription, decodeSubscription } from '../wire/subscription.ts';
import { byCodeUnits } from '../wire/topic-partitions.ts';
import type { MemberIssues } from './member-issue.ts';

/** User data beyond this many bytes is not handed to an assignor. */
const MAX_USER_DATA_BYTES = 1 << 20;

export interface GroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
  readonly subscription: DecodedSubscription;
  readonly userData: unknown;
}

const UNREADABLE: DecodedSubscription = {
  version: 0,
  topics: [],
  userData: null,
  owned: [],
  generationId: -1,
  rackId: null,
};

/** One entry for each member id, ordered by member id. Whatever cannot be read is reported and counts as nothing. */
export function readMembers(
  joined: readonly JoinedMember[],
  userData: Assignor['userData'],
  issues: MemberIssues,
): GroupMember[] {
  const members = new Map<string, GroupMember>();
  for (const { memberId, groupInstanceId, metadata } of joined) {
    if (members.has(memberId)) {
      issues.add(memberId, 'duplicate-member');
      continue;
    }
    const subscription = readSubscription(memberId, metadata, issues);
    members.set(memberId, {
      memberId,
      groupInstanceId,
      subscription,
      userData: readUserData(memberId, subscription.userData, userData, issues),
    });
  }
  return [...members.values()].sort((a, b) => byCodeUnits(a.memberId, b.memberId));
}

function readSubscription(memberId: string, metadata: Uint8Array, issues: MemberIssues): DecodedSubscription {
  try {
    return decodeSubscription(metadata);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    issues.add(memberId, 'unreadable-metadata', { reason: error.message });
    return UNREADABLE;
  }
}

function readUserData(
  memberId: string,
  bytes: Uint8Array | null,
  userData: Assignor['userData'],
  issues: MemberIssues,
): unknown {
  if (bytes === null || userData === undefined) return undefined;
  if (bytes.length > MAX_USER_DATA_BYTES) {
    const reason = `${bytes.length} bytes, at most ${MAX_USER_DATA_BYTES} are read`;
    issues.add(memberId, 'unreadable-user-data', { reason });
    return undefined;
  }
  try {
    return userData.read(bytes);
  } catch (error) {
    issues.add(memberId, 'unreadable-user-data', {
      reason: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}
