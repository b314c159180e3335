/** One direction of a connection: delivers in order, after a delay, and can be held. */
import type { Clock, Timer } from '@kohort/core/spi';

export interface LinkOptions<T> {
  readonly clock: Clock;
  /** One-way latency of the next item in milliseconds. */
  readonly delay: () => number;
  /** While true, what would be delivered waits for `flush`. */
  readonly held: () => boolean;
  /** Deliver through the clock even without latency; otherwise what needs no delay is delivered at once. */
  readonly alwaysByClock: boolean;
  readonly deliver: (item: T) => void;
}

export class Link<T> {
  readonly #options: LinkOptions<T>;
  /** In flight, in order. The timer of an item that is due but held has fired. */
  readonly #items: { readonly item: T; readonly timer: Timer | null; due: boolean }[] = [];
  #lastDueAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: LinkOptions<T>) {
    this.#options = options;
  }

  /** Nothing overtakes: an item with a shorter latency waits for those before it. */
  send(item: T): void {
    if (this.#closed) return;
    const { clock, alwaysByClock } = this.#options;
    const now = clock.monotonic();
    const dueAt = Math.max(now + this.#options.delay(), this.#lastDueAt);
    this.#lastDueAt = dueAt;
    if (dueAt <= now && !alwaysByClock) {
      this.#items.push({ item, timer: null, due: true });
      this.flush();
      return;
    }
    const timer = clock.setTimer(() => {
      entry.due = true;
      this.flush();
    }, dueAt - now);
    const entry = { item, timer, due: false };
    this.#items.push(entry);
  }

  /** Delivers what is due, unless the link is held. To be called when a hold ends. */
  flush(): void {
    while (!this.#closed && this.#items[0]?.due === true && !this.#options.held()) {
      const entry = this.#items.shift();
      if (entry !== undefined) this.#options.deliver(entry.item);
    }
  }

  /** Forgets what is in flight. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#items.splice(0)) timer?.cancel();
  }
}
