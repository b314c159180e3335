/**
 * OffsetDelete: removes committed offsets of topics that a group does not subscribe to (KIP-496).
 */
import { array, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groupId: string(),
  topics: array(
    struct({
      name: string(),
      partitions: array(
        struct({
          partitionIndex: int32(),
        }),
      ),
    }),
  ),
});

const response = struct({
  errorCode: int16(),
  throttleTimeMs: int32(),
  topics: array(
    struct({
      name: string(),
      partitions: array(
        struct({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      ),
    }),
  ),
});

export type OffsetDeleteRequest = Decoded<typeof request>;
export type OffsetDeleteResponse = Decoded<typeof response>;

export const offsetDelete = defineApi({
  key: 47,
  name: 'OffsetDelete',
  versions: { min: 0, max: 0 },
  request,
  response,
});
