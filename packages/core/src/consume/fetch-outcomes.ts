/** What each partition of a fetch answer means: records, a leader that moved, a position that is not in the log, a refusal. */
import { backoffDelay } from '../cluster/backoff.ts';
import type { EventFields } from '../contracts/hooks.ts';
import type { EpochResult, FetchedPartition } from '../contracts/transport.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { describeKafkaCode, KafkaCode } from '../errors/kafka-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { CheckedPosition } from './epoch-check.ts';
import type { Asked } from './node-fetcher.ts';
import type { Pump } from './pump.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';

export interface FetchOutcomesOptions {
  readonly host: ConsumerHost;
  readonly settings: ConsumerSettings;
  readonly reset: (
    pump: Pump,
    reason: EventFields['offsets.reset']['reason'],
    at?: { readonly offset: bigint; readonly epoch: number },
  ) => void;
  readonly fail: (error: KohortError) => void;
  /** Records are at hand. */
  readonly offer: (pump: Pump) => void;
  /** A whole answer has been taken. */
  readonly delivered: () => void;
}

/** Codes that say that the leader is another one, or that what is known of the cluster is out of date. */
const OUTDATED: ReadonlySet<number> = new Set([
  KafkaCode.unknownTopicOrPartition,
  KafkaCode.leaderNotAvailable,
  KafkaCode.notLeaderOrFollower,
  KafkaCode.replicaNotAvailable,
  KafkaCode.fencedLeaderEpoch,
  KafkaCode.unknownLeaderEpoch,
  KafkaCode.kafkaStorageError,
  KafkaCode.unknownTopicId,
  KafkaCode.inconsistentTopicId,
]);

export class FetchOutcomes {
  readonly #options: FetchOutcomesOptions;

  constructor(options: FetchOutcomesOptions) {
    this.#options = options;
  }

  /** True when the answer brought this partition on. */
  take(asked: Asked, answer: FetchedPartition | undefined): boolean {
    const { pump, version } = asked;
    if (pump.sealed || pump.fetch.version !== version) return true; // stale: asked again, from where it is now
    if (!answer) {
      this.#holdBack(pump, 'UNKNOWN_TOPIC_OR_PARTITION');
      return false;
    }
    if (answer.errorCode !== KafkaCode.none) {
      this.#refused(pump, answer.errorCode, asked.fromReplica);
      return false;
    }
    if (answer.divergingEpoch) return this.#diverged(pump, answer.divergingEpoch);
    return this.#deliver(asked, answer);
  }

  /** What a leader says about the epoch of a position: the log goes on there, was cut off below it, or is another one. */
  epochEnds(position: CheckedPosition, answer: EpochResult['partitions'][number] | undefined): void {
    const { pump, offset, epoch, leaderEpoch } = position;
    if (!answer) {
      this.#holdBack(pump, 'UNKNOWN_TOPIC_OR_PARTITION');
      return;
    }
    const { errorCode, endOffset } = answer;
    if (errorCode !== KafkaCode.none) this.#refused(pump, errorCode);
    // The log has never had that epoch: where the two part cannot be told.
    else if (answer.leaderEpoch < 0 || endOffset < 0n) this.#refused(pump, KafkaCode.offsetOutOfRange);
    else if (answer.leaderEpoch < epoch || endOffset < (pump.mark?.origin ?? 0n) + BigInt(offset)) {
      this.#diverged(pump, { epoch: answer.leaderEpoch, endOffset });
    } else pump.fetch.checkedUnder = leaderEpoch;
  }

  /** All partitions of an answer have been taken. */
  delivered(): void {
    this.#options.delivered();
  }

