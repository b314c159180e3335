/** The demo on a real cluster: a topic of its own, made, filled and removed by kafkajs; Kohort over kafkajs' connections. */
import { randomUUID } from 'node:crypto';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { type Admin, Kafka, type KafkaConfig, logLevel, Partitioners, type Producer } from 'kafkajs';
import type { OrderRecord } from '../engine/order.ts';
import { type Cluster, PARTITIONS } from './cluster.ts';
import { type Severable, severable } from './severable.ts';

/** Milliseconds; the least that brokers allow by default (`group.min.session.timeout.ms`). */
const SESSION_TIMEOUT = 6000;

/** Milliseconds that a new topic may take until every partition has a leader. */
const LEADERS_WITHIN = 10_000;

/**
 * Connects and creates a topic with a name that nobody else uses.
 * @throws Error when no broker can be reached, or the topic cannot be made
 */
export async function kafkaCluster(brokers: readonly string[]): Promise<Cluster> {
  const config: KafkaConfig = {
    clientId: 'kohort-demo',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3000,
    requestTimeout: 8000,
    retry: { retries: 2 },
  };
  const kafka = new Kafka(config);
  const admin = kafka.admin();
  const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
  const topic = `kohort-demo-${randomUUID().slice(0, 8)}`;
  const cluster = new KafkaCluster(brokers, { config, admin, producer, topic });
  try {
    await admin.connect();
    await cluster.createTopic();
    await producer.connect();
  } catch (error) {
    await cluster.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The cluster at ${brokers.join(', ')} cannot be used: ${why}`, { cause: error });
  }
  return cluster;
}

interface Connections {
  readonly config: KafkaConfig;
  readonly admin: Admin;
  readonly producer: Producer;
  readonly topic: string;
}

class KafkaCluster implements Cluster {
  readonly label: string;
  readonly topic: string;
  readonly groupId: string;
  readonly sessionTimeout = SESSION_TIMEOUT;
  readonly faults = null;
  readonly #connections: Connections;
  readonly #transports = new Map<string, Severable>();
  #topicExists = false;

  constructor(brokers: readonly string[], connections: Connections) {
    const { topic } = connections;
    this.#connections = connections;
    this.topic = topic;
    this.groupId = topic;
    this.label = brokers[0] ?? '';
  }

  async createTopic(): Promise<void> {
    const { admin } = this.#connections;
    const topic = { topic: this.topic, numPartitions: PARTITIONS, replicationFactor: -1 };
    await admin.createTopics({ topics: [topic], waitForLeaders: false });
    this.#topicExists = true;
    await this.#untilLed();
  }

  /** kafkajs' own wait gives up when the broker that it asks has not heard of the topic yet. */
  async #untilLed(): Promise<void> {
    const deadline = performance.now() + LEADERS_WITHIN;
    while (!(await this.#isLed())) {
      if (performance.now() > deadline) throw new Error(`Topic ${this.topic} got no leaders in time.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #isLed(): Promise<boolean> {
    const described = await this.#connections.admin.describeCluster();
    const metadata = await this.#metadata();
    const ids = new Set(described.brokers.map(({ nodeId }) => nodeId));
    return metadata.length === PARTITIONS && metadata.every(({ leader }) => ids.has(leader));
  }

  async #metadata() {
    try {
      const { topics } = await this.#connections.admin.fetchTopicMetadata({ topics: [this.topic] });
      return topics[0]?.partitions ?? [];
    } catch (error) {
      if (error instanceof Error && 'type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') return [];
      throw error;
    }
  }

  transport(clientId: string) {
    const transport = severable(kafkajsTransport(this.#connections.config));
    this.#transports.set(clientId, transport);
    return transport.factory;
  }

  cut(clientId: string): void {
    this.#transports.get(clientId)?.cut();
  }

  async produce(orders: readonly OrderRecord[]): Promise<void> {
    const messages = orders.map(({ partition, key, value, headers }) => ({
      partition,
      key,
      value,
      headers: { ...headers },
    }));
    await this.#connections.producer.send({ topic: this.topic, acks: -1, messages });
  }

  async committed(): Promise<ReadonlyMap<number, bigint>> {
    const { admin } = this.#connections;
    const topics = await admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] });
    const partitions = topics.flatMap(({ partitions }) => partitions);
    const offsets = partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
    return new Map(offsets.filter(([, offset]) => offset >= 0n));
  }

  /** The group's offsets go with the topic; the group itself with its last offset. */
  async close(): Promise<void> {
    const { admin, producer } = this.#connections;
    try {
      if (this.#topicExists) await admin.deleteTopics({ topics: [this.topic] });
    } finally {
      await producer.disconnect();
      await admin.disconnect();
    }
  }
}
