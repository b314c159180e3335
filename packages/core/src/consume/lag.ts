/** How far partitions are from their end. */
import type { PartitionLag } from '../contracts/consumer.ts';
import type { Pump } from './pump.ts';

class Lag implements PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
  readonly committed: bigint | null;
  readonly endOffset: bigint;
  readonly lag: bigint;

  constructor(pump: Pump, position: bigint, endOffset: bigint, lag: bigint) {
    this.topic = pump.topic;
    this.partition = pump.partition;
    this.position = position;
    this.committed = pump.committedOffset;
    this.endOffset = endOffset;
    this.lag = lag;
  }

  toJSON() {
    const { topic, partition, position, committed, endOffset, lag } = this;
    return {
      topic,
      partition,
      position: position.toString(),
      committed: committed === null ? null : committed.toString(),
      endOffset: endOffset.toString(),
      lag: lag.toString(),
    };
  }
}

/** Lag counts what has not settled. Undefined until a position and the end are known. */
export function lagOf(pump: Pump): PartitionLag | undefined {
  const { mark, position, endOffset } = pump;
  if (!mark || position === null || endOffset === null) return undefined;
  const low = mark.lowOffset;
  return new Lag(pump, position, endOffset, endOffset > low ? endOffset - low : 0n);
}
