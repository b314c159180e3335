/**
 * OffsetForLeaderEpoch: where a leader epoch ended, to detect truncation (KIP-320). Consumers need version
 * 2 at least: before it, only brokers may ask.
 */
import { array, int16, int32, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  replicaId: int32({ since: 3, default: -2, ignorable: true }),
  topics: array(
    struct({
      topic: string(),
      partitions: array(
        struct({
          partition: int32(),
          currentLeaderEpoch: int32({ since: 2, default: -1, ignorable: true }),
          leaderEpoch: int32(),
        }),
      ),
    }),
  ),
});

const response = struct({
  throttleTimeMs: int32({ since: 2, ignorable: true }),
  topics: array(
    struct({
      topic: string(),
      partitions: array(
        struct({
          errorCode: int16(),
          partition: int32(),
          leaderEpoch: int32({ since: 1, default: -1, ignorable: true }),
          endOffset: int64({ default: -1n }),
        }),
      ),
    }),
  ),
});

export type OffsetForLeaderEpochRequest = Decoded<typeof request>;
export type OffsetForLeaderEpochResponse = Decoded<typeof response>;

export const offsetForLeaderEpoch = defineApi({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: { min: 0, max: 4 },
  firstFlexible: 4,
  request,
  response,
});