  /** A whole request failed. @param error null when the broker answered with a code */
  requestFailed(error: unknown): void {
    if (!(error instanceof KohortError) || !('kind' in error) || error.kind !== 'unsupportedVersion') return;
    this.#options.fail(
      new KohortError(ErrorCode.configuration, error.message, {
        cause: error,
        terminalClass: 'configuration',
      }),
    );
  }

  /** A batch cannot be read: never skipped, fetched again after a pause. */
  undecodable(pump: Pump, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#holdBack(pump, message);
  }

  #deliver({ pump, offset }: Asked, answer: FetchedPartition): boolean {
    const { settings, host, offer } = this.#options;
    const { mark, fetch } = pump;
    if (!mark) return false;
    const readCommitted = settings.isolationLevel === 'read_committed';
    const end = readCommitted ? answer.lastStableOffset : answer.highWatermark;
    if (end >= 0n) pump.endOffset = end;
    if (answer.logStartOffset >= 0n) pump.logStartOffset = answer.logStartOffset;
    if (answer.preferredReadReplica >= 0 && answer.batches.length === 0) {
      fetch.replica = answer.preferredReadReplica;
      fetch.replicaUntil = host.clock.monotonic() + settings.metadataMaxAge;
      return true;
    }
    // What was fetched may still turn out to be unreadable: failures are forgotten when a batch has been taken.
    if (answer.batches.length === 0) fetch.succeed();
    const next = this.#push(pump, offset, answer);
    if (next <= offset) return false;
    fetch.offset = next;
    offer(pump);
    return true;
  }

  /** Returns the relative offset behind what was pushed. */
  #push(pump: Pump, offset: number, { batches }: FetchedPartition): number {
    const { mark, fetch, buffer } = pump;
    let next = offset;
    for (const batch of batches) {
      const end = Number(batch.lastOffset - (mark?.origin ?? 0n)) + 1;
      if (end <= next) continue; // below what was asked for
      buffer.push(batch, mark?.origin ?? 0n);
      next = end;
      if (batch.leaderEpoch >= 0) fetch.epoch = batch.leaderEpoch;
    }
    return next;
  }

  #refused(pump: Pump, code: number, fromReplica = false): void {
    const { name } = describeKafkaCode(code);
    if (fromReplica && code !== KafkaCode.topicAuthorizationFailed) {
      pump.fetch.replica = -1; // the replica may be behind: the leader decides
      this.#holdBack(pump, name);
      return;
    }
    if (code === KafkaCode.offsetOutOfRange || code === KafkaCode.offsetMovedToTieredStorage) {
      if (this.#isIdle(pump)) this.#reset(pump, 'out-of-range');
      else this.#holdBack(pump, name);
      return;
    }
    if (OUTDATED.has(code)) this.#options.host.metadata.invalidate();
    this.#holdBack(pump, name);
  }

  /** The log was cut off below what was read, and goes on with other records (KIP-320, unclean election). */
  #diverged(
    pump: Pump,
    { epoch, endOffset }: { readonly epoch: number; readonly endOffset: bigint },
  ): boolean {
    pump.buffer.clear();
    pump.fetch.rewind(pump.positionRel);
    const { position } = pump;
    if (position !== null && this.#isIdle(pump)) {
      this.#reset(pump, 'truncated', { offset: endOffset < position ? endOffset : position, epoch });
    } else this.#holdBack(pump, 'LOG_TRUNCATED');
    return false;
  }

  /** The next fetch waits, as after a failure: a broker that accepts no position at all would be asked without end. */
  #reset(...[pump, ...why]: Parameters<FetchOutcomesOptions['reset']>): void {
    this.#delay(pump);
    this.#options.reset(pump, ...why);
  }

  /** What was taken has settled: nothing is given up by going elsewhere. */
  #isIdle(pump: Pump): boolean {
    return pump.buffer.isEmpty && pump.mark?.isClear === true;
  }

  #holdBack(pump: Pump, error: string): void {
    const delayMs = this.#delay(pump);
    this.#options.host.emit('partition.error', { ...pump.place, error, delayMs });
  }

  /** Milliseconds until the partition is asked for again. */
  #delay(pump: Pump): number {
    const { host, settings } = this.#options;
    const delayMs = backoffDelay(settings.retryBackoff, pump.fetch.failures + 1, host.random);
    pump.fetch.fail(host.clock.monotonic(), delayMs);
    return delayMs;
  }
}
