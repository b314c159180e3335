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
 *
 * @packageDocumentation
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
  type AddPartitionsToTxnRequest,
  type AddPartitionsToTxnResponse,
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  addOffsetsToTxn,
  addPartitionsToTxn,
  apiVersions,
  type ConsumerGroupDescribeRequest,
  type ConsumerGroupDescribeResponse,
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  consumerGroupDescribe,
  consumerGroupHeartbeat,
  createPartitions,
  createTopics,
  type DeleteGroupsRequest,
  type DeleteGroupsResponse,
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
  deleteGroups,
  deleteRecords,
  deleteTopics,
  describeConfigs,
  describeGroups,
  type EndTxnRequest,
  type EndTxnResponse,
  endTxn,
  type FetchRequest,
  type FetchResponse,
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  fetch,
  findCoordinator,
  type HeartbeatRequest,
  type HeartbeatResponse,
  heartbeat,
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerId,
  type JoinGroupRequest,
  type JoinGroupResponse,
  joinGroup,
  type LeaveGroupRequest,
  type LeaveGroupResponse,
  type ListGroupsRequest,
  type ListGroupsResponse,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  leaveGroup,
  listGroups,
  listOffsets,
  type MetadataRequest,
  type MetadataResponse,
  metadata,
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  type OffsetDeleteRequest,
  type OffsetDeleteResponse,
  type OffsetFetchRequest,
  type OffsetFetchResponse,
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
  offsetCommit,
  offsetDelete,
  offsetFetch,
  offsetForLeaderEpoch,
  type ProduceRequest,
  type ProduceResponse,
  produce,
  type SaslAuthenticateRequest,
  type SaslAuthenticateResponse,
  type SaslHandshakeRequest,
  type SaslHandshakeResponse,
  type SyncGroupRequest,
  type SyncGroupResponse,
  saslAuthenticate,
  saslHandshake,
  syncGroup,
  type TxnOffsetCommitRequest,
  type TxnOffsetCommitResponse,
  txnOffsetCommit,
} from './messages/index.ts';
export { type AnyApi, apiByKey, apis } from './messages.ts';
export { ZERO_UUID } from './schema/builders.ts';
export type { SchemaApi } from './schema/define-api.ts';
export type { Field, Type } from './schema/field.ts';

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

// Transport.

export {
  createProtocolTransport,
  type ProtocolTransportOptions,
} from './transport/create-protocol-transport.ts';
export type { Frame, WireClient, WireClientFactory, WireLane } from './wire-client.ts';
