/** `broker.produce`: writes records straight into the logs, as one producer that needs no connection. */
import { ErrorCode, KohortError } from '@kohort/core/spi';
import { encodeBatch, encodeEndMarker, type RecordInput, readBatchHeader } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import type { Partition, Topic } from '../cluster/topic.ts';
import { incomingBatch } from '../log/batch-check.ts';
import { partitionOfKey } from './murmur2.ts';
import {
  bytesOrNull,
  headerPairs,
  type ProducedRecord,
  type ProduceOptions,
  type ProduceRecord,
} from './produce-record.ts';

interface Placed {
  readonly index: number;
  readonly record: RecordInput;
}

export class Producer {
  readonly #cluster: Cluster;
  /** Where the next record without a key goes, by topic. */
  readonly #turns = new Map<string, number>();
  /** Producer ids of transactions left open, by topic name. */
  readonly #open = new Map<string, bigint[]>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** @throws KohortError KOHORT_STATE for an unknown topic, KOHORT_CONFIG for an unknown partition */
  produce(name: string, records: readonly ProduceRecord[], options: ProduceOptions): ProducedRecord[] {
    const topic = this.#topic(name);
    const byPartition = new Map<Partition, Placed[]>();
    records.forEach((record, index) => {
      const partition = this.#partitionFor(topic, record);
      const placed = byPartition.get(partition) ?? [];
      byPartition.set(partition, placed);
      placed.push({ index, record: this.#input(record) });
    });
    const { transaction } = options;
    const producerId = transaction === undefined ? -1n : this.#cluster.nextProducerId();
    const produced: ProducedRecord[] = [];
    for (const [partition, placed] of byPartition) {
      const baseOffset = this.#append(partition, placed, producerId, options);
      placed.forEach(({ index }, i) => {
        produced[index] = { topic: name, partition: partition.index, offset: baseOffset + BigInt(i) };
      });
    }
    if (transaction === 'open') this.#open.set(name, [...(this.#open.get(name) ?? []), producerId]);
    else if (transaction !== undefined) this.#end(topic, producerId, transaction);
    return produced;
  }

  /** Ends the transactions that were left open in a topic, oldest first. @returns how many */
  endTransactions(name: string, outcome: 'commit' | 'abort'): number {
    const topic = this.#topic(name);
    const open = this.#open.get(name) ?? [];
    this.#open.delete(name);
    for (const producerId of open) this.#end(topic, producerId, outcome);
    return open.length;
  }

  #append(
    partition: Partition,
    placed: readonly Placed[],
    producerId: bigint,
    options: ProduceOptions,
  ): bigint {
    const transactional = producerId >= 0n;
    const bytes = encodeBatch(
      placed.map(({ record }) => record),
      {
        compression: options.compression ?? 'none',
        ...(transactional ? { producerId, producerEpoch: 0, baseSequence: 0, transactional } : {}),
      },
    );
    const batch = incomingBatch(bytes, readBatchHeader(bytes), null);
    return partition.log.append(batch, partition.leaderEpoch).baseOffset;
  }

  #end(topic: Topic, producerId: bigint, type: 'commit' | 'abort'): void {
    const timestamp = this.#now();
    for (const partition of topic.partitions) {
      if (!partition.log.hasOpenTransaction(producerId)) continue;
      const bytes = encodeEndMarker({ type, producerId, producerEpoch: 0, timestamp });
      partition.log.appendMarker(incomingBatch(bytes, readBatchHeader(bytes), type), partition.leaderEpoch);
    }
  }

  #input({ key, value, headers, timestamp }: ProduceRecord): RecordInput {
    return {
      key: bytesOrNull(key),
      value: bytesOrNull(value),
      headers: headerPairs(headers),
      timestamp: timestamp ?? this.#now(),
    };
  }

  /** Whole milliseconds, as a record has them: a virtual clock may stand between two. */
  #now(): number {
    return Math.floor(this.#cluster.clock.wall());
  }

  #topic(name: string): Topic {
    const topic = this.#cluster.topics.get(name);
    if (topic !== undefined) return topic;
    throw new KohortError(
      ErrorCode.state,
      `produce: topic "${name}" does not exist. Create it with createTopic(), or in the topics option.`,
    );
  }

  #partitionFor(topic: Topic, record: ProduceRecord): Partition {
    const index = record.partition ?? this.#indexFor(topic, bytesOrNull(record.key));
    const partition = topic.partitions[index];
    if (partition !== undefined) return partition;
    throw new KohortError(
      ErrorCode.config,
      `produce: topic "${topic.name}" has ${topic.partitions.length} partitions, there is no partition ${index}.`,
    );
  }

  #indexFor(topic: Topic, key: Uint8Array | null): number {
    const count = topic.partitions.length;
    if (key !== null) return partitionOfKey(key, count);
    const turn = this.#turns.get(topic.name) ?? 0;
    this.#turns.set(topic.name, turn + 1);
    return turn % count;
  }
}
