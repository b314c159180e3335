/** The embedded broker as its users see it. */
import {
  type Clock,
  ErrorCode,
  KohortError,
  systemClock,
  type TransportContext,
  type TransportFactory,
} from '@kohort/core/spi';
import { createProtocolTransport, type WireClient } from '@kohort/protocol';
import { MemoryWire } from './connection/memory-wire.ts';
import { type ListenOptions, TcpListeners } from './connection/tcp-listener.ts';
import { BrokerFaults } from './faults/broker-faults.ts';
import type { GroupSnapshot, GroupTransition } from './group/group-coordinator.ts';
import type { RequestListener, RequestRecord } from './observe/request-record.ts';
import { isSettled } from './observe/settled.ts';
import { type EmbeddedBrokerOptions, settingsOf, type TopicOptions } from './options.ts';
import type { ProducedRecord, ProduceOptions, ProduceRecord } from './produce/produce-record.ts';
import { Producer } from './produce/producer.ts';
import { VirtualCluster } from './virtual-cluster.ts';

/**
 * Makes a Kafka cluster inside this process: topics, a group coordinator, faults. Clients reach it in memory through
 * `transport()`, and any Kafka client through the port that `listen()` opens. `close()` it when done.
 *
 * @throws KohortError KOHORT_CONFIG for a wrong option
 */
export function embeddedBroker(options: EmbeddedBrokerOptions = {}): EmbeddedBroker {
  return new EmbeddedBroker(options);
}

/** What a topic id looks like to those who ask: see KIP-516. */
export interface TopicDescription {
  readonly name: string;
  /** 22 characters of base64url. */
  readonly id: string;
  /** By partition: leading node (-1 for none) and leader epoch. */
  readonly partitions: readonly { readonly leader: number; readonly leaderEpoch: number }[];
}

export class EmbeddedBroker {
  /** The clock that everything in the broker goes by. */
  readonly clock: Clock;
  /** Makes things go wrong. */
  readonly faults: BrokerFaults;
  readonly #cluster: VirtualCluster;
  readonly #listeners: TcpListeners;
  readonly #producer: Producer;
  #closing: Promise<void> | null = null;

  constructor(options: EmbeddedBrokerOptions) {
    this.clock = options.clock ?? systemClock;
    this.#cluster = new VirtualCluster(settingsOf(options), this.clock);
    this.#listeners = new TcpListeners(this.#cluster);
    this.#producer = new Producer(this.#cluster);
    this.faults = new BrokerFaults(this.#cluster, this.#listeners);
  }

  /**
   * A transport that runs in memory: real frames, no sockets. It brings the broker's clock along.
   */
  transport(): TransportFactory {
    return createProtocolTransport({
      name: 'embedded',
      clock: this.clock,
      wire: (context) => this.wire(context),
    });
  }

  /** The wire under `transport()`: for scripts that send frames of their own making. */
  wire(context: Pick<TransportContext, 'clientId'>): WireClient {
    return new MemoryWire(this.#cluster, context.clientId);
  }

  /**
   * Opens a TCP port for each node, on loopback.
   *
   * @returns `host:port` to bootstrap from
   * @throws KohortError KOHORT_CONFIG for an address that is not loopback, KOHORT_STATE when called twice or after `close`
   */
  async listen(options: ListenOptions = {}): Promise<string> {
    if (this.#closing !== null) throw new KohortError(ErrorCode.state, 'listen: the broker is closed.');
    return this.#listeners.listen(options);
  }

  /**
   * Appends records to a topic, one batch for each partition, in no time.
   *
   * @returns where each record is, in the order given
   * @throws KohortError KOHORT_STATE for an unknown topic, KOHORT_CONFIG for an unknown partition
   */
  async produce(
    topic: string,
    records: readonly ProduceRecord[],
    options: ProduceOptions = {},
  ): Promise<ProducedRecord[]> {
    return this.#producer.produce(topic, records, options);
  }

  /** Ends the transactions that `produce` left open in a topic. @returns how many there were */
  async endTransactions(topic: string, outcome: 'commit' | 'abort'): Promise<number> {
    return this.#producer.endTransactions(topic, outcome);
  }

  /** @throws KohortError KOHORT_BROKER with Kafka's error code, such as TOPIC_ALREADY_EXISTS */
  async createTopic(name: string, { partitions = 1, replicationFactor }: TopicOptions = {}): Promise<void> {
    const factor = replicationFactor === undefined ? {} : { replicationFactor };
    this.#expect('createTopic', name, this.#cluster.topics.create(name, { partitions, ...factor }));
  }

  /** @param total number of partitions afterwards @throws KohortError KOHORT_BROKER */
  async addPartitions(name: string, total: number): Promise<void> {
    this.#expect('addPartitions', name, this.#cluster.topics.addPartitions(name, total));
  }

  /** One of the same name that is created later has another id. @throws KohortError KOHORT_BROKER */
  async deleteTopic(name: string): Promise<void> {
    this.#expect('deleteTopic', name, this.#cluster.topics.delete(name));
  }

  #expect(call: string, topic: string, kafkaCode: number): void {
    if (kafkaCode === 0) return;
    throw new KohortError(
      ErrorCode.broker,
      `${call}: topic "${topic}" was refused with error ${kafkaCode}.`,
      {
        kafkaCode,
      },
    );
  }

  /** undefined for a topic that does not exist. */
  topic(name: string): TopicDescription | undefined {
    const topic = this.#cluster.topics.get(name);
    if (topic === undefined) return undefined;
    const partitions = topic.partitions.map(({ leader, leaderEpoch }) => ({ leader, leaderEpoch }));
    return { name, id: topic.id, partitions };
  }

  /** By partition: the offset of the next record. Empty for a topic that does not exist. */
  endOffsets(topic: string): bigint[] {
    return (this.#cluster.topics.get(topic)?.partitions ?? []).map(({ log }) => log.endOffset);
  }

  /** Offsets that a group has committed, by `topic-partition` as Kafka prints it. */
  committed(groupId: string): Map<string, bigint> {
    const offsets = this.group(groupId)?.offsets ?? [];
    return new Map(offsets.map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]));
  }

  /** What the coordinator knows of a group at this moment; undefined for a group that does not exist. */
  group(groupId: string): GroupSnapshot | undefined {
    return this.#cluster.coordinators.snapshot(groupId);
  }

  /** The node that coordinates a group, -1 while there is none. */
  coordinatorOf(groupId: string): number {
    return this.#cluster.coordinators.nodeOf(groupId);
  }

  /** A condition to wait for: the group is stable, and everything that was produced to its topics is committed. */
  settled(groupId: string): () => boolean {
    return () => isSettled(this.group(groupId), this.#cluster.topics);
  }

  /** The last requests, oldest first. */
  get requests(): readonly RequestRecord[] {
    return this.#cluster.log.records;
  }

  /** Tells of every request when it arrives and when it is done. Returns the function that ends it. */
  onRequest(listener: RequestListener): () => void {
    return this.#cluster.log.listen(listener);
  }

  /** Tells of every move of every group. Returns the function that ends it. */
  onTransition(listener: (transition: GroupTransition) => void): () => void {
    this.#cluster.transitions.add(listener);
    return () => this.#cluster.transitions.delete(listener);
  }

  /** Cuts all connections and closes all ports. No timer and no socket is left. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#cluster.close();
    for (const node of this.#cluster.nodes.running()) this.#cluster.nodes.setRunning(node, false);
    await this.#listeners.close();
  }
}
