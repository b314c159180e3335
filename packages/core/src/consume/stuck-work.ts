/** Handlers that exceeded their time and have not returned: the member stays out of the group until all of them have. */
import type { Pump } from './pump.ts';

export class StuckWork {
  readonly #stuck = new Set<Pump>();
  readonly #waiting: (() => void)[] = [];

  add(pump: Pump): void {
    if (this.#stuck.has(pump)) return;
    this.#stuck.add(pump);
    pump.onIdle(() => {
      this.#stuck.delete(pump);
      if (this.#stuck.size === 0) for (const free of this.#waiting.splice(0)) free();
    });
  }

  /** Resolves when none is left, those included that get stuck meanwhile. */
  whenFree(): Promise<void> {
    return this.#stuck.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}
