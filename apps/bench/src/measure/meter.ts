/** Counts records, checks them, and measures the process that consumes them: from the joined group to the last record. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { fingerprint } from '../workload/records.ts';

/** What one run of one client has cost. */
export interface Measurement {
  readonly records: number;
  readonly checksum: number;
  readonly wallMs: number;
  /** User and system time of all threads of the process, in microseconds. */
  readonly cpuMicros: number;
  /** Of the whole life of the process. */
  readonly peakRssBytes: number;
  /** The longest time that a timer was late. */
  readonly maxLoopDelayMs: number;
}

/** Milliseconds between two looks at the event loop; part of each delay that is recorded. */
const LOOP_RESOLUTION = 5;

export class Meter {
  /** Resolves with the last record; rejects when the client gives up. */
  readonly done: Promise<Measurement>;
  readonly #records: number;
  readonly #loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION });
  #resolve: (measurement: Measurement) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #count = 0;
  #checksum = 0;
  #startedAt = 0;
  #cpuAtStart: NodeJS.CpuUsage | null = null;

  constructor(records: number) {
    this.#records = records;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get count(): number {
    return this.#count;
  }

  /** The group has been joined. Only the first call counts. */
  start(): void {
    if (this.#cpuAtStart) return;
    this.#loop.enable();
    this.#startedAt = performance.now();
    this.#cpuAtStart = process.cpuUsage();
  }

  /** One record, as a handler got it. */
  take(key: Uint8Array | null | undefined, value: Uint8Array | null | undefined): void {
    this.#checksum += fingerprint(key, value);
    this.#count += 1;
    if (this.#count === this.#records) this.#finish();
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  #finish(): void {
    if (!this.#cpuAtStart) {
      this.fail(new Error('records came before the group was joined'));
      return;
    }
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    const wallMs = performance.now() - this.#startedAt;
    this.#loop.disable();
    this.#resolve({
      records: this.#count,
      checksum: this.#checksum,
      wallMs,
      cpuMicros: user + system,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      maxLoopDelayMs: Math.max(0, this.#loop.max / 1e6 - LOOP_RESOLUTION),
    });
  }
}
