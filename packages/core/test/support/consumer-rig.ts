/** A consumer over fakes, and the ways to drive it that the manager has. */
import { ClusterMetadata } from '../../src/cluster/cluster-metadata.ts';
import { Consumer } from '../../src/consume/consumer.ts';
import type { ConsumerSettings } from '../../src/consume/settings.ts';
import type { RunOptions } from '../../src/contracts/consumer.ts';
import type { EventFields, EventName, LossReason } from '../../src/contracts/hooks.ts';
import type { RevokedContext } from '../../src/contracts/session.ts';
import type { TopicPartition } from '../../src/contracts/topic-partition.ts';
import type { GroupTransport } from '../../src/contracts/transport.ts';
import { FakeCluster } from './fake-cluster.ts';
import { FakeGroup } from './fake-session.ts';
import { virtualClock } from './virtual-clock.ts';

const backoff = { initial: 100, max: 1000, jitter: 0.2 };

const defaults: ConsumerSettings = {
  autoOffsetReset: 'earliest',
  newPartitions: 'earliest',
  isolationLevel: 'read_uncommitted',
  commitInterval: 5000,
  commitThreshold: 100,
  maxProcessingTime: 300_000,
  drainTimeout: 30_000,
  concurrency: { total: 64, perPartition: 1, ordering: 'partition', window: 1000 },
  fetchMaxWait: 500,
  fetchMinBytes: 1,
  fetchMaxBytes: 50 * 1024 * 1024,
  maxBytesPerPartition: 1024 * 1024,
  maxBufferedBytes: 64 * 1024 * 1024,
  maxBatchRecords: 500,
  metadataMaxAge: 60_000,
  requestTimeout: 30_000,
  retryBackoff: backoff,
  stallAfter: 60_000,
  onHandlerError: undefined,
  offsets: undefined,
  rack: undefined,
  callbacks: {},
};

export interface SeenEvent {
  readonly name: EventName;
  readonly fields: unknown;
}

export class Rig {
  readonly clock = virtualClock();
  readonly cluster = new FakeCluster(this.clock);
  readonly group = new FakeGroup();
  readonly events: SeenEvent[] = [];
  /** Events that no hook asks for. */
  readonly unwanted = new Set<EventName>();
  readonly closeRequests: string[] = [];
  readonly life = new AbortController();
  readonly consumer: Consumer;
  readonly metadata: ClusterMetadata;

  constructor(settings: Partial<ConsumerSettings> = {}, features?: FakeCluster['features']) {
    if (features) this.cluster.features = features;
    const transport = this.cluster.transport as GroupTransport; // the consumer uses these calls only
    this.metadata = new ClusterMetadata({
      transport,
      clock: this.clock,
      random: () => 0.5,
      maxAge: 60_000,
      requestTimeout: 30_000,
      backoff,
      signal: this.life.signal,
      onError: () => undefined,
    });
    this.consumer = new Consumer(
      {
        transport,
        metadata: this.metadata,
        clock: this.clock,
        random: () => 0.5,
        emit: (name, fields) => this.events.push({ name, fields }),
        wants: (name) => !this.unwanted.has(name),
        requestClose: (reason) => this.closeRequests.push(reason),
      },
      { ...defaults, ...settings },
    );
  }

  async start(run: RunOptions, partitions: readonly TopicPartition[]): Promise<void> {
    await this.metadata.refresh();
    this.consumer.run(run);
    await this.assign(partitions);
  }

  /** A new generation with these partitions added, applied. */
  async assign(added: readonly TopicPartition[]): Promise<void> {
    const session = this.group.session(added);
    await this.consumer.onAssigned({ partitions: added, session, signal: new AbortController().signal });
    await this.clock.settle();
  }

  /** Gives partitions back, as the manager does it. */
  async revoke(
    partitions: readonly TopicPartition[],
    options: {
      readonly deadlineMs?: number;
      readonly reason?: RevokedContext['reason'];
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<void> {
    const session = this.group.again([]);
    await this.consumer.onRevoked({
      partitions,
      session,
      deadlineMs: options.deadlineMs ?? 60_000,
      reason: options.reason ?? 'rebalance',
      signal: options.signal ?? new AbortController().signal,
    });
    this.group.end(partitions);
  }

  async lose(partitions: readonly TopicPartition[], reason: LossReason): Promise<void> {
    this.group.lose(partitions);
    await this.consumer.onLost({ partitions, reason });
  }

  of<Name extends EventName>(name: Name): EventFields[Name][] {
    return this.events.flatMap((event) => (event.name === name ? [event.fields as EventFields[Name]] : []));
  }

  /** Ends everything, so that the test can count what is left. */
  async stop(): Promise<void> {
    this.consumer.stop();
    this.life.abort();
    await this.clock.settle();
  }
}

export function tp(topic: string, partition: number): TopicPartition {
  return { topic, partition };
}

/** A handler whose calls a test settles one by one. */
export class Calls {
  readonly open: {
    readonly offset: number;
    readonly partition: number;
    readonly resolve: () => void;
    readonly reject: (error: unknown) => void;
  }[] = [];
  readonly begun: string[] = [];

  readonly handler = (record: { readonly partition: number; readonly offset: bigint }): Promise<void> => {
    this.begun.push(`${record.partition}:${record.offset}`);
    return new Promise((resolve, reject) => {
      this.open.push({ offset: Number(record.offset), partition: record.partition, resolve, reject });
    });
  };

  /** Settles the open call for this offset. */
  async settle(offset: number, error?: unknown): Promise<void> {
    const at = this.open.findIndex((call) => call.offset === offset);
    const [call] = this.open.splice(at, 1);
    if (at < 0 || !call) throw new Error(`no open call for offset ${offset}`);
    if (error === undefined) call.resolve();
    else call.reject(error);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
