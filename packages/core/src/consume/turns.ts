/**
 * Partitions in the order of their turns, each at most once. Not a set: what comes and goes with each record leaves tables
 * behind that keep each other alive until a full collection.
 */
import type { Pump } from './pump.ts';

/** Entries that are done with before the list is cut. */
const CUT_AFTER = 256;

export class Turns {
  #pumps: Pump[] = [];
  #first = 0;

  get isEmpty(): boolean {
    return this.#first === this.#pumps.length;
  }

  add(pump: Pump): void {
    if (pump.queued) return;
    pump.queued = true;
    this.#pumps.push(pump);
  }

  /** Takes out whoever is first; undefined when nobody waits. */
  next(): Pump | undefined {
    while (!this.isEmpty) {
      const pump = this.#pumps[this.#first] as Pump;
      this.#first += 1;
      this.#cut();
      if (!pump.queued) continue; // forgotten meanwhile
      pump.queued = false;
      return pump;
    }
    return undefined;
  }

  forget(pump: Pump): void {
    pump.queued = false;
  }

  clear(): void {
    for (const pump of this.#pumps) pump.queued = false;
    this.#pumps = [];
    this.#first = 0;
  }

  #cut(): void {
    if (this.isEmpty) {
      this.#pumps.length = 0;
      this.#first = 0;
    } else if (this.#first >= CUT_AFTER) {
      this.#pumps = this.#pumps.slice(this.#first);
      this.#first = 0;
    }
  }
}
