/** Fetch requests to one broker: one after the other, held back after failures and where the broker asks for it. */
import { backoffDelay } from '../cluster/backoff.ts';
import { failureLabel } from '../commit/failure-label.ts';
import { type BrokerAddress, partitionKey } from '../contracts/topic-partition.ts';
import type { FetchPartition, FetchResult } from '../contracts/transport.ts';
import { describeKafkaCode, KafkaCode } from '../errors/kafka-codes.ts';
import type { FetchOutcomes } from './fetch-outcomes.ts';
import type { Pump } from './pump.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';

/** A partition as it was asked for: what has changed since makes the answer stale. */
export interface Asked {
  readonly pump: Pump;
  readonly version: number;
  readonly offset: number;
  /** Asked of a closer replica, not of the leader. */
  readonly fromReplica: boolean;
}

export class NodeFetcher {
  readonly #host: ConsumerHost;
  readonly #settings: ConsumerSettings;
  readonly #signal: AbortSignal;
  readonly #outcomes: FetchOutcomes;
  /** On the monotonic clock: no request before. */
  notBefore = 0;
  #underWay = false;
  #failures = 0;
  #turn = 0;

  constructor(host: ConsumerHost, settings: ConsumerSettings, signal: AbortSignal, outcomes: FetchOutcomes) {
    this.#host = host;
    this.#settings = settings;
    this.#signal = signal;
    this.#outcomes = outcomes;
  }

  get isUnderWay(): boolean {
    return this.#underWay;
  }

  /** Never rejects. */
  async fetch(broker: BrokerAddress, pumps: readonly Pump[], maxBytes: number): Promise<void> {
    const { clock, transport } = this.#host;
    const { fetchMaxWait, fetchMinBytes, isolationLevel, rack, requestTimeout } = this.#settings;
    const asked = this.#rotated(pumps).map((pump) => this.#ask(pump));
    this.#underWay = true;
    const startedAt = clock.monotonic();
    try {
      const result = await transport.fetch(
        broker,
        {
          rack: rack ?? '',
          isolationLevel,
          maxWaitMs: fetchMaxWait,
          minBytes: fetchMinBytes,
          maxBytes,
          partitions: asked.map((one) => this.#partition(one, maxBytes)),
        },
        { timeoutMs: fetchMaxWait + requestTimeout, signal: this.#signal },
      );
      this.#settle(asked);
      this.#answered(broker, asked, result, startedAt);
    } catch (error) {
      this.#settle(asked);
      if (!this.#signal.aborted) this.#failed(broker, asked, failureLabel(error), startedAt, error);
    }
  }

  /** A broker fills an answer in the order of the request: everybody is first in turn. */
  #rotated(pumps: readonly Pump[]): readonly Pump[] {
    this.#turn += 1;
    const first = this.#turn % pumps.length;
    return [...pumps.slice(first), ...pumps.slice(0, first)];
  }

  #ask(pump: Pump): Asked {
    pump.fetch.underWay = true;
    const { version, offset, replica } = pump.fetch;
    return { pump, version, offset, fromReplica: replica >= 0 };
  }

  #settle(asked: readonly Asked[]): void {
    this.#underWay = false;
    for (const { pump } of asked) pump.fetch.underWay = false;
  }

  #partition({ pump, offset }: Asked, maxBytes: number): FetchPartition {
    const { metadata } = this.#host;
    const { topicId } = pump.fetch;
    return {
      topic: { name: pump.topic, ...(topicId === undefined ? {} : { id: topicId }) },
      partition: pump.partition,
      fetchOffset: (pump.mark?.origin ?? 0n) + BigInt(offset),
      currentLeaderEpoch: metadata.leaderOf(pump)?.epoch ?? -1,
      lastFetchedEpoch: pump.fetch.epoch,
      maxBytes: Math.min(maxBytes, this.#settings.maxBytesPerPartition),
    };
  }

  #answered(broker: BrokerAddress, asked: readonly Asked[], result: FetchResult, startedAt: number): void {
    const { clock } = this.#host;
    if (result.errorCode !== KafkaCode.none) {
      this.#failed(broker, asked, describeKafkaCode(result.errorCode).name, startedAt, null);
      return;
    }
    this.#failures = 0;
    const answers = new Map(result.partitions.map((answer) => [partitionKey(answer), answer]));
    let bytes = 0;
    let moved = false;
    for (const one of asked) {
      const answer = answers.get(one.pump.key);
      bytes += answer?.batches.reduce((sum, batch) => sum + batch.sizeInBytes, 0) ?? 0;
      if (this.#outcomes.take(one, answer)) moved = true;
    }
    const now = clock.monotonic();
    this.#emitEnd(broker, asked.length, bytes, now - startedAt, null);
    // An answer that brings nothing before its time would otherwise be asked for again at once, and again.
    const idle = moved
      ? 0
      : Math.min(this.#settings.retryBackoff.initial, this.#settings.fetchMaxWait - (now - startedAt));
    this.notBefore = now + Math.max(0, idle, result.throttleTimeMs);
    this.#outcomes.delivered();
  }

  #failed(
    broker: BrokerAddress,
    asked: readonly Asked[],
    label: string,
    startedAt: number,
    error: unknown,
  ): void {
    const { clock, random, metadata } = this.#host;
    this.#failures += 1;
    const delayMs = backoffDelay(this.#settings.retryBackoff, this.#failures, random);
    this.notBefore = clock.monotonic() + delayMs;
    metadata.invalidate();
    this.#emitEnd(broker, asked.length, 0, clock.monotonic() - startedAt, label);
    this.#host.emit('retry.scheduled', {
      operation: 'Fetch',
      attempt: this.#failures,
      delayMs,
      error: label,
    });
    // A closer replica that cannot be reached is no longer preferred.
    for (const { pump, fromReplica } of asked) if (fromReplica) pump.fetch.replica = -1;
    this.#outcomes.requestFailed(error);
  }

  #emitEnd(
    broker: BrokerAddress,
    partitions: number,
    bytes: number,
    durationMs: number,
    error: string | null,
  ): void {
    const outcome = error === null ? 'ok' : 'error';
    this.#host.emit('fetch.end', {
      nodeId: broker.nodeId ?? -1,
      partitions,
      bytes,
      durationMs,
      outcome,
      error,
    });
  }
}
