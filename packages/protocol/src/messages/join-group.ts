/**
 * JoinGroup: a member enters a rebalance of a classic group. Version 1 brought the rebalance timeout
 * (KIP-62), 4 the two-step member id (KIP-394), 5 the group instance id (KIP-345), 7 the protocol type in
 * answers (KIP-559), 8 a reason (KIP-800), 9 `skipAssignment` (KIP-814).
 */
import { array, bool, bytes, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groupId: string(),
  sessionTimeoutMs: int32(),
  rebalanceTimeoutMs: int32({ since: 1, default: -1, ignorable: true }),
  memberId: string(),
  groupInstanceId: string({ since: 5, nullableSince: 5, default: null }),
  protocolType: string(),
  protocols: array(
    struct({
      name: string(),
      metadata: bytes(),
    }),
  ),
  reason: string({ since: 8, nullableSince: 8, default: null, ignorable: true }),
});

const response = struct({
  throttleTimeMs: int32({ since: 2, ignorable: true }),
  errorCode: int16(),
  generationId: int32({ default: -1 }),
  protocolType: string({ since: 7, nullableSince: 7, default: null, ignorable: true }),
  protocolName: string({ nullableSince: 7 }),
  leader: string(),
  skipAssignment: bool({ since: 9, default: false }),
  memberId: string(),
  members: array(
    struct({
      memberId: string(),
      groupInstanceId: string({ since: 5, nullableSince: 5, default: null, ignorable: true }),
      metadata: bytes(),
    }),
  ),
});

export type JoinGroupRequest = Decoded<typeof request>;
export type JoinGroupResponse = Decoded<typeof response>;

export const joinGroup = defineApi({
  key: 11,
  name: 'JoinGroup',
  versions: { min: 0, max: 9 },
  firstFlexible: 6,
  request,
  response,
});
