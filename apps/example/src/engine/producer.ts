/** Steady production: so many orders a second, spread over the partitions by chance. */
import type { Journal } from '../audit/journal.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { encodeOrder, type OrderRecord } from './order.ts';
import { pause } from './pause.ts';

/** Milliseconds between two requests to the brokers. */
const TICK = 50;

export interface ProducerOptions {
  readonly cluster: Cluster;
  readonly journal: Journal;
  /** Orders in a second. */
  readonly rate: number;
  readonly random: () => number;
}

export class SteadyProducer {
  readonly #options: ProducerOptions;
  readonly #sequences: number[] = [];

  constructor(options: ProducerOptions) {
    this.#options = options;
  }

  /** Produces until the signal aborts. Rejects when the brokers refuse. */
  async run(signal: AbortSignal): Promise<void> {
    const { rate } = this.#options;
    const startedAt = performance.now();
    let sent = 0;
    while (!signal.aborted) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * rate);
      if (due > sent) await this.#send(due - sent);
      sent = Math.max(sent, due);
      await pause(TICK, signal);
    }
  }

  async #send(count: number): Promise<void> {
    const { cluster, journal } = this.#options;
    const sequences = [...this.#sequences];
    const orders = Array.from({ length: count }, () => this.#next());
    await cluster.produce(orders);
    for (const { partition } of orders) {
      const sequence = sequences[partition] ?? 0;
      journal.produced(partition, sequence);
      sequences[partition] = sequence + 1;
    }
  }

  #next(): OrderRecord {
    const { journal, random } = this.#options;
    const partition = Math.floor(random() * journal.behind.length);
    const sequence = this.#sequences[partition] ?? 0;
    this.#sequences[partition] = sequence + 1;
    return encodeOrder(partition, sequence, 100 + Math.floor(random() * 99_900));
  }
}
