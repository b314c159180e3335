/** Throughput over the last moments, from counters that only grow. */

interface Sample {
  readonly at: number;
  readonly count: number;
}

/** Milliseconds that a rate looks back. */
const WINDOW = 2000;

export class Rates {
  readonly #samples = new Map<string, Sample[]>();

  /** Notes a counter and answers its growth per second. @param at milliseconds */
  perSecond(counter: string, count: number, at: number): number {
    const samples = this.#samples.get(counter) ?? [];
    this.#samples.set(counter, samples);
    samples.push({ at, count });
    while ((samples[1]?.at ?? at) <= at - WINDOW) samples.shift();
    const oldest = samples[0];
    if (oldest === undefined || oldest.at === at) return 0;
    return ((count - oldest.count) * 1000) / (at - oldest.at);
  }
}
