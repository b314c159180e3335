/**
 * ConsumerGroupDescribe: state, members and assignments of consumer groups (KIP-848). Version 1 tells which
 * protocol a member speaks: `memberType` 0 classic, 1 consumer, -1 unknown (KIP-1099).
 */
import { array, bool, int8, int16, int32, string, struct, uuid } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const ASSIGNMENT = struct({
  topicPartitions: array(struct({ topicId: uuid(), topicName: string(), partitions: array(int32()) })),
});

const request = struct({
  groupIds: array(string()),
  includeAuthorizedOperations: bool(),
});

const response = struct({
  throttleTimeMs: int32(),
  groups: array(
    struct({
      errorCode: int16(),
      errorMessage: string({ nullableSince: 0, default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      assignorName: string(),
      members: array(
        struct({
          memberId: string(),
          instanceId: string({ nullableSince: 0, default: null }),
          rackId: string({ nullableSince: 0, default: null }),
          memberEpoch: int32(),
          clientId: string(),
          clientHost: string(),
          subscribedTopicNames: array(string()),
          subscribedTopicRegex: string({ nullableSince: 0, default: null }),
          assignment: ASSIGNMENT,
          targetAssignment: ASSIGNMENT,
          memberType: int8({ since: 1, default: -1, ignorable: true }),
        }),
      ),
      authorizedOperations: int32({ default: -2147483648 }),
    }),
  ),
});

export type ConsumerGroupDescribeRequest = Decoded<typeof request>;
export type ConsumerGroupDescribeResponse = Decoded<typeof response>;

export const consumerGroupDescribe = defineApi({
  key: 69,
  name: 'ConsumerGroupDescribe',
  versions: { min: 0, max: 1 },
  firstFlexible: 0,
  request,
  response,
});
