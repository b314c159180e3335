/**
 * Asks the leaders whether positions are still in their logs (KIP-320): after each change of a leader, and where a position
 * comes from a commit. From version 12 on a fetch finds that out by itself; before it, a log that was cut off and has grown
 * again would be read on as if nothing had been.
 */
import { backoffDelay } from '../cluster/backoff.ts';
import { failureLabel } from '../commit/failure-label.ts';
import { type BrokerAddress, partitionKey } from '../contracts/topic-partition.ts';
import type { FetchOutcomes } from './fetch-outcomes.ts';
import type { Pump } from './pump.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';

/** A position as it was asked about: what has changed since makes the answer stale. */
export interface CheckedPosition {
  readonly pump: Pump;
  readonly version: number;
  /** Relative. */
  readonly offset: number;
  /** Leader epoch of the record before it. */
  readonly epoch: number;
  /** Leader epoch that the answer is good for. */
  readonly leaderEpoch: number;
}

interface Leader {
  readonly broker: BrokerAddress;
  readonly positions: CheckedPosition[];
}

export class EpochCheck {
  readonly #host: ConsumerHost;
  readonly #settings: ConsumerSettings;
  readonly #signal: AbortSignal;
  readonly #outcomes: FetchOutcomes;

  constructor(host: ConsumerHost, settings: ConsumerSettings, signal: AbortSignal, outcomes: FetchOutcomes) {
    this.#host = host;
    this.#settings = settings;
    this.#signal = signal;
    this.#outcomes = outcomes;
  }

  /** Whether this position has to be checked before it is fetched from. */
  isDue({ fetch, place }: Pump): boolean {
    const { leaderEpochs, divergingEpochs } = this.#host.transport.features;
    if (!leaderEpochs || divergingEpochs || fetch.epoch < 0) return false;
    const leader = this.#host.metadata.leaderOf(place);
    return leader !== undefined && leader.epoch !== fetch.checkedUnder;
  }

  /** Holds these back until they are checked, or are to be asked about again. Never rejects. */
  async run(pumps: readonly Pump[]): Promise<void> {
    await Promise.all([...this.#byLeader(pumps)].map((leader) => this.#ask(leader)));
  }

  #byLeader(pumps: readonly Pump[]): Iterable<Leader> {
    const leaders = new Map<number, Leader>();
    for (const pump of pumps) {
      const known = this.#host.metadata.leaderOf(pump);
      if (!known) continue;
      const { version, offset, epoch } = pump.fetch;
      const position = { pump, version, offset, epoch, leaderEpoch: known.epoch };
      const nodeId = known.broker.nodeId ?? -1;
      const leader = leaders.get(nodeId);
      if (leader) leader.positions.push(position);
      else leaders.set(nodeId, { broker: known.broker, positions: [position] });
    }
    return leaders.values();
  }

  async #ask({ broker, positions }: Leader): Promise<void> {
    const { transport } = this.#host;
    for (const { pump } of positions) pump.fetch.held = true;
    try {
      const { partitions } = await transport.offsetForLeaderEpoch(
        broker,
        {
          partitions: positions.map(({ pump, epoch, leaderEpoch }) => ({
            ...pump.place,
            leaderEpoch: epoch,
            currentLeaderEpoch: leaderEpoch,
          })),
        },
        { timeoutMs: this.#settings.requestTimeout, signal: this.#signal },
      );
      const answers = new Map(partitions.map((answer) => [partitionKey(answer), answer]));
      for (const position of current(positions)) {
        position.pump.fetch.held = false;
        this.#outcomes.epochEnds(position, answers.get(position.pump.key));
      }
    } catch (error) {
      if (!this.#signal.aborted) this.#failed(current(positions), error);
    }
  }

  #failed(positions: readonly CheckedPosition[], error: unknown): void {
    const { clock, random, metadata } = this.#host;
    const now = clock.monotonic();
    metadata.invalidate();
    for (const { pump } of positions) {
      const delayMs = backoffDelay(this.#settings.retryBackoff, pump.fetch.failures + 1, random);
      pump.fetch.held = false;
      pump.fetch.fail(now, delayMs);
      this.#host.emit('partition.error', { ...pump.place, error: failureLabel(error), delayMs });
    }
  }
}

/** Those that have not moved meanwhile: a seek or a reset has lifted the hold of the others. */
function current(positions: readonly CheckedPosition[]): readonly CheckedPosition[] {
  return positions.filter(({ pump, version }) => !pump.sealed && pump.fetch.version === version);
}
