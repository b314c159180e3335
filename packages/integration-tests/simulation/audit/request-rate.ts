/** L4: how often a member asks the coordinator, over any ten seconds. */

const MOST = 100;
const WITHIN_MS = 10_000;

export class RequestRate {
  /** Moments of the last requests, in a ring. */
  readonly #times = new Float64Array(MOST).fill(Number.NEGATIVE_INFINITY);
  #next = 0;

  /** Counts a request. */
  isTooHigh(now: number): boolean {
    const oldest = this.#times[this.#next] ?? Number.NEGATIVE_INFINITY;
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % MOST;
    return now - oldest < WITHIN_MS;
  }
}
