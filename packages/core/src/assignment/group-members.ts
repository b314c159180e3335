/** From what JoinGroup hands to the leader to one readable entry for each member, in canonical order. */
import type { Assignor } from '../contracts/assignor.ts';
import type { JoinedMember } from '../contracts/transport.ts';
import { ProtocolError } from '../wire/bytes.ts';
import { type PackedSubscription, SubscriptionReader } from '../wire/packed-subscription.ts';
import { byCodeUnits } from '../wire/topic-partitions.ts';
import type { MemberIssues } from './member-issue.ts';
import type { Steps } from './steps.ts';

/** User data beyond this many bytes is not handed to an assignor. */
const MAX_USER_DATA_BYTES = 1 << 20;

/** Where all members want other topics, a millisecond's work. */
const BYTES_PER_STEP = 1 << 16;

export interface GroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
  readonly subscription: PackedSubscription;
  readonly userData: unknown;
}

const UNREADABLE: PackedSubscription = {
  version: 0,
  topics: [],
  userData: null,
  owned: null,
  generationId: -1,
  rackId: null,
};

/** The topics that any member subscribes to, in order. Metadata that cannot be read names none: the plan reports it. */
export function* subscribedTopics(joined: readonly JoinedMember[]): Steps<readonly string[]> {
  const reader = new SubscriptionReader();
  const topics = new Set<string>();
  let last: readonly string[] = [];
  let bytes = 0;
  for (const { metadata } of joined) {
    const own = topicsIn(metadata, reader);
    if (own !== last) for (const topic of own) topics.add(topic);
    last = own;
    bytes += metadata.length;
    if (bytes < BYTES_PER_STEP) continue;
    bytes = 0;
    yield;
  }
  return [...topics].sort(byCodeUnits);
}

function topicsIn(metadata: Uint8Array, reader: SubscriptionReader): readonly string[] {
  try {
    return reader.readTopics(metadata);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return [];
  }
}

/** One entry for each member id, ordered by member id. Whatever cannot be read is reported and counts as nothing. */
export function* readMembers(
  joined: readonly JoinedMember[],
  userData: Assignor['userData'],
  issues: MemberIssues,
): Steps<GroupMember[]> {
  const reader = new SubscriptionReader();
  const members = new Map<string, GroupMember>();
  let bytes = 0;
  for (const { memberId, groupInstanceId, metadata } of joined) {
    if (members.has(memberId)) {
      issues.add(memberId, 'duplicate-member');
      continue;
    }
    const subscription = readSubscription(memberId, metadata, reader, issues);
    members.set(memberId, {
      memberId,
      groupInstanceId,
      subscription,
      userData: readUserData(memberId, subscription.userData, userData, issues),
    });
    bytes += metadata.length;
    if (bytes < BYTES_PER_STEP) continue;
    bytes = 0;
    yield;
  }
  return [...members.values()].sort((a, b) => byCodeUnits(a.memberId, b.memberId));
}

function readSubscription(
  memberId: string,
  metadata: Uint8Array,
  reader: SubscriptionReader,
  issues: MemberIssues,
): PackedSubscription {
  try {
    return reader.read(metadata);
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
