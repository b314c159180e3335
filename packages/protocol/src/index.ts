/**
 * Kafka's wire protocol for both of its sides: codecs as data, frames, record batches, and a transport over a thin wire
 * client.
 *
 * @example
 * ```ts
 * import { ByteReader, ByteWriter } from '@kohort/core/spi';
 * import { heartbeat } from '@kohort/protocol';
 *
 * const writer = new ByteWriter();
 * heartbeat.encodeRequest({ groupId: 'orders', generationId: 3, memberId: 'm-1' }, 4, writer);
 * heartbeat.decodeRequest(new ByteReader(writer.finish()), 4).generationId; // 3
 * ```
 */

// Codecs of messages and frames.
export type { Api, VersionRange } from './api.ts';
export { FrameSplitter, type FrameSplitterOptions } from './frame-splitter.ts';
export {
  decodeApiVersionsResponse,
  frameOf,
  hasFlexibleRequestHeader,
  hasFlexibleResponseHeader,
  type RequestHeader,
  readRequestHeader,
  readResponseHeader,
  writeRequestHeader,
  writeResponseHeader,
} from './frames.ts';
export {
  type AddOffsetsToTxnRequest,
  type AddOffsetsToTxnResponse,
  addOffsetsToTxn,
} from './messages/add-offsets-to-txn.ts';
export {
  type AddPartitionsToTxnRequest,
  type AddPartitionsToTxnResponse,
  addPartitionsToTxn,
} from './messages/add-partitions-to-txn.ts';
export { type ApiVersionsRequest, type ApiVersionsResponse, apiVersions } from './messages/api-versions.ts';
export {
  type ConsumerGroupDescribeRequest,
  type ConsumerGroupDescribeResponse,
  consumerGroupDescribe,
} from './messages/consumer-group-describe.ts';
export {
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
  consumerGroupHeartbeat,
} from './messages/consumer-group-heartbeat.ts';
export {
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  createPartitions,
} from './messages/create-partitions.ts';
export {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  createTopics,
} from './messages/create-topics.ts';
export {
  type DeleteGroupsRequest,
  type DeleteGroupsResponse,
  deleteGroups,
} from './messages/delete-groups.ts';
export {
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
  deleteRecords,
} from './messages/delete-records.ts';
export {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  deleteTopics,
} from './messages/delete-topics.ts';
export {
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  describeConfigs,
} from './messages/describe-configs.ts';
export {
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
  describeGroups,
} from './messages/describe-groups.ts';
export { type EndTxnRequest, type EndTxnResponse, endTxn } from './messages/end-txn.ts';
export { type FetchRequest, type FetchResponse, fetch } from './messages/fetch.ts';
export {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  findCoordinator,
} from './messages/find-coordinator.ts';
export { type HeartbeatRequest, type HeartbeatResponse, heartbeat } from './messages/heartbeat.ts';
export {
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerId,
} from './messages/init-producer-id.ts';
export { type JoinGroupRequest, type JoinGroupResponse, joinGroup } from './messages/join-group.ts';
export { type LeaveGroupRequest, type LeaveGroupResponse, leaveGroup } from './messages/leave-group.ts';
export { type ListGroupsRequest, type ListGroupsResponse, listGroups } from './messages/list-groups.ts';
export { type ListOffsetsRequest, type ListOffsetsResponse, listOffsets } from './messages/list-offsets.ts';
export { type MetadataRequest, type MetadataResponse, metadata } from './messages/metadata.ts';
export {
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  offsetCommit,
} from './messages/offset-commit.ts';
export {
  type OffsetDeleteRequest,
  type OffsetDeleteResponse,
  offsetDelete,
} from './messages/offset-delete.ts';
export { type OffsetFetchRequest, type OffsetFetchResponse, offsetFetch } from './messages/offset-fetch.ts';
export {
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
  offsetForLeaderEpoch,
} from './messages/offset-for-leader-epoch.ts';
export { type ProduceRequest, type ProduceResponse, produce } from './messages/produce.ts';
export {
  type SaslAuthenticateRequest,
  type SaslAuthenticateResponse,
  saslAuthenticate,
} from './messages/sasl-authenticate.ts';
export {
  type SaslHandshakeRequest,
  type SaslHandshakeResponse,
  saslHandshake,
} from './messages/sasl-handshake.ts';
export { type SyncGroupRequest, type SyncGroupResponse, syncGroup } from './messages/sync-group.ts';
export {
  type TxnOffsetCommitRequest,
  type TxnOffsetCommitResponse,
  txnOffsetCommit,
} from './messages/txn-offset-commit.ts';
export { type AnyApi, apiByKey, apis } from './messages.ts';
// Record batches.
export {
  type AbortedTransaction,
  type BatchAttributes,
  type BatchCompressor,
  type BatchHeader,
  type CodecRegistry,
  codecRegistry,
  crc32c,
  type DecodeOptions,
  decodeBatches,
  type EncodeOptions,
  type EndMarker,
  encodeBatch,
  encodeEndMarker,
  gzipCodec,
  lz4Codec,
  type ProducedBatch,
  type RecordInput,
  readBatchHeader,
  snappyCodec,
  splitProducePayload,
  withBaseOffset,
  zstdCodec,
} from './records/index.ts';
export { ZERO_UUID } from './schema/builders.ts';
export type { SchemaApi } from './schema/define-api.ts';
export type { Field, Type } from './schema/field.ts';

// Transport.
export {
  createProtocolTransport,
  type ProtocolTransportOptions,
} from './transport/create-protocol-transport.ts';
export type { Frame, WireClient, WireClientFactory, WireLane } from './wire-client.ts';
