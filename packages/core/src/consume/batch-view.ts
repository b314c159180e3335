/** Records of one partition, as `eachBatch` gets them. */
import type { ConsumerRecord, RecordBatchView } from '../contracts/consumer.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';

export class BatchView implements RecordBatchView {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly ConsumerRecord[];
  readonly highWatermark: bigint;

  /** @param records at least one, in order */
  constructor(
    { topic, partition }: TopicPartition,
    records: readonly ConsumerRecord[],
    highWatermark: bigint,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.records = records;
    this.highWatermark = highWatermark;
  }

  get firstOffset(): bigint {
    return this.records[0]?.offset ?? -1n;
  }

  get lastOffset(): bigint {
    return this.records.at(-1)?.offset ?? -1n;
  }

  [Symbol.iterator](): Iterator<ConsumerRecord> {
    return this.records[Symbol.iterator]();
  }
}
