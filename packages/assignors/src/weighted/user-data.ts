/** What a member of a weighing group says of itself: how much it can take, and what the partitions of its topics weigh. */
import { ByteReader, ByteWriter, ProtocolError } from '@kohort/core/spi';

const VERSION = 0;

export interface WeightData {
  readonly capacity: number;
  /** By topic. */
  readonly weights: ReadonlyMap<string, number>;
}

/**
 * Two digits of each weight count, so that what is measured may waver. Topics in order.
 *
 * @throws RangeError for a weight that is not a finite number from 0, and whatever `weightOf` throws
 */
export function writeWeights(
  topics: readonly string[],
  capacity: number,
  weightOf: (topic: string) => number,
): Uint8Array {
  const writer = new ByteWriter().int16(VERSION).float64(capacity);
  const names = [...new Set(topics)].sort();
  writer.array(names, (element, topic) => {
    const weight = weightOf(topic);
    if (!isWeight(weight)) {
      throw new RangeError(
        `weightOf gives ${String(weight)} for ${topic}; accepted is a finite number from 0`,
      );
    }
    element.string(topic).float64(Number(weight.toPrecision(2)));
  });
  return writer.finish();
}

/** Newer versions may add fields at the end. @throws ProtocolError for what no member can have meant */
export function readWeights(bytes: Uint8Array): WeightData {
  const reader = new ByteReader(bytes);
  const version = reader.int16();
  const capacity = reader.float64();
  const weights = reader.array((element) => [element.string(), element.float64()] as const, 10);
  const isSane = version >= 0 && isCapacity(capacity) && weights.every(([, weight]) => isWeight(weight));
  if (!isSane) throw new ProtocolError(`weights of version ${version} with impossible numbers`);
  return { capacity, weights: new Map(weights) };
}

/** Whether a member can have that capacity: far from where sums would overflow. */
export function isCapacity(value: unknown): value is number {
  return typeof value === 'number' && value >= 1e-6 && value <= 1e6;
}

function isWeight(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_VALUE;
}
