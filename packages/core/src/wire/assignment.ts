/** What the leader sends to each member through SyncGroup (ConsumerProtocolAssignment.json, versions 0 to 3). */
import { ByteReader, ByteWriter, ProtocolError } from './bytes.ts';
import { readTopicPartitions, type TopicPartitions, writeTopicPartitions } from './topic-partitions.ts';

/** Newest version that is known here; the layout is the same in all of them. */
export const ASSIGNMENT_VERSION = 3;

export interface DecodedAssignment {
  readonly version: number;
  readonly topics: readonly TopicPartitions[];
  readonly userData: Uint8Array | null;
  /** The bytes were empty: the coordinator fills in so for a member that the leader left out. Worth a warning. */
  readonly absent: boolean;
}

/** @param topics in the order that is written: see `groupByTopic` */
export function encodeAssignment(
  topics: readonly TopicPartitions[],
  userData: Uint8Array | null = null,
  version = ASSIGNMENT_VERSION,
): Uint8Array {
  const writer = new ByteWriter();
  writer.int16(version);
  writeTopicPartitions(writer, topics);
  writer.nullableData(userData);
  return writer.finish();
}

/**
 * Reads any version; a newer one as the newest known, with what follows ignored. Empty bytes are an empty assignment.
 *
 * @throws ProtocolError where the bytes end within a field, or a version or partition number is negative
 */
export function decodeAssignment(bytes: Uint8Array): DecodedAssignment {
  if (bytes.length === 0) return { version: 0, topics: [], userData: null, absent: true };
  const reader = new ByteReader(bytes);
  const version = reader.int16();
  if (version < 0) throw new ProtocolError(`assignment of version ${version}`);
  const topics = readTopicPartitions(reader);
  for (const { topic, partitions } of topics) {
    const negative = partitions.find((partition) => partition < 0);
    if (negative !== undefined)
      throw new ProtocolError(`assignment of partition ${negative} of topic "${topic}"`);
  }
  return { version, topics, userData: reader.remaining > 0 ? reader.nullableData() : null, absent: false };
}
