/** Looks at all partitions at intervals: stalls, and samples of lag where somebody wants them. */
import type { Timer } from '../contracts/clock.ts';
import type { Deadlines } from './deadlines.ts';
import type { Pump } from './pump.ts';
import { sampleOf } from './sample.ts';
import type { ConsumerHost } from './settings.ts';
import type { SettledReport } from './settled-report.ts';
import { Stalls } from './stalls.ts';

/** Milliseconds between two looks at most, and at least. */
const LONGEST_MS = 10_000;
const SHORTEST_MS = 100;

/** What is looked at. */
export interface Watched {
  readonly pumps: Iterable<Pump>;
  readonly deadlines: Deadlines;
  readonly report: SettledReport;
}

export class Watch {
  readonly #host: ConsumerHost;
  readonly #watched: Watched;
  readonly #stalls: Stalls;
  readonly #everyMs: number;
  #timer: Timer | null = null;
  #stopped = false;

  constructor(host: ConsumerHost, stallAfter: number, watched: Watched) {
    this.#host = host;
    this.#watched = watched;
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
      this.#stalls.check(this.#watched.pumps);
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
    const host = this.#host;
    if (!host.wants('lag.sample')) return;
    const { pumps, deadlines, report } = this.#watched;
    const partitions = sampleOf(pumps, deadlines.running);
    if (partitions.length === 0) return;
    const idleRatio = report.isWanted ? report.busy.readIdle(host.clock.monotonic()) : null;
    host.emit('lag.sample', { partitions, idleRatio });
  }
}
