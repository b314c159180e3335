/** Waiting for a coordinator to be known, for requests that have nowhere to go yet. */
import { pause } from '../cluster/backoff.ts';
import type { Clock } from '../contracts/clock.ts';

export class CoordinatorWait {
  readonly #clock: Clock;
  readonly #waiting = new Set<AbortController>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when `found` is called, a signal aborts, or `timeoutMs` have passed. */
  async wait(timeoutMs: number, ...signals: readonly AbortSignal[]): Promise<void> {
    const found = new AbortController();
    this.#waiting.add(found);
    await pause(this.#clock, timeoutMs, found.signal, ...signals);
    this.#waiting.delete(found);
  }

  /** A coordinator is known. */
  found(): void {
    for (const waiting of this.#waiting) waiting.abort();
  }
}
