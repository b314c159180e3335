/** Looks at all partitions at intervals: stalls, and samples of lag where somebody wants them. */
import type { Timer } from '../contracts/clock.ts';
import { lagOf } from './lag.ts';
import type { Pump } from './pump.ts';
import type { ConsumerHost } from './settings.ts';
import { Stalls } from './stalls.ts';

/** Milliseconds between two looks at most, and at least. */
const LONGEST_MS = 10_000;
const SHORTEST_MS = 100;

export class Watch {
  readonly #host: ConsumerHost;
  readonly #pumps: Iterable<Pump>;
  readonly #stalls: Stalls;
  readonly #everyMs: number;
  #timer: Timer | null = null;
  #stopped = false;

  constructor(host: ConsumerHost, stallAfter: number, pumps: Iterable<Pump>) {
    this.#host = host;
    this.#pumps = pumps;
    this.#everyMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, stallAfter / 4));
    this.#stalls = new Stalls({
      clock: host.clock,
      metadata: host.metadata,
      stallAfter,
      onStalled: (event) => host.emit('partition.stalled', event),
      onResumed: (event) => host.emit('partition.resumed', event),
    });
  }

  start(): void {
    if (this.#timer || this.#stopped) return;
    this.#timer = this.#host.clock.setTimer(() => {
      this.#timer = null;
      this.#stalls.check(this.#pumps);
      this.#sampleLag();
      this.start();
    }, this.#everyMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #sampleLag(): void {
    if (!this.#host.wants('lag.sample')) return;
    const partitions = [...this.#pumps].flatMap((pump) => lagOf(pump)?.toJSON() ?? []);
    if (partitions.length > 0) this.#host.emit('lag.sample', { partitions });
  }
}
