/**
 * DeleteTopics. Up to version 5 by `topicNames`; from 6 on `topics`, by name or by id (KIP-516).
 */
import { array, int16, int32, string, struct, uuid } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  topics: array(
    struct({
      name: string({ nullableSince: 0, default: null }),
      topicId: uuid(),
    }),
    { since: 6 },
  ),
  topicNames: array(string(), { until: 5, ignorable: true }),
  timeoutMs: int32(),
});

const response = struct({
  throttleTimeMs: int32({ since: 1, ignorable: true }),
  responses: array(
    struct({
      name: string({ nullableSince: 6 }),
      topicId: uuid({ since: 6, ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ since: 5, nullableSince: 5, default: null, ignorable: true }),
    }),
  ),
});

export type DeleteTopicsRequest = Decoded<typeof request>;
export type DeleteTopicsResponse = Decoded<typeof response>;

export const deleteTopics = defineApi({
  key: 20,
  name: 'DeleteTopics',
  versions: { min: 0, max: 6 },
  firstFlexible: 4,
  request,
  response,
});
