/**
 * CreatePartitions: grows topics to `count` partitions (KIP-195).
 */
import { array, bool, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  topics: array(
    struct({
      name: string(),
      count: int32(),
      assignments: array(
        struct({
          brokerIds: array(int32()),
        }),
        { nullableSince: 0 },
      ),
    }),
  ),
  timeoutMs: int32(),
  validateOnly: bool(),
});

const response = struct({
  throttleTimeMs: int32(),
  results: array(
    struct({
      name: string(),
      errorCode: int16(),
      errorMessage: string({ nullableSince: 0, default: null }),
    }),
  ),
});

export type CreatePartitionsRequest = Decoded<typeof request>;
export type CreatePartitionsResponse = Decoded<typeof response>;

export const createPartitions = defineApi({
  key: 37,
  name: 'CreatePartitions',
  versions: { min: 0, max: 3 },
  firstFlexible: 2,
  request,
  response,
});
