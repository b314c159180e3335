/**
 * What a member sends along with JoinGroup: its subscription and what it owns (ConsumerProtocolSubscription.json,
 * versions 0 to 3). The coordinator compares these bytes to decide whether a follower has changed, so equal input
 * must give equal bytes.
 */
import type { TopicPartition } from '../contracts/topic-partition.ts';
import { ByteReader, ByteWriter, ProtocolError } from './bytes.ts';
import {
  byCodeUnits,
  groupByTopic,
  readTopicPartitions,
  type TopicPartitions,
  writeTopicPartitions,
} from './topic-partitions.ts';

/** Newest layout that is known here. */
const SUBSCRIPTION_VERSION = 3;

export interface Subscription {
  readonly topics: readonly string[];
  readonly userData: Uint8Array | null;
  /** What the member owns; empty under an eager assignor (KIP-429). */
  readonly owned: readonly TopicPartition[];
  /** Generation of the assignment that `owned` comes from, -1 for none (KIP-792). */
  readonly generationId: number;
  /** KIP-881. */
  readonly rackId: string | null;
}

/** A subscription as some client wrote it: nothing in it has been checked against the cluster. */
export interface DecodedSubscription {
  /** As written; may be above SUBSCRIPTION_VERSION. */
  readonly version: number;
  readonly topics: readonly string[];
  readonly userData: Uint8Array | null;
  readonly owned: readonly TopicPartitions[];
  /** -1 below version 2. */
  readonly generationId: number;
  /** null below version 3. */
  readonly rackId: string | null;
}

/** Topics and owned partitions are written in order and without doubles. @param version layout to write, 0 to 3 */
export function encodeSubscription(subscription: Subscription, version = SUBSCRIPTION_VERSION): Uint8Array {
  const topics = [...new Set(subscription.topics)].sort(byCodeUnits);
  const writer = new ByteWriter();
  writer.int16(version);
  writer.array(topics, (element, topic) => element.string(topic));
  writer.nullableData(subscription.userData);
  if (version >= 1) writeTopicPartitions(writer, groupByTopic(subscription.owned));
  if (version >= 2) writer.int32(subscription.generationId);
  if (version >= 3) writer.nullableString(subscription.rackId);
  return writer.finish();
}

/**
 * Reads any version. A newer one is read as the newest known, with what follows ignored; fields that end with the
 * bytes count as absent, since some clients write a version above the fields that they send.
 *
 * @throws ProtocolError where the bytes end within a field, or the version is negative
 */
export function decodeSubscription(bytes: Uint8Array): DecodedSubscription {
  const reader = new ByteReader(bytes);
  const version = reader.int16();
  if (version < 0) throw new ProtocolError(`subscription of version ${version}`);
  const has = (since: number) => version >= since && reader.remaining > 0;
  return {
    version,
    topics: reader.array((element) => element.string(), 2),
    userData: reader.nullableData(),
    owned: has(1) ? readTopicPartitions(reader) : [],
    generationId: has(2) ? reader.int32() : -1,
    rackId: has(3) ? reader.nullableString() : null,
  };
}
