/**
 * TxnOffsetCommit: stores a group's offsets as part of a transaction (KIP-98). Version 3 brought generation
 * and member, so that zombies are fenced (KIP-447).
 */
import { array, int16, int32, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  transactionalId: string(),
  groupId: string(),
  producerId: int64(),
  producerEpoch: int16(),
  generationId: int32({ since: 3, default: -1 }),
  memberId: string({ since: 3, default: '' }),
  groupInstanceId: string({ since: 3, nullableSince: 3, default: null }),
  topics: array(
    struct({
      name: string(),
      partitions: array(
        struct({
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32({ since: 2, default: -1, ignorable: true }),
          committedMetadata: string({ nullableSince: 0 }),
        }),
      ),
    }),
  ),
});

const response = struct({
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

export type TxnOffsetCommitRequest = Decoded<typeof request>;
export type TxnOffsetCommitResponse = Decoded<typeof response>;

export const txnOffsetCommit = defineApi({
  key: 28,
  name: 'TxnOffsetCommit',
  versions: { min: 0, max: 5 },
  firstFlexible: 3,
  request,
  response,
});
