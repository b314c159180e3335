/**
 * ConsumerGroupHeartbeat: membership in a consumer group, whose assignment the broker computes (KIP-848).
 * Null means unchanged since the last heartbeat. Version 1 brought subscription by regular expression and
 * member ids made by the client (KIP-1082).
 */
import { array, int16, int32, string, struct, uuid } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groupId: string(),
  memberId: string(),
  memberEpoch: int32(),
  instanceId: string({ nullableSince: 0, default: null }),
  rackId: string({ nullableSince: 0, default: null }),
  rebalanceTimeoutMs: int32({ default: -1 }),
  subscribedTopicNames: array(string(), { nullableSince: 0, default: null }),
  subscribedTopicRegex: string({ since: 1, nullableSince: 1, default: null }),
  serverAssignor: string({ nullableSince: 0, default: null }),
  topicPartitions: array(
    struct({
      topicId: uuid(),
      partitions: array(int32()),
    }),
    { nullableSince: 0, default: null },
  ),
});

const response = struct({
  throttleTimeMs: int32(),
  errorCode: int16(),
  errorMessage: string({ nullableSince: 0, default: null }),
  memberId: string({ nullableSince: 0, default: null }),
  memberEpoch: int32(),
  heartbeatIntervalMs: int32(),
  assignment: struct(
    {
      topicPartitions: array(
        struct({
          topicId: uuid(),
          partitions: array(int32()),
        }),
      ),
    },
    { nullableSince: 0, default: null },
  ),
});

export type ConsumerGroupHeartbeatRequest = Decoded<typeof request>;
export type ConsumerGroupHeartbeatResponse = Decoded<typeof response>;

export const consumerGroupHeartbeat = defineApi({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  versions: { min: 0, max: 1 },
  firstFlexible: 0,
  request,
  response,
});
