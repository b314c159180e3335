/** Counts failures of Kohort's own work: a few are survived, many in a short time end the group. */
import type { Clock } from '../contracts/clock.ts';

export class CrashGuard {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #within: number;
  #times: number[] = [];

  /** @param limits.within milliseconds */
  constructor(clock: Clock, limits: { readonly max: number; readonly within: number }) {
    this.#clock = clock;
    this.#max = limits.max;
    this.#within = limits.within;
  }

  /** Returns whether this one was too many. */
  note(): boolean {
    const now = this.#clock.monotonic();
    this.#times = [...this.#times.filter((at) => now - at < this.#within), now];
    return this.#times.length > this.#max;
  }
}
