/**
 * What is known of the cluster: topics, partitions, leaders. Refreshed by age and on demand, one request at a time;
 * a failure keeps what was known and is tried again with backoff.
 */
import type { Clock, Timer } from '../contracts/clock.ts';
import { type BrokerAddress, partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';
import type {
  GroupTransport,
  MetadataResult,
  PartitionMetadata,
  TopicMetadata,
} from '../contracts/transport.ts';
import { type BackoffPolicy, backoffDelay, jittered } from './backoff.ts';

export interface ClusterMetadataOptions {
  readonly transport: GroupTransport;
  readonly clock: Clock;
  readonly random: () => number;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly requestTimeout: number;
  readonly backoff: BackoffPolicy;
  readonly signal: AbortSignal;
  /** Told of every failed refresh; the next one is already planned. */
  readonly onError: (error: unknown, attempt: number, delayMs: number) => void;
}

/** The leader of a partition, and the epoch to name when asking it (KIP-320). */
export interface PartitionLeader {
  readonly broker: BrokerAddress;
  readonly epoch: number;
}

const EMPTY: MetadataResult = {
  throttleTimeMs: 0,
  clusterId: null,
  controllerId: -1,
  brokers: [],
  topics: [],
};

export class ClusterMetadata {
  readonly #options: ClusterMetadataOptions;
  readonly #listeners = new Set<() => void>();
  /** Topics that somebody watches, by watcher; null asks for all topics of the cluster. */
  readonly #wanted = new Map<string, readonly string[] | null>();
  #known: MetadataResult = EMPTY;
  #topics: ReadonlyMap<string, TopicMetadata> = new Map();
  #leaders: ReadonlyMap<string, PartitionMetadata> = new Map();
  #brokers: ReadonlyMap<number, BrokerAddress> = new Map();
  #refresh: Promise<void> | null = null;
  #timer: Timer | null = null;
  #failures = 0;
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ClusterMetadataOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#disarm(), { once: true });
  }

  get topics(): ReadonlyMap<string, TopicMetadata> {
    return this.#topics;
  }

  get brokers(): ReadonlyMap<number, BrokerAddress> {
    return this.#brokers;
  }

  /** Undefined while unknown, and while the partition has no leader. */
  leaderOf(partition: TopicPartition): PartitionLeader | undefined {
    const known = this.#leaders.get(partitionKey(partition));
    const broker = known && this.#brokers.get(known.leader);
    return known && broker ? { broker, epoch: known.leaderEpoch } : undefined;
  }

  /** Says which topics are of interest. @param watcher replaces what the same watcher said before */
  watch(watcher: string, topics: readonly string[] | null): void {
    this.#wanted.set(watcher, topics);
  }

  /** Called after each successful refresh. Returns the function that ends it. */
  onRefresh(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks now, or joins the request that is under way. Rejects with the transport's error; a retry is planned then. */
  refresh(): Promise<void> {
    this.#disarm();
    this.#refresh ??= this.#ask().finally(() => {
      this.#refresh = null;
    });
    return this.#refresh;
  }

  /** Something was found to be out of date: asks soon, at the pace of the backoff, however often this is called. */
  invalidate(): void {
    if (this.#refresh || this.#options.signal.aborted) return;
    const { backoff, clock } = this.#options;
    const sinceMs = clock.monotonic() - this.#refreshedAt;
    this.#plan(Math.max(0, backoff.initial - sinceMs));
  }

  async #ask(): Promise<void> {
    const { transport, requestTimeout, signal, backoff, random, onError, clock } = this.#options;
    try {
      const result = await transport.metadata(this.#names(), { timeoutMs: requestTimeout, signal });
      this.#failures = 0;
      this.#refreshedAt = clock.monotonic();
      this.#take(result);
      const soon = jittered(backoff, backoff.max, random);
      this.#plan(this.#isIncomplete() ? Math.min(soon, this.#options.maxAge) : this.#options.maxAge);
    } catch (error) {
      this.#failures += 1;
      const delayMs = backoffDelay(backoff, this.#failures, random);
      this.#plan(delayMs);
      if (!signal.aborted) onError(error, this.#failures, delayMs);
      throw error;
    }
    for (const listener of this.#listeners) listener();
  }

  #names(): readonly string[] | null {
    const names = new Set<string>();
    for (const topics of this.#wanted.values()) {
      if (topics === null) return null;
      for (const topic of topics) names.add(topic);
    }
    return [...names].sort();
  }

  #take(result: MetadataResult): void {
    this.#known = result;
    this.#brokers = new Map(
      result.brokers.flatMap((b) => (b.nodeId === undefined ? [] : [[b.nodeId, b] as const])),
    );
    this.#topics = new Map(result.topics.map((topic) => [topic.name, topic]));
    const leaders = new Map<string, PartitionMetadata>();
    for (const { name, partitions } of result.topics) {
      for (const p of partitions) leaders.set(partitionKey({ topic: name, partition: p.partition }), p);
    }
    this.#leaders = leaders;
  }

  /** Whether a topic is not there, or a partition has no leader at the moment: worth asking again soon. */
  #isIncomplete(): boolean {
    return this.#known.topics.some(
      ({ errorCode, partitions }) => errorCode !== 0 || partitions.some(({ leader }) => leader < 0),
    );
  }

  #plan(delayMs: number): void {
    this.#disarm();
    if (this.#options.signal.aborted) return;
    this.#timer = this.#options.clock.setTimer(() => {
      this.refresh().catch(() => undefined); // reported by onError, and planned again
    }, delayMs);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
