/** The listeners of a transport. Without any, nobody computes an event. */
import type { TransportEvent } from '@kohort/core/spi';

export class TransportEvents {
  readonly #listeners = new Set<(event: TransportEvent) => void>();

  /** The same function twice is two subscriptions. */
  subscribe(listener: (event: TransportEvent) => void): () => void {
    const own = (event: TransportEvent) => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** `make` runs only when someone listens. */
  emit(make: () => TransportEvent): void {
    if (this.#listeners.size === 0) return;
    const event = make();
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // As in EventTarget: a listener's fault is its owner's, and must not leave a request half settled.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
