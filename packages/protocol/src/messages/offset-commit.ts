/**
 * OffsetCommit: stores a group's offsets. Version 5 dropped the retention time (KIP-211), 6 added leader
 * epochs (KIP-320), 7 the group instance id (KIP-345), 9 serves consumer groups (KIP-848), 10 has topic ids
 * in place of names.
 */
import { array, int16, int32, int64, string, struct, uuid } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groupId: string(),
  generationIdOrMemberEpoch: int32({ default: -1 }),
  memberId: string({ default: '' }),
  groupInstanceId: string({ since: 7, nullableSince: 7, default: null }),
  retentionTimeMs: int64({ until: 4, default: -1n, ignorable: true }),
  topics: array(
    struct({
      name: string({ until: 9, ignorable: true }),
      topicId: uuid({ since: 10, ignorable: true }),
      partitions: array(
        struct({
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32({ since: 6, default: -1, ignorable: true }),
          committedMetadata: string({ nullableSince: 0 }),
        }),
      ),
    }),
  ),
});

const response = struct({
  throttleTimeMs: int32({ since: 3, ignorable: true }),
  topics: array(
    struct({
      name: string({ until: 9, ignorable: true }),
      topicId: uuid({ since: 10, ignorable: true }),
      partitions: array(
        struct({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      ),
    }),
  ),
});

export type OffsetCommitRequest = Decoded<typeof request>;
export type OffsetCommitResponse = Decoded<typeof response>;

export const offsetCommit = defineApi({
  key: 8,
  name: 'OffsetCommit',
  versions: { min: 2, max: 10 },
  firstFlexible: 8,
  request,
  response,
});
