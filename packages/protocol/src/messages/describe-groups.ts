/**
 * DescribeGroups: state, protocol and members of classic groups. Version 3 brought authorised operations, 4
 * group instance ids, 6 an error message, and 69 for a group that does not exist (KIP-1043).
 */
import { array, bool, bytes, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groups: array(string()),
  includeAuthorizedOperations: bool({ since: 3 }),
});

const response = struct({
  throttleTimeMs: int32({ since: 1, ignorable: true }),
  groups: array(
    struct({
      errorCode: int16(),
      errorMessage: string({ since: 6, nullableSince: 6, default: null }),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: array(
        struct({
          memberId: string(),
          groupInstanceId: string({ since: 4, nullableSince: 4, default: null, ignorable: true }),
          clientId: string(),
          clientHost: string(),
          memberMetadata: bytes(),
          memberAssignment: bytes(),
        }),
      ),
      authorizedOperations: int32({ since: 3, default: -2147483648 }),
    }),
  ),
});

export type DescribeGroupsRequest = Decoded<typeof request>;
export type DescribeGroupsResponse = Decoded<typeof response>;

export const describeGroups = defineApi({
  key: 15,
  name: 'DescribeGroups',
  versions: { min: 0, max: 6 },
  firstFlexible: 5,
  request,
  response,
});
