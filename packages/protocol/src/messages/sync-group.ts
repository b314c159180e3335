/**
 * SyncGroup: the leader hands in the assignment, everybody gets their own. Version 3 brought the group
 * instance id (KIP-345), 5 the protocol type and name (KIP-559; null is an error there).
 */
import { array, bytes, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groupId: string(),
  generationId: int32(),
  memberId: string(),
  groupInstanceId: string({ since: 3, nullableSince: 3, default: null }),
  protocolType: string({ since: 5, nullableSince: 5, default: null, ignorable: true }),
  protocolName: string({ since: 5, nullableSince: 5, default: null, ignorable: true }),
  assignments: array(
    struct({
      memberId: string(),
      assignment: bytes(),
    }),
  ),
});

const response = struct({
  throttleTimeMs: int32({ since: 1, ignorable: true }),
  errorCode: int16(),
  protocolType: string({ since: 5, nullableSince: 5, default: null, ignorable: true }),
  protocolName: string({ since: 5, nullableSince: 5, default: null, ignorable: true }),
  assignment: bytes(),
});

export type SyncGroupRequest = Decoded<typeof request>;
export type SyncGroupResponse = Decoded<typeof response>;

export const syncGroup = defineApi({
  key: 14,
  name: 'SyncGroup',
  versions: { min: 0, max: 5 },
  firstFlexible: 4,
  request,
  response,
});
