/**
 * Bounds how long handlers may keep the event loop: after a slice of work, dispatch waits for another turn of the loop,
 * so that heartbeats go out and answers come in. A chain of handlers that never leave the microtask queue counts too.
 */
import type { Clock, Timer } from '../contracts/clock.ts';

const SLICE_MS = 8;

export class Slice {
  readonly #clock: Clock;
  readonly #nextTurn: ((callback: () => void) => void) | undefined;
  readonly #onNextTurn: () => void;
  #startedAt = 0;
  /** On the monotonic clock: when it was last looked at. */
  now = 0;
  /** A turn of the event loop has been asked for. */
  #open = false;
  #timer: Timer | null = null;
  #stopped = false;

  constructor(clock: Clock, nextTurn: ((callback: () => void) => void) | undefined, onNextTurn: () => void) {
    this.#clock = clock;
    this.#nextTurn = nextTurn;
    this.#onNextTurn = onNextTurn;
  }

  /** Work begins, or goes on. */
  begin(): void {
    if (this.#open || this.#stopped) return;
    this.#open = true;
    this.#startedAt = this.#clock.monotonic();
    if (this.#nextTurn) this.#nextTurn(this.#turned);
    else this.#timer = this.#clock.setTimer(this.#turned, 0);
  }

  /** Work has to wait for the next turn. Looks at the clock. */
  get isSpent(): boolean {
    this.now = this.#clock.monotonic();
    return this.now - this.#startedAt >= SLICE_MS;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  readonly #turned = () => {
    this.#open = false;
    this.#timer = null;
    if (!this.#stopped) this.#onNextTurn();
  };
}
