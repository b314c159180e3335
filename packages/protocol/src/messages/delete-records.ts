/**
 * DeleteRecords: moves the start of partitions forward (KIP-107). Offset -1 is the high watermark.
 */
import { array, int16, int32, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  topics: array(
    struct({
      name: string(),
      partitions: array(
        struct({
          partitionIndex: int32(),
          offset: int64(),
        }),
      ),
    }),
  ),
  timeoutMs: int32(),
});

const response = struct({
  throttleTimeMs: int32(),
  topics: array(
    struct({
      name: string(),
      partitions: array(
        struct({
          partitionIndex: int32(),
          lowWatermark: int64(),
          errorCode: int16(),
        }),
      ),
    }),
  ),
});

export type DeleteRecordsRequest = Decoded<typeof request>;
export type DeleteRecordsResponse = Decoded<typeof response>;

export const deleteRecords = defineApi({
  key: 21,
  name: 'DeleteRecords',
  versions: { min: 0, max: 2 },
  firstFlexible: 2,
  request,
  response,
});
