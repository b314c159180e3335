/**
 * CreateTopics. Version 1 brought `validateOnly`, 4 defaults for partitions and replication (-1, KIP-464),
 * 5 the configuration in answers (KIP-525), 7 topic ids.
 */
import { array, bool, int8, int16, int32, string, struct, uuid } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  topics: array(
    struct({
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array(
        struct({
          partitionIndex: int32(),
          brokerIds: array(int32()),
        }),
      ),
      configs: array(
        struct({
          name: string(),
          value: string({ nullableSince: 0 }),
        }),
      ),
    }),
  ),
  timeoutMs: int32({ default: 60000 }),
  validateOnly: bool({ since: 1, default: false }),
});

const response = struct({
  throttleTimeMs: int32({ since: 2, ignorable: true }),
  topics: array(
    struct({
      name: string(),
      topicId: uuid({ since: 7, ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ since: 1, nullableSince: 0, ignorable: true }),
      topicConfigErrorCode: int16({ since: 5, tag: 0, ignorable: true }),
      numPartitions: int32({ since: 5, default: -1, ignorable: true }),
      replicationFactor: int16({ since: 5, default: -1, ignorable: true }),
      configs: array(
        struct({
          name: string(),
          value: string({ nullableSince: 0 }),
          readOnly: bool(),
          configSource: int8({ default: -1 }),
          isSensitive: bool(),
        }),
        { since: 5, nullableSince: 5, ignorable: true },
      ),
    }),
  ),
});

export type CreateTopicsRequest = Decoded<typeof request>;
export type CreateTopicsResponse = Decoded<typeof response>;

export const createTopics = defineApi({
  key: 19,
  name: 'CreateTopics',
  versions: { min: 0, max: 7 },
  firstFlexible: 5,
  request,
  response,
});
