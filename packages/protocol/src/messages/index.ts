/** The APIs that Kohort speaks, each with its types. */
export {
  type AddOffsetsToTxnRequest,
  type AddOffsetsToTxnResponse,
  addOffsetsToTxn,
} from './add-offsets-to-txn.ts';
export {
  type AddPartitionsToTxnRequest,
  type AddPartitionsToTxnResponse,
  addPartitionsToTxn,
} from './add-partitions-to-txn.ts';
export { type ApiVersionsRequest, type ApiVersionsResponse, apiVersions } from './api-versions.ts';
export {
  type ConsumerGroupDescribeRequest,
  type ConsumerGroupDescribeResponse,
  consumerGroupDescribe,
} from './consumer-group-describe.ts';
export {
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
  consumerGroupHeartbeat,
} from './consumer-group-heartbeat.ts';
export {
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  createPartitions,
} from './create-partitions.ts';
export { type CreateTopicsRequest, type CreateTopicsResponse, createTopics } from './create-topics.ts';
export { type DeleteGroupsRequest, type DeleteGroupsResponse, deleteGroups } from './delete-groups.ts';
export { type DeleteRecordsRequest, type DeleteRecordsResponse, deleteRecords } from './delete-records.ts';
export { type DeleteTopicsRequest, type DeleteTopicsResponse, deleteTopics } from './delete-topics.ts';
export {
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  describeConfigs,
} from './describe-configs.ts';
export {
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
  describeGroups,
} from './describe-groups.ts';
export { type EndTxnRequest, type EndTxnResponse, endTxn } from './end-txn.ts';
export { type FetchRequest, type FetchResponse, fetch } from './fetch.ts';
export {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  findCoordinator,
} from './find-coordinator.ts';
export { type HeartbeatRequest, type HeartbeatResponse, heartbeat } from './heartbeat.ts';
export {
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerId,
} from './init-producer-id.ts';
export { type JoinGroupRequest, type JoinGroupResponse, joinGroup } from './join-group.ts';
export { type LeaveGroupRequest, type LeaveGroupResponse, leaveGroup } from './leave-group.ts';
export { type ListGroupsRequest, type ListGroupsResponse, listGroups } from './list-groups.ts';
export { type ListOffsetsRequest, type ListOffsetsResponse, listOffsets } from './list-offsets.ts';
export { type MetadataRequest, type MetadataResponse, metadata } from './metadata.ts';
export { type OffsetCommitRequest, type OffsetCommitResponse, offsetCommit } from './offset-commit.ts';
export { type OffsetDeleteRequest, type OffsetDeleteResponse, offsetDelete } from './offset-delete.ts';
export { type OffsetFetchRequest, type OffsetFetchResponse, offsetFetch } from './offset-fetch.ts';
export {
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
  offsetForLeaderEpoch,
} from './offset-for-leader-epoch.ts';
export { type ProduceRequest, type ProduceResponse, produce } from './produce.ts';
export {
  type SaslAuthenticateRequest,
  type SaslAuthenticateResponse,
  saslAuthenticate,
} from './sasl-authenticate.ts';
export { type SaslHandshakeRequest, type SaslHandshakeResponse, saslHandshake } from './sasl-handshake.ts';
export { type SyncGroupRequest, type SyncGroupResponse, syncGroup } from './sync-group.ts';
export {
  type TxnOffsetCommitRequest,
  type TxnOffsetCommitResponse,
  txnOffsetCommit,
} from './txn-offset-commit.ts';
