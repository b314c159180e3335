/** `until: 'end'`: the run is over when every partition has settled what was there when it was assigned. */
import type { OffsetLookup } from './offset-lookup.ts';
import type { Pump } from './pump.ts';
import type { PumpSet } from './pump-set.ts';
import { LATEST } from './reset-policy.ts';

/** Not known yet: nothing is taken before it is. */
const UNKNOWN = -1n;

export class EndOfRun {
  readonly #lookup: OffsetLookup;
  readonly #pumps: PumpSet;
  readonly #onEnd: () => void;
  readonly #onError: (error: unknown) => void;
  #over = false;

  constructor(lookup: OffsetLookup, pumps: PumpSet, onEnd: () => void, onError: (error: unknown) => void) {
    this.#lookup = lookup;
    this.#pumps = pumps;
    this.#onEnd = onEnd;
    this.#onError = onError;
  }

  /** @param onKnown told for each partition when its end is known */
  add(pumps: readonly Pump[], onKnown: (pump: Pump) => void): void {
    for (const pump of pumps) pump.stopAt = UNKNOWN;
    const lookups = pumps.map((pump) => ({
      pump,
      timestamp: LATEST,
      isWanted: () => !pump.sealed,
      found: (offset: bigint) => {
        pump.stopAt = offset;
        onKnown(pump);
      },
    }));
    this.#lookup.run(lookups).catch(this.#onError);
  }

  check(): void {
    if (this.#over) return;
    for (const pump of this.#pumps) if (!pump.reachedStop) return;
    this.#over = true;
    this.#onEnd();
  }
}
