/**
 * DeleteGroups: removes empty groups with their offsets (KIP-229). The request's field is called
 * `groupsNames` in Kafka's schema too.
 */
import { array, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groupsNames: array(string()),
});

const response = struct({
  throttleTimeMs: int32(),
  results: array(
    struct({
      groupId: string(),
      errorCode: int16(),
    }),
  ),
});

export type DeleteGroupsRequest = Decoded<typeof request>;
export type DeleteGroupsResponse = Decoded<typeof response>;

export const deleteGroups = defineApi({
  key: 42,
  name: 'DeleteGroups',
  versions: { min: 0, max: 2 },
  firstFlexible: 2,
  request,
  response,
});
