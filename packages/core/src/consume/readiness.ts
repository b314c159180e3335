/** Waits for a condition that others make true. */
export class Readiness {
  readonly #isReady: () => boolean;
  readonly #waiting = new Set<() => void>();

  constructor(isReady: () => boolean) {
    this.#isReady = isReady;
  }

  /** Rejects with the signal's reason when it aborts first. */
  wait(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isReady()) {
        resolve();
        return;
      }
      const end = (settle: () => void) => {
        this.#waiting.delete(ready);
        signal?.removeEventListener('abort', giveUp);
        settle();
      };
      const ready = () => end(resolve);
      const giveUp = () => end(() => reject(signal?.reason));
      if (signal?.aborted) {
        giveUp();
        return;
      }
      this.#waiting.add(ready);
      signal?.addEventListener('abort', giveUp);
    });
  }

  /** Something has changed that may matter. */
  check(): void {
    if (this.#waiting.size === 0 || !this.#isReady()) return;
    for (const ready of [...this.#waiting]) ready();
  }
}
