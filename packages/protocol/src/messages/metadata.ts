/**
 * Metadata: brokers, topics, partitions and their leaders. `topics` null means all; in version 0 an empty
 * list does. Version 4 brought auto-creation as a choice, 7 leader epochs, 8 authorised operations, 10
 * topic ids (by which version 12 can ask), 13 an error code for the whole answer.
 */
import { array, bool, int16, int32, string, struct, uuid } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  topics: array(
    struct({
      topicId: uuid({ since: 10, ignorable: true }),
      name: string({ nullableSince: 10 }),
    }),
    { nullableSince: 1 },
  ),
  allowAutoTopicCreation: bool({ since: 4, default: true }),
  includeClusterAuthorizedOperations: bool({ since: 8, until: 10 }),
  includeTopicAuthorizedOperations: bool({ since: 8 }),
});

const response = struct({
  throttleTimeMs: int32({ since: 3, ignorable: true }),
  brokers: array(
    struct({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ since: 1, nullableSince: 1, default: null, ignorable: true }),
    }),
  ),
  clusterId: string({ since: 2, nullableSince: 2, default: null, ignorable: true }),
  controllerId: int32({ since: 1, default: -1, ignorable: true }),
  topics: array(
    struct({
      errorCode: int16(),
      name: string({ nullableSince: 12 }),
      topicId: uuid({ since: 10, ignorable: true }),
      isInternal: bool({ since: 1, default: false, ignorable: true }),
      partitions: array(
        struct({
          errorCode: int16(),
          partitionIndex: int32(),
          leaderId: int32(),
          leaderEpoch: int32({ since: 7, default: -1, ignorable: true }),
          replicaNodes: array(int32()),
          isrNodes: array(int32()),
          offlineReplicas: array(int32(), { since: 5, ignorable: true }),
        }),
      ),
      topicAuthorizedOperations: int32({ since: 8, default: -2147483648 }),
    }),
  ),
  clusterAuthorizedOperations: int32({ since: 8, until: 10, default: -2147483648 }),
  errorCode: int16({ since: 13, default: 0, ignorable: true }),
});

export type MetadataRequest = Decoded<typeof request>;
export type MetadataResponse = Decoded<typeof response>;

export const metadata = defineApi({
  key: 3,
  name: 'Metadata',
  versions: { min: 0, max: 13 },
  firstFlexible: 9,
  request,
  response,
});
