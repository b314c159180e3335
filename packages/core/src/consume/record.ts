/** A record as handlers see it: a place in a fetched batch, and nothing else until something is read. */
import type { ConsumerHeaders, ConsumerRecord } from '../contracts/consumer.ts';
import type { RecordBatch, RecordSet } from '../contracts/records.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import { asBuffer } from './as-buffer.ts';
import { Headers } from './headers.ts';

/** What the records of one batch share. */
export interface RecordSource {
  readonly place: TopicPartition;
  readonly batch: RecordBatch;
  readonly set: RecordSet;
}

export class FetchedRecord implements ConsumerRecord {
  readonly #source: RecordSource;
  readonly #index: number;

  constructor(source: RecordSource, index: number) {
    this.#source = source;
    this.#index = index;
  }

  get topic(): string {
    return this.#source.place.topic;
  }

  get partition(): number {
    return this.#source.place.partition;
  }

  get offset(): bigint {
    return this.#source.batch.baseOffset + BigInt(this.#source.set.offsetDelta(this.#index));
  }

  get timestamp(): number {
    return this.#source.set.timestamp(this.#index);
  }

  get timestampType(): 'create' | 'logAppend' {
    return this.#source.batch.timestampType;
  }

  get key(): Buffer | null {
    return asBuffer(this.#source.set.key(this.#index));
  }

  get value(): Buffer | null {
    return asBuffer(this.#source.set.value(this.#index));
  }

  get headers(): ConsumerHeaders {
    return new Headers(this.#source.set.headers(this.#index));
  }

  get leaderEpoch(): number {
    return this.#source.batch.leaderEpoch;
  }

  toJSON(): { topic: string; partition: number; offset: string; timestamp: number } {
    const { topic, partition, offset, timestamp } = this;
    return { topic, partition, offset: offset.toString(), timestamp };
  }
}
