/**
 * What the author of a plugin needs: the contracts, the errors, and the bytes reader and writer.
 *
 * @example
 * ```ts
 * import { ByteReader, ByteWriter } from '@kohort/core/spi';
 *
 * const bytes = new ByteWriter().int32(3).string('a').finish();
 * new ByteReader(bytes).int32(); // 3
 * ```
 *
 * @packageDocumentation
 */

export { type DeferredPlan, deferMoves } from './assignment/deferral.ts';
export { type AssignorDefinition, defineAssignor } from './assignment/define-assignor.ts';
export { memberOrder } from './assignment/member-order.ts';
export { type ClaimedProblem, ownersSteps, resolveOwners } from './assignment/owners.ts';
export { planBuilder } from './assignment/plan-builder.ts';
export { buildProblem } from './assignment/problem.ts';
export { runToEnd, type Steps } from './assignment/steps.ts';
export { type PlanViolation, type PlanViolationKind, validatePlan } from './assignment/validate-plan.ts';
export type {
  AssignmentFunction,
  AssignmentMember,
  AssignmentPlan,
  AssignmentProblem,
  AssignmentTopic,
  Assignor,
  AssignorContext,
  OwnedPartitions,
  PlainMember,
  PlanBuilder,
  RebalanceProtocol,
  ResolvedOwners,
} from './contracts/assignor.ts';
export { ASSIGNOR_CONTRACT_VERSION } from './contracts/assignor.ts';
export type { Clock, Timer } from './contracts/clock.ts';
export type { CompressionCodec, CompressionType } from './contracts/compression.ts';
export type { GroupDescription, MemberStateName } from './contracts/description.ts';
export {
  type EventEnvelope,
  type EventFields,
  type EventName,
  type EventOf,
  HOOK_CONTRACT_VERSION,
  type Hook,
  type HookLike,
  type KohortEvent,
  type LossReason,
  type PartitionSample,
  type RebalancePhases,
  type RebalanceTrigger,
} from './contracts/hooks.ts';
export type { CommitReason, OffsetStore, OffsetStoreContext } from './contracts/offset-store.ts';
export type { RecordBatch, RecordHeader, RecordSet } from './contracts/records.ts';
export type {
  BrokerAddress,
  PartitionOffset,
  TopicPartition,
  TopicRef,
} from './contracts/topic-partition.ts';
export type {
  CallOptions,
  ClusterInfo,
  CodeResult,
  CommitRequest,
  CommitResult,
  CoordinatorResult,
  EpochRequest,
  EpochResult,
  Features,
  FetchedPartition,
  FetchPartition,
  FetchRequest,
  FetchResult,
  GroupTransport,
  HeartbeatRequest,
  IsolationLevel,
  JoinedMember,
  JoinProtocol,
  JoinRequest,
  JoinResult,
  Lane,
  LeaveRequest,
  LeaveResult,
  ListOffsetsRequest,
  ListOffsetsResult,
  MetadataResult,
  OffsetFetchRequest,
  OffsetFetchResult,
  OffsetTimestamp,
  PartitionMetadata,
  SyncRequest,
  SyncResult,
  TopicMetadata,
  TransportContext,
  TransportEvent,
  TransportFactory,
} from './contracts/transport.ts';
export { TRANSPORT_CONTRACT_VERSION } from './contracts/transport.ts';
export { ErrorCode, type TerminalClass } from './errors/error-codes.ts';
export {
  describeKafkaCode,
  KafkaCode,
  type KafkaCodeDescription,
  type KafkaCodeFamily,
} from './errors/kafka-codes.ts';
export { type ErrorContext, KohortError } from './errors/kohort-error.ts';
export {
  TransportError,
  type TransportErrorContext,
  type TransportErrorKind,
} from './errors/transport-error.ts';
export {
  type PlannedAssignments,
  type PlanRejection,
  type PlanReport,
  type PlanRequest,
  planAssignments,
} from './runtime/plan-assignments.ts';
export { type RoundRobinOptions, roundRobin } from './runtime/round-robin.ts';
export { runSliced, type SliceOptions } from './runtime/run-sliced.ts';
export { systemClock } from './runtime/system-clock.ts';
export { type DecodedAssignment, decodeAssignment, encodeAssignment } from './wire/assignment.ts';
export { ByteReader, ByteWriter, ProtocolError } from './wire/bytes.ts';
export {
  type DecodedSubscription,
  decodeSubscription,
  encodeSubscription,
  type Subscription,
} from './wire/subscription.ts';
export { flattenTopics, groupByTopic, type TopicPartitions } from './wire/topic-partitions.ts';
