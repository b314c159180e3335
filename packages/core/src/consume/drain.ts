/** Waits until what is in flight of some partitions has settled, within a budget. */
import type { Clock, Timer } from '../contracts/clock.ts';
import type { RevokedContext } from '../contracts/session.ts';
import type { Pump } from './pump.ts';

/** How long what is in flight may take on a close, in milliseconds: the larger of 500 ms and a fifth is kept for the rest. */
export function closeBudget(timeoutMs: number, drainTimeout: number): number {
  return Math.max(0, Math.min(drainTimeout, timeoutMs - Math.max(500, timeoutMs / 5)));
}

/**
 * How long what is in flight may take, in milliseconds. On a close the deadline is the close timeout without the part for
 * the goodbye (the larger of 250 ms and a tenth); twice that part is kept for the commit and the goodbye together.
 */
export function drainBudget(
  { reason, deadlineMs }: Pick<RevokedContext, 'reason' | 'deadlineMs'>,
  drainTimeout: number,
): number {
  const share = reason === 'close' ? deadlineMs - Math.max(250, deadlineMs / 9) : deadlineMs / 2;
  return Math.max(0, Math.min(drainTimeout, share));
}

export class Drain {
  /** Resolves when nothing is in flight, or the budget is used up. */
  readonly done: Promise<void>;
  readonly #pumps: readonly Pump[];
  readonly #clock: Clock;
  #timer: Timer | null = null;
  #endsAt = Number.POSITIVE_INFINITY;
  #finish: () => void = () => undefined;

  /** @param signal ends the wait as well */
  constructor(clock: Clock, pumps: readonly Pump[], budgetMs: number, signal: AbortSignal) {
    this.#clock = clock;
    this.#pumps = pumps;
    this.done = new Promise((resolve) => {
      this.#finish = () => {
        this.#timer?.cancel();
        this.#timer = null;
        this.#endsAt = Number.NEGATIVE_INFINITY; // over: nothing is left to be shortened, and no timer to be armed
        signal.removeEventListener('abort', this.#finish);
        resolve();
      };
    });
    signal.addEventListener('abort', this.#finish);
    if (signal.aborted) this.#finish();
    else {
      this.shorten(budgetMs);
      this.check();
    }
  }

  /** Something has settled. */
  check(): void {
    if (this.#pumps.every((pump) => pump.ended || pump.inFlight === 0)) this.#finish();
  }

  /** Ends no later than in `budgetMs` from now. */
  shorten(budgetMs: number): void {
    const endsAt = this.#clock.monotonic() + budgetMs;
    if (endsAt >= this.#endsAt) return;
    this.#endsAt = endsAt;
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(this.#finish, budgetMs);
  }
}
