/** A clock that moves when the test says so, and fires its timers synchronously. */
import type { Clock, Timer } from '@kohort/core/spi';

interface Armed {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

export class FakeClock implements Clock {
  readonly #armed = new Set<Armed>();
  #nowMs = 0;
  #order = 0;

  monotonic(): number {
    return this.#nowMs;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#nowMs;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const armed: Armed = { dueMs: this.#nowMs + delayMs, order: this.#order++, fire: callback };
    this.#armed.add(armed);
    return { cancel: () => this.#armed.delete(armed) };
  }

  get pending(): number {
    return this.#armed.size;
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#armed.delete(next);
      this.#nowMs = next.dueMs;
      next.fire();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Armed | undefined {
    let first: Armed | undefined;
    for (const armed of this.#armed) {
      if (armed.dueMs > untilMs) continue;
      if (
        first === undefined ||
        armed.dueMs < first.dueMs ||
        (armed.dueMs === first.dueMs && armed.order < first.order)
      )
        first = armed;
    }
    return first;
  }
}
