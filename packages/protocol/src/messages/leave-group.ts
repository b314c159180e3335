/**
 * LeaveGroup: members leave a classic group. Up to version 2 one `memberId`; from 3 on `members`, each with
 * its own error (KIP-345), from 5 with a reason (KIP-800).
 */
import { array, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groupId: string(),
  memberId: string({ until: 2 }),
  members: array(
    struct({
      memberId: string(),
      groupInstanceId: string({ nullableSince: 0, default: null }),
      reason: string({ since: 5, nullableSince: 5, default: null, ignorable: true }),
    }),
    { since: 3 },
  ),
});

const response = struct({
  throttleTimeMs: int32({ since: 1, ignorable: true }),
  errorCode: int16(),
  members: array(
    struct({
      memberId: string(),
      groupInstanceId: string({ nullableSince: 0 }),
      errorCode: int16(),
    }),
    { since: 3 },
  ),
});

export type LeaveGroupRequest = Decoded<typeof request>;
export type LeaveGroupResponse = Decoded<typeof response>;

export const leaveGroup = defineApi({
  key: 13,
  name: 'LeaveGroup',
  versions: { min: 0, max: 5 },
  firstFlexible: 4,
  request,
  response,
});
