/**
 * OffsetFetch: reads a group's committed offsets. `topics` null means all. Version 2 brought the error of
 * the group, 5 leader epochs, 7 `requireStable` (KIP-447), 8 several groups in one request (KIP-709), 9
 * serves consumer groups (KIP-848), 10 has topic ids in place of names.
 */
import { array, bool, int16, int32, int64, string, struct, uuid } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groupId: string({ until: 7 }),
  topics: array(
    struct({
      name: string(),
      partitionIndexes: array(int32()),
    }),
    { until: 7, nullableSince: 2 },
  ),
  groups: array(
    struct({
      groupId: string(),
      memberId: string({ since: 9, nullableSince: 9, default: null, ignorable: true }),
      memberEpoch: int32({ since: 9, default: -1, ignorable: true }),
      topics: array(
        struct({
          name: string({ until: 9, ignorable: true }),
          topicId: uuid({ since: 10, ignorable: true }),
          partitionIndexes: array(int32()),
        }),
        { nullableSince: 0 },
      ),
    }),
    { since: 8 },
  ),
  requireStable: bool({ since: 7, default: false }),
});

const response = struct({
  throttleTimeMs: int32({ since: 3, ignorable: true }),
  topics: array(
    struct({
      name: string(),
      partitions: array(
        struct({
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32({ since: 5, default: -1, ignorable: true }),
          metadata: string({ nullableSince: 0 }),
          errorCode: int16(),
        }),
      ),
    }),
    { until: 7 },
  ),
  errorCode: int16({ since: 2, until: 7, default: 0, ignorable: true }),
  groups: array(
    struct({
      groupId: string(),
      topics: array(
        struct({
          name: string({ until: 9, ignorable: true }),
          topicId: uuid({ since: 10, ignorable: true }),
          partitions: array(
            struct({
              partitionIndex: int32(),
              committedOffset: int64(),
              committedLeaderEpoch: int32({ default: -1 }),
              metadata: string({ nullableSince: 0 }),
              errorCode: int16(),
            }),
          ),
        }),
      ),
      errorCode: int16({ default: 0 }),
    }),
    { since: 8 },
  ),
});

export type OffsetFetchRequest = Decoded<typeof request>;
export type OffsetFetchResponse = Decoded<typeof response>;

export const offsetFetch = defineApi({
  key: 9,
  name: 'OffsetFetch',
  versions: { min: 1, max: 10 },
  firstFlexible: 6,
  request,
  response,
});
