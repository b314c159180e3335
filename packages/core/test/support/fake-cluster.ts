/** A transport whose brokers are logs in memory: Fetch waits for data, and tests script what goes wrong. */

import type { RecordBatch } from '../../src/contracts/records.ts';
import type { BrokerAddress, TopicPartition } from '../../src/contracts/topic-partition.ts';
import { partitionKey } from '../../src/contracts/topic-partition.ts';
import type {
  CallOptions,
  EpochRequest,
  EpochResult,
  Features,
  FetchedPartition,
  FetchRequest,
  FetchResult,
  GroupTransport,
  ListOffsetsRequest,
  ListOffsetsResult,
  MetadataResult,
} from '../../src/contracts/transport.ts';
import { type BatchOptions, type FakeRecord, fakeBatch } from './fake-records.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface FakeLog extends TopicPartition {
  batches: RecordBatch[];
  start: number;
  end: number;
  leader: number;
  leaderEpoch: number;
}

/** What a test wants to come back for one partition instead of records. */
export type FetchScript = (
  partition: TopicPartition,
  node: BrokerAddress,
  offset: bigint,
) => Partial<FetchedPartition> | Error | undefined;

interface Parked {
  readonly wake: () => void;
}

export class FakeCluster {
  readonly logs = new Map<string, FakeLog>();
  readonly fetches: { readonly node: number; readonly request: FetchRequest }[] = [];
  readonly listed: ListOffsetsRequest[] = [];
  readonly epochsAsked: EpochRequest[] = [];
  /** Where an epoch ends, or what is answered instead. By default it ends with the log. */
  epochScript: (partition: TopicPartition) => Partial<EpochResult['partitions'][number]> | Error = () => ({});
  features: Pick<Features, 'leaderEpochs' | 'divergingEpochs'> = {
    leaderEpochs: true,
    divergingEpochs: true,
  };
  /** Ids of topics that have one. */
  readonly ids = new Map<string, string>();
  metadataCalls = 0;
  /** Requests of Fetch that are under way, by node, and the most that ever were. */
  readonly underWay = new Map<number, number>();
  mostUnderWay = 0;
  script: FetchScript = () => undefined;
  listScript: (partition: TopicPartition) => number | Error = () => 0;
  fetchError: ((node: number) => Error | undefined) | undefined;
  /** Answers even when there is nothing, at once. */
  impatient = false;
  readonly #clock: VirtualClock;
  readonly #parked = new Set<Parked>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  addTopic(topic: string, partitions: number, leaderOf: (partition: number) => number = () => 1): void {
    for (let partition = 0; partition < partitions; partition++) {
      const log = {
        topic,
        partition,
        batches: [],
        start: 0,
        end: 0,
        leader: leaderOf(partition),
        leaderEpoch: 0,
      };
      this.logs.set(partitionKey(log), log);
    }
  }

  log(topic: string, partition: number): FakeLog {
    const log = this.logs.get(partitionKey({ topic, partition }));
    if (!log) throw new Error(`no log ${topic}-${partition}`);
    return log;
  }

  append(topic: string, partition: number, records: readonly FakeRecord[], options: BatchOptions = {}): void {
    const log = this.log(topic, partition);
    const batch = fakeBatch(records, { epoch: log.leaderEpoch, ...options });
    log.batches.push(batch);
    log.end = Number(batch.lastOffset) + 1;
    this.wake();
  }

  /** Lets parked fetches look again. */
  wake(): void {
    for (const { wake } of [...this.#parked]) wake();
  }

  broker(nodeId: number): BrokerAddress {
    return { nodeId, host: 'broker', port: 9000 + nodeId };
  }

  get transport(): Pick<GroupTransport, 'fetch' | 'listOffsets' | 'metadata' | 'offsetForLeaderEpoch'> & {
    readonly features: FakeCluster['features'];
  } {
    return {
      features: this.features,
      offsetForLeaderEpoch: async (_node, request) => this.#epochs(request),
      metadata: async () => this.#metadata(),
      listOffsets: async (_node, request) => this.#list(request),
      fetch: (node, request, call) => this.#fetch(node, request, call),
    };
  }

  #metadata(): MetadataResult {
    this.metadataCalls += 1;
    const topics = new Map<string, FakeLog[]>();
    for (const log of this.logs.values()) topics.set(log.topic, [...(topics.get(log.topic) ?? []), log]);
    return {
      throttleTimeMs: 0,
      clusterId: 'fake',
      controllerId: 1,
      brokers: [1, 2, 3].map((id) => this.broker(id)),
      topics: [...topics].map(([name, logs]) => ({
        errorCode: 0,
        name,
        ...(this.ids.has(name) ? { id: this.ids.get(name) ?? '' } : {}),
        internal: false,
        partitions: logs.map(({ partition, leader, leaderEpoch }) => ({
          partition,
          errorCode: 0,
          leader,
          leaderEpoch,
          replicas: [1, 2, 3],
        })),
      })),
    };
  }

  #epochs(request: EpochRequest): EpochResult {
    this.epochsAsked.push(request);
    return {
      throttleTimeMs: 0,
      partitions: request.partitions.map(({ topic, partition, leaderEpoch }) => {
        const answer = this.epochScript({ topic, partition });
        if (answer instanceof Error) throw answer;
        const endOffset = BigInt(this.log(topic, partition).end);
        return { topic, partition, errorCode: 0, leaderEpoch, endOffset, ...answer };
      }),
    };
  }

  #list(request: ListOffsetsRequest): ListOffsetsResult {
    this.listed.push(request);
    return {
      throttleTimeMs: 0,
      partitions: request.partitions.map(({ topic, partition, timestamp }) => {
        const answer = this.listScript({ topic, partition });
        if (answer instanceof Error) throw answer;
        const log = this.log(topic, partition);
        const offset =
          timestamp === -2n ? log.start : timestamp === -1n ? log.end : this.#byTime(log, timestamp);
        const ok = answer === 0;
        return {
          topic,
          partition,
          errorCode: answer,
          timestamp: -1n,
          offset: ok ? BigInt(offset) : -1n,
          leaderEpoch: ok ? log.leaderEpoch : -1,
        };
      }),
    };
  }

  /** Records have the timestamp 1000 + offset. */
  #byTime(log: FakeLog, timestamp: bigint): number {
    const offset = Math.max(log.start, Number(timestamp) - 1000);
    return offset < log.end ? offset : -1;
  }

  async #fetch(node: BrokerAddress, request: FetchRequest, call: CallOptions): Promise<FetchResult> {
    const nodeId = node.nodeId ?? -1;
    this.fetches.push({ node: nodeId, request });
    const now = (this.underWay.get(nodeId) ?? 0) + 1;
    this.underWay.set(nodeId, now);
    this.mostUnderWay = Math.max(this.mostUnderWay, now);
    try {
      const deadline = this.#clock.monotonic() + request.maxWaitMs;
      for (;;) {
        if (call.signal?.aborted) throw new Error('aborted');
        const error = this.fetchError?.(nodeId);
        if (error) throw error;
        const partitions = request.partitions.map((p) => this.#answer(p, node, request.maxBytes));
        const ready = partitions.some(
          (p) => p.errorCode !== 0 || p.batches.length > 0 || p.divergingEpoch || p.preferredReadReplica >= 0,
        );
        const left = deadline - this.#clock.monotonic();
        if (ready || left <= 0 || this.impatient) return { throttleTimeMs: 0, errorCode: 0, partitions };
        await this.#park(left, call.signal);
      }
    } finally {
      this.underWay.set(nodeId, (this.underWay.get(nodeId) ?? 1) - 1);
    }
  }

  #park(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const parked = {
        wake: () => {
          timer.cancel();
          this.#parked.delete(parked);
          signal?.removeEventListener('abort', parked.wake);
          resolve();
        },
      };
      const timer = this.#clock.setTimer(parked.wake, ms);
      this.#parked.add(parked);
      signal?.addEventListener('abort', parked.wake);
    });
  }

  #answer(
    asked: FetchRequest['partitions'][number],
    node: BrokerAddress,
    maxBytes: number,
  ): FetchedPartition {
    const { partition } = asked;
    const topic = asked.topic.name;
    const log = this.log(topic, partition);
    const base: FetchedPartition = {
      topic,
      partition,
      errorCode: 0,
      highWatermark: BigInt(log.end),
      lastStableOffset: BigInt(log.end),
      logStartOffset: BigInt(log.start),
      preferredReadReplica: -1,
      batches: [],
    };
    const scripted = this.script({ topic, partition }, node, asked.fetchOffset);
    if (scripted instanceof Error) throw scripted;
    if (scripted) return { ...base, ...scripted };
    const { id } = asked.topic;
    if (id !== undefined && id !== this.ids.get(topic)) return { ...base, errorCode: 100 };
    if (log.leader !== node.nodeId) return { ...base, errorCode: 6 };
    if (asked.fetchOffset < BigInt(log.start) || asked.fetchOffset > BigInt(log.end))
      return { ...base, errorCode: 1 };
    return { ...base, batches: take(log, asked.fetchOffset, Math.min(maxBytes, asked.maxBytes)) };
  }
}

/** Whole batches from the one that holds `offset` on; at least one. */
function take(log: FakeLog, offset: bigint, maxBytes: number): RecordBatch[] {
  const taken: RecordBatch[] = [];
  let bytes = 0;
  for (const batch of log.batches) {
    if (batch.lastOffset < offset) continue;
    if (taken.length > 0 && bytes + batch.sizeInBytes > maxBytes) break;
    taken.push(batch);
    bytes += batch.sizeInBytes;
  }
  return taken;
}
