/** The named timers of the membership machine: one of each name at most. */
import type { Clock, Timer } from '../contracts/clock.ts';
import type { TimerName } from '../membership/effect.ts';

export class NamedTimers {
  readonly #clock: Clock;
  readonly #fired: (name: TimerName) => void;
  readonly #armed = new Map<TimerName, Timer>();

  constructor(clock: Clock, fired: (name: TimerName) => void) {
    this.#clock = clock;
    this.#fired = fired;
  }

  /** Replaces a timer of the same name. */
  arm(name: TimerName, delayMs: number): void {
    this.cancel(name);
    const timer = this.#clock.setTimer(() => {
      this.#armed.delete(name);
      this.#fired(name);
    }, delayMs);
    this.#armed.set(name, timer);
  }

  cancel(name: TimerName): void {
    this.#armed.get(name)?.cancel();
    this.#armed.delete(name);
  }

  cancelAll(): void {
    for (const timer of this.#armed.values()) timer.cancel();
    this.#armed.clear();
  }
}
