// A clock that moves only when the test says so, and knows which timers are still armed.
import type { Clock, Timer } from '@kohort/core/spi';

interface Armed {
  readonly at: number;
  readonly callback: () => void;
}

export class FakeClock implements Clock {
  #now = 1_000;
  readonly #armed = new Set<Armed>();

  monotonic(): number {
    return this.#now;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const armed = { at: this.#now + delayMs, callback };
    this.#armed.add(armed);
    return { cancel: () => this.#armed.delete(armed) };
  }

  get timers(): number {
    return this.#armed.size;
  }

  /** Moves time timer by timer, and lets everything that a timer set off happen before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await turn();
      const [next] = [...this.#armed].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#armed.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
    await turn();
  }
}

/** All promise callbacks that are due have run when this resolves. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
