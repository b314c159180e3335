/**
 * ListOffsets: the offset for a timestamp, or for -1 (latest), -2 (earliest), -3 (largest timestamp,
 * version 7), -4 and -5 (tiered storage, versions 8 and 9), -6 (version 11). Version 2 brought isolation
 * levels, 4 leader epochs, 10 a timeout.
 */
import { array, int8, int16, int32, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  replicaId: int32(),
  isolationLevel: int8({ since: 2 }),
  topics: array(
    struct({
      name: string(),
      partitions: array(
        struct({
          partitionIndex: int32(),
          currentLeaderEpoch: int32({ since: 4, default: -1, ignorable: true }),
          timestamp: int64(),
        }),
      ),
    }),
  ),
  timeoutMs: int32({ since: 10, ignorable: true }),
});

const response = struct({
  throttleTimeMs: int32({ since: 2, ignorable: true }),
  topics: array(
    struct({
      name: string(),
      partitions: array(
        struct({
          partitionIndex: int32(),
          errorCode: int16(),
          timestamp: int64({ default: -1n }),
          offset: int64({ default: -1n }),
          leaderEpoch: int32({ since: 4, default: -1 }),
        }),
      ),
    }),
  ),
});

export type ListOffsetsRequest = Decoded<typeof request>;
export type ListOffsetsResponse = Decoded<typeof response>;

export const listOffsets = defineApi({
  key: 2,
  name: 'ListOffsets',
  versions: { min: 1, max: 11 },
  firstFlexible: 6,
  request,
  response,
});
