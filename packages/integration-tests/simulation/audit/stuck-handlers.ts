/** L6: when a handler that takes too long is noticed for the first time. The member tells of it again as long as it runs. */
import type { Clock } from '@kohort/core/spi';

export class StuckHandlers {
  readonly #clock: Clock;
  /** A batch has its whole time again with each record that it settles. */
  readonly #settlesInBatches: boolean;
  /** By partition and first offset: what was told last. */
  readonly #told = new Map<string, number>();
  /** By partition: when this member settled a record last. */
  readonly #settled = new Map<string, number>();

  constructor(clock: Clock, settlesInBatches: boolean) {
    this.#clock = clock;
    this.#settlesInBatches = settlesInBatches;
  }

  settled(key: string, offset: string): void {
    this.#settled.set(key, this.#clock.monotonic());
    if (!this.#settlesInBatches) this.#told.delete(`${key} ${offset}`);
  }

  /** The member tells that it is stuck. @returns milliseconds that it took to notice; 0 when it has told so before */
  noticed(key: string, offset: string, sinceMs: number): number {
    const before = this.#told.get(`${key} ${offset}`);
    this.#told.set(`${key} ${offset}`, sinceMs);
    if (before !== undefined && sinceMs > before) return 0;
    if (!this.#settlesInBatches) return sinceMs;
    return Math.min(sinceMs, this.#clock.monotonic() - (this.#settled.get(key) ?? 0));
  }
}
