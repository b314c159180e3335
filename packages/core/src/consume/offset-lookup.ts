/** ListOffsets to the leaders, again and again until every partition has its answer or has gone. */
import { backoffDelay, pause } from '../cluster/backoff.ts';
import { failureLabel } from '../commit/failure-label.ts';
import type { BrokerAddress } from '../contracts/topic-partition.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { describeKafkaCode, KafkaCode } from '../errors/kafka-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { Pump } from './pump.ts';
import { LATEST } from './reset-policy.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';

export interface Lookup {
  readonly pump: Pump;
  /** As ListOffsets has it. */
  readonly timestamp: bigint;
  /** False when nobody wants the answer any more. */
  readonly isWanted: () => boolean;
  readonly found: (offset: bigint, leaderEpoch: number) => void;
}

/** Still open, and why. */
interface Missed {
  readonly lookup: Lookup;
  readonly error: string;
}

export class OffsetLookup {
  readonly #host: ConsumerHost;
  readonly #settings: ConsumerSettings;
  readonly #signal: AbortSignal;
  readonly #fail: (error: KohortError) => void;

  constructor(
    host: ConsumerHost,
    settings: ConsumerSettings,
    signal: AbortSignal,
    fail: (error: KohortError) => void,
  ) {
    this.#host = host;
    this.#settings = settings;
    this.#signal = signal;
    this.#fail = fail;
  }

  async run(lookups: readonly Lookup[]): Promise<void> {
    const { clock, random, metadata } = this.#host;
    let open = lookups;
    for (let attempt = 1; ; attempt++) {
      open = open.filter(({ isWanted }) => isWanted());
      if (open.length === 0 || this.#signal.aborted) return;
      const missed = (await Promise.all([...this.#byLeader(open)].map((group) => this.#ask(group)))).flat();
      open = missed.map(({ lookup }) => lookup);
      if (open.length === 0) return;
      metadata.invalidate();
      const delayMs = backoffDelay(this.#settings.retryBackoff, attempt, random);
      for (const { lookup, error } of missed) {
        if (lookup.isWanted()) this.#host.emit('partition.error', { ...lookup.pump.place, error, delayMs });
      }
      await pause(clock, delayMs, this.#signal);
    }
  }

  /** Null where no leader is known. */
  #byLeader(
    lookups: readonly Lookup[],
  ): Map<number | null, { broker: BrokerAddress | null; lookups: Lookup[] }> {
    const groups = new Map<number | null, { broker: BrokerAddress | null; lookups: Lookup[] }>();
    for (const lookup of lookups) {
      const broker = this.#host.metadata.leaderOf(lookup.pump)?.broker ?? null;
      const node = broker?.nodeId ?? null;
      const group = groups.get(node);
      if (group) group.lookups.push(lookup);
      else groups.set(node, { broker, lookups: [lookup] });
    }
    return groups;
  }

  async #ask([, { broker, lookups }]: [
    number | null,
    { broker: BrokerAddress | null; lookups: readonly Lookup[] },
  ]): Promise<readonly Missed[]> {
    if (!broker) return lookups.map((lookup) => ({ lookup, error: 'LEADER_NOT_AVAILABLE' }));
    const { transport, metadata } = this.#host;
    const { isolationLevel, requestTimeout } = this.#settings;
    try {
      const { partitions } = await transport.listOffsets(
        broker,
        {
          isolationLevel,
          partitions: lookups.map(({ pump, timestamp }) => ({
            ...pump.place,
            timestamp,
            currentLeaderEpoch: metadata.leaderOf(pump)?.epoch ?? -1,
          })),
        },
        { timeoutMs: requestTimeout, signal: this.#signal },
      );
      return await this.#take(broker, lookups, partitions);
    } catch (error) {
      this.#noticeTooOld(error);
      return lookups.map((lookup) => ({ lookup, error: failureLabel(error) }));
    }
  }

  async #take(
    broker: BrokerAddress,
    lookups: readonly Lookup[],
    answers: Awaited<ReturnType<ConsumerHost['transport']['listOffsets']>>['partitions'],
  ): Promise<readonly Missed[]> {
    const missed: Missed[] = [];
    const beyond: Lookup[] = [];
    for (const lookup of lookups) {
      const { topic, partition } = lookup.pump;
      const answer = answers.find((a) => a.topic === topic && a.partition === partition);
      if (!answer) missed.push({ lookup, error: 'UNKNOWN_TOPIC_OR_PARTITION' });
      else if (answer.errorCode !== KafkaCode.none) {
        missed.push({ lookup, error: describeKafkaCode(answer.errorCode).name });
      } else if (answer.offset < 0n && lookup.timestamp !== LATEST) {
        beyond.push({ ...lookup, timestamp: LATEST }); // nothing at or after that time: the end
      } else if (lookup.isWanted()) lookup.found(answer.offset < 0n ? 0n : answer.offset, answer.leaderEpoch);
    }
    if (beyond.length === 0) return missed;
    return [...missed, ...(await this.#ask([broker.nodeId ?? null, { broker, lookups: beyond }]))];
  }

  #noticeTooOld(error: unknown): void {
    if (!(error instanceof KohortError) || !('kind' in error) || error.kind !== 'unsupportedVersion') return;
    this.#fail(
      new KohortError(ErrorCode.configuration, error.message, {
        cause: error,
        terminalClass: 'configuration',
      }),
    );
  }
}
