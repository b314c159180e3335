/**
 * A Kafka cluster inside the process, for tests and demos.
 *
 * @example
 * ```ts
 * import { embeddedBroker } from '@kohort/broker-embedded';
 *
 * const broker = embeddedBroker({ topics: { orders: { partitions: 6 } } });
 * await broker.produce('orders', [{ key: 'a', value: '1' }]);
 * const address = await broker.listen(); // '127.0.0.1:49213': any Kafka client can join
 * broker.endOffsets('orders');
 * await broker.close();
 * ```
 *
 * @packageDocumentation
 */
export type { Delay } from './connection/delay.ts';
export type { ListenOptions } from './connection/tcp-listener.ts';
export { EmbeddedBroker, embeddedBroker, type TopicDescription } from './embedded-broker.ts';
export type { BrokerFaults, CrashOptions } from './faults/broker-faults.ts';
export type { ErrorLevel, FaultAction, FaultHandle, FaultMatch, FaultRule } from './faults/fault-rule.ts';
export type { Direction, LinkMatch } from './faults/links.ts';
export type { AppendFault } from './faults/offsets-append.ts';
export type {
  GroupSnapshot,
  GroupTransition,
  MemberSnapshot,
  OffsetsTopicAppend,
  StoredOffset,
} from './group/group-coordinator.ts';
export type { RequestListener, RequestOutcome, RequestRecord } from './observe/request-record.ts';
export type { EmbeddedBrokerOptions, SaslOptions, TopicOptions } from './options.ts';
export type { Bytes, ProducedRecord, ProduceOptions, ProduceRecord } from './produce/produce-record.ts';
export type { EmulatedKafka } from './requests/version-tables.ts';
