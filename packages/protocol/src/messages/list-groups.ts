/**
 * ListGroups: the groups that one broker coordinates. Version 4 filters by state (KIP-518), 5 by type
 * (KIP-848).
 */
import { array, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  statesFilter: array(string(), { since: 4 }),
  typesFilter: array(string(), { since: 5 }),
});

const response = struct({
  throttleTimeMs: int32({ since: 1, ignorable: true }),
  errorCode: int16(),
  groups: array(
    struct({
      groupId: string(),
      protocolType: string(),
      groupState: string({ since: 4, ignorable: true }),
      groupType: string({ since: 5, ignorable: true }),
    }),
  ),
});

export type ListGroupsRequest = Decoded<typeof request>;
export type ListGroupsResponse = Decoded<typeof response>;

export const listGroups = defineApi({
  key: 16,
  name: 'ListGroups',
  versions: { min: 0, max: 5 },
  firstFlexible: 3,
  request,
  response,
});
