/** All APIs as data: by name for those who write them down, by key for those who meet them on the wire. */
import type { Api } from './api.ts';
import {
  addOffsetsToTxn,
  addPartitionsToTxn,
  apiVersions,
  consumerGroupDescribe,
  consumerGroupHeartbeat,
  createPartitions,
  createTopics,
  deleteGroups,
  deleteRecords,
  deleteTopics,
  describeConfigs,
  describeGroups,
  endTxn,
  fetch,
  findCoordinator,
  heartbeat,
  initProducerId,
  joinGroup,
  leaveGroup,
  listGroups,
  listOffsets,
  metadata,
  offsetCommit,
  offsetDelete,
  offsetFetch,
  offsetForLeaderEpoch,
  produce,
  saslAuthenticate,
  saslHandshake,
  syncGroup,
  txnOffsetCommit,
} from './messages/index.ts';

/** Every implemented API under its name in camel case. */
export const apis = {
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  txnOffsetCommit,
  describeConfigs,
  saslAuthenticate,
  createPartitions,
  deleteGroups,
  offsetDelete,
  consumerGroupHeartbeat,
  consumerGroupDescribe,
} as const;

/** Encoders check what they are given, so an API of unknown messages may be handed any value: it gives bytes or a ProtocolError. */
export type AnyApi = Api<unknown, unknown>;

/** Every implemented API under its number on the wire. */
export const apiByKey: ReadonlyMap<number, AnyApi> = new Map(
  Object.values(apis).map((api): [number, AnyApi] => [api.key, api]),
);
