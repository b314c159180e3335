/**
 * Produce: appends record batches to partitions. Version 3 brought record batches (magic 2), 8 errors per
 * record (KIP-467), 10 the new leader in answers (KIP-951), 13 topic ids in place of names (KIP-516).
 * With `acks` 0 there is no response.
 */
import { array, int16, int32, int64, records, string, struct, uuid } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  transactionalId: string({ nullableSince: 0, default: null }),
  acks: int16(),
  timeoutMs: int32(),
  topicData: array(
    struct({
      name: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitionData: array(
        struct({
          index: int32(),
          records: records(),
        }),
      ),
    }),
  ),
});

const response = struct({
  responses: array(
    struct({
      name: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitionResponses: array(
        struct({
          index: int32(),
          errorCode: int16(),
          baseOffset: int64(),
          logAppendTimeMs: int64({ default: -1n }),
          logStartOffset: int64({ since: 5, default: -1n, ignorable: true }),
          recordErrors: array(
            struct({
              batchIndex: int32(),
              batchIndexErrorMessage: string({ nullableSince: 0, default: null }),
            }),
            { since: 8, ignorable: true },
          ),
          errorMessage: string({ since: 8, nullableSince: 8, default: null, ignorable: true }),
          currentLeader: struct(
            {
              leaderId: int32({ default: -1 }),
              leaderEpoch: int32({ default: -1 }),
            },
            { since: 10, tag: 0 },
          ),
        }),
      ),
    }),
  ),
  throttleTimeMs: int32({ default: 0 }),
  nodeEndpoints: array(
    struct({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullableSince: 0, default: null }),
    }),
    { since: 10, tag: 0 },
  ),
});

export type ProduceRequest = Decoded<typeof request>;
export type ProduceResponse = Decoded<typeof response>;

export const produce = defineApi({
  key: 0,
  name: 'Produce',
  versions: { min: 3, max: 13 },
  firstFlexible: 9,
  request,
  response,
});
