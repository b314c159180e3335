/**
 * Apache Kafka consumer groups for Node.js.
 *
 * @example
 * ```ts
 * import { closeOnSignal, createConsumerGroup } from '@kohort/core';
 * import { kafkajsTransport } from '@kohort/transport-kafkajs';
 *
 * const group = createConsumerGroup({
 *   groupId: 'billing',
 *   topics: ['orders'],
 *   transport: kafkajsTransport({ brokers: ['localhost:9092'] }),
 * });
 * closeOnSignal(group);
 * await group.run({ eachRecord: async (record) => console.log(record.value?.toString()) });
 * ```
 *
 * @packageDocumentation
 */

export type { AssignmentFunction, Assignor, PlainMember } from './contracts/assignor.ts';
export type {
  BatchHandler,
  CloseOptions,
  CloseResult,
  ConsumerHeaders,
  ConsumerRecord,
  HandlerContext,
  HandlerErrorAction,
  HandlerErrorPolicy,
  PartitionLag,
  RecordBatchView,
  RecordHandler,
  RunOptions,
} from './contracts/consumer.ts';
export type { GroupDescription, MemberStateName } from './contracts/description.ts';
export type { ConsumerGroup, Group, GroupManager, ReadyOptions, SeekTarget } from './contracts/group.ts';
export type {
  EventEnvelope,
  EventFields,
  EventName,
  EventOf,
  Hook,
  HookLike,
  KohortEvent,
  LossReason,
  RebalanceTrigger,
} from './contracts/hooks.ts';
export type { OffsetStore } from './contracts/offset-store.ts';
export type {
  AutoOffsetReset,
  ConsumerGroupOptions,
  DefaultOptions,
  GroupManagerOptions,
} from './contracts/options.ts';
export type {
  AssignedContext,
  GroupSession,
  LostContext,
  OwnedPartition,
  OwnershipCallbacks,
  RevokedContext,
} from './contracts/session.ts';
export type { PartitionOffset, TopicPartition } from './contracts/topic-partition.ts';
export type { TransportFactory } from './contracts/transport.ts';
export type { Verdict, VerdictOverride, VerdictQuestion } from './contracts/verdict.ts';
export { createConsumerGroup } from './create-consumer-group.ts';
export { createDefaults, type Factories, type WithDefaults } from './create-defaults.ts';
export { createGroupManager } from './create-group-manager.ts';
export { ErrorCode, type TerminalClass } from './errors/error-codes.ts';
export { type ErrorContext, KohortError } from './errors/kohort-error.ts';
export { TransportError, type TransportErrorKind } from './errors/transport-error.ts';
export { type CloseOnSignalOptions, closeOnSignal } from './runtime/close-on-signal.ts';
export { roundRobin } from './runtime/round-robin.ts';
