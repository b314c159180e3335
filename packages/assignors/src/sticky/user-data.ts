/**
 * User data of Kafka's sticky assignors. `sticky` sends what the member owned, by topic, and since version 1 the
 * generation of that (KIP-341, Java: `StickyAssignor`); `cooperative-sticky` sends the generation alone (Java:
 * `CooperativeStickyAssignor`). Readers take all forms: some clients send the one under the name of the other.
 */
import {
  ByteReader,
  ByteWriter,
  groupByTopic,
  type OwnedPartitions,
  ProtocolError,
  type TopicPartitions,
} from '@kohort/core/spi';

/** What some member says it owned, unchecked. */
export interface StickyUserData {
  readonly owned: readonly TopicPartitions[];
  /** -1 where the bytes do not say. */
  readonly generationId: number;
}

/** As Java's `sticky` has it, version 1; null as long as nothing has been assigned. Topics and partitions in order. */
export function writeOwned({ owned, generationId }: OwnedPartitions): Uint8Array | null {
  if (generationId < 0 && owned.length === 0) return null;
  const writer = new ByteWriter();
  writer.array(groupByTopic(owned), (element, { topic, partitions }) => {
    element.string(topic).array(partitions, (number, partition) => number.int32(partition));
  });
  return writer.int32(generationId).finish();
}

/** As Java's `cooperative-sticky` has it: what is owned stands in the subscription already. */
export function writeGeneration({ generationId }: OwnedPartitions): Uint8Array {
  return new ByteWriter(4).int32(generationId).finish();
}

/** @throws ProtocolError for bytes in none of the known forms */
export function readStickyUserData(bytes: Uint8Array): StickyUserData {
  if (bytes.length === 4) return { owned: [], generationId: new ByteReader(bytes).int32() };
  const reader = new ByteReader(bytes);
  const count = reader.int32();
  if (count < 0) throw new ProtocolError(`sticky user data with ${count} topics`);
  reader.offset = 0;
  const owned = reader.array(
    (element) => ({ topic: element.string(), partitions: element.array((number) => number.int32(), 4) }),
    6,
  );
  return { owned, generationId: reader.remaining >= 4 ? reader.int32() : -1 };
}
