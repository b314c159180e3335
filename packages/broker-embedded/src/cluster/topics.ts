/** All topics of the cluster, by name and by id, and the virtual controller that creates, grows and deletes them. */
import { ErrorCodes } from '../error-codes.ts';
import type { Random } from '../random/seeded-random.ts';
import { uuidBase64 } from '../random/uuid.ts';
import type { Nodes } from './nodes.ts';
import { Partition, type Topic } from './topic.ts';
import { isTopicName } from './topic-name.ts';

const MOST_REPLICAS = 3;

export interface NewTopic {
  readonly partitions: number;
  /** At most the number of nodes; three, or as many as there are nodes, by default. */
  readonly replicationFactor?: number;
  readonly internal?: boolean;
  readonly configs?: ReadonlyMap<string, string | null>;
}

export class Topics {
  readonly #byName = new Map<string, Topic>();
  readonly #byId = new Map<string, Topic>();
  readonly #nodes: Nodes;
  readonly #ids: Random;
  readonly #deletions: ((topic: Topic) => void)[] = [];
  /** Where the first partition of the next topic is led, so that topics do not all crowd on one node. */
  #nextNode = 0;

  constructor(nodes: Nodes, ids: Random) {
    this.#nodes = nodes;
    this.#ids = ids;
  }

  get(name: string): Topic | undefined {
    return this.#byName.get(name);
  }

  byId(id: string): Topic | undefined {
    return this.#byId.get(id);
  }

  partition(name: string, index: number): Partition | undefined {
    return this.#byName.get(name)?.partitions[index];
  }

  /** In order of creation. */
  all(): IterableIterator<Topic> {
    return this.#byName.values();
  }

  /** Error code that creating this topic would answer, 0 when it is possible. */
  checkCreate(name: string, topic: NewTopic): number {
    if (!isTopicName(name)) return ErrorCodes.INVALID_TOPIC_EXCEPTION;
    if (this.#byName.has(name)) return ErrorCodes.TOPIC_ALREADY_EXISTS;
    if (!Number.isInteger(topic.partitions) || topic.partitions < 1) return ErrorCodes.INVALID_PARTITIONS;
    const factor = topic.replicationFactor;
    if (factor !== undefined && (factor < 1 || factor > this.#nodes.count)) {
      return ErrorCodes.INVALID_REPLICATION_FACTOR;
    }
    return ErrorCodes.NONE;
  }

  /** @returns error code, 0 when the topic now exists */
  create(name: string, topic: NewTopic): number {
    const errorCode = this.checkCreate(name, topic);
    if (errorCode !== 0) return errorCode;
    const created: Topic = {
      name,
      id: uuidBase64(this.#ids),
      internal: topic.internal ?? false,
      partitions: [],
      configs: topic.configs ?? new Map(),
    };
    const first = this.#nextNode;
    this.#nextNode = (this.#nextNode + topic.partitions) % this.#nodes.count;
    const factor = topic.replicationFactor ?? Math.min(MOST_REPLICAS, this.#nodes.count);
    this.#grow(created, topic.partitions, first, factor);
    this.#byName.set(name, created);
    this.#byId.set(created.id, created);
    return ErrorCodes.NONE;
  }

  #grow(topic: Topic, total: number, firstNode: number, factor: number): void {
    for (let index = topic.partitions.length; index < total; index++) {
      const replicas = Array.from({ length: factor }, (_, r) => (firstNode + index + r) % this.#nodes.count);
      const leader = replicas.find((node) => this.#nodes.isRunning(node)) ?? -1;
      topic.partitions.push(new Partition(index, replicas, leader));
    }
  }

  /** Error code that growing the topic to `total` partitions would answer, 0 when it is possible. */
  checkGrow(name: string, total: number): number {
    const topic = this.#byName.get(name);
    if (topic === undefined) return ErrorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    if (!Number.isInteger(total) || total <= topic.partitions.length) return ErrorCodes.INVALID_PARTITIONS;
    return ErrorCodes.NONE;
  }

  /** @returns error code, 0 when the topic now has `total` partitions */
  addPartitions(name: string, total: number): number {
    const errorCode = this.checkGrow(name, total);
    const topic = this.#byName.get(name);
    const first = topic?.partitions[0];
    if (errorCode !== 0 || topic === undefined || first === undefined) return errorCode;
    this.#grow(topic, total, first.replicas[0] ?? 0, first.replicas.length);
    return ErrorCodes.NONE;
  }

  /** @returns error code, 0 when the topic is gone; one of the same name has another id later */
  delete(name: string): number {
    const topic = this.#byName.get(name);
    if (topic === undefined) return ErrorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    this.#byName.delete(name);
    this.#byId.delete(topic.id);
    for (const partition of topic.partitions) partition.moved();
    for (const listener of this.#deletions) listener(topic);
    return ErrorCodes.NONE;
  }

  /** Calls `listener` when a topic has been deleted. */
  onDelete(listener: (topic: Topic) => void): void {
    this.#deletions.push(listener);
  }

  /** Moves the leadership that a stopped node leaves behind, and gives a started one what nobody leads. */
  elect(): void {
    for (const topic of this.#byName.values()) {
      for (const partition of topic.partitions) {
        if (partition.leader >= 0 && this.#nodes.isRunning(partition.leader)) continue;
        const next = partition.replicas.find((node) => this.#nodes.isRunning(node)) ?? -1;
        if (next !== partition.leader) partition.lead(next);
      }
    }
  }
}
