/** Notices partitions that have something to do and do not move, once for each episode. Costs nothing where they move. */

import type { ClusterMetadata } from '../cluster/cluster-metadata.ts';
import type { Clock } from '../contracts/clock.ts';
import type { EventFields } from '../contracts/hooks.ts';
import { lagOf } from './lag.ts';
import type { Pump } from './pump.ts';

interface Seen {
  low: bigint | null;
  position: bigint | null;
  /** On the monotonic clock. */
  movedAt: number;
  stalled: boolean;
}

export interface StallsOptions {
  readonly clock: Clock;
  readonly metadata: ClusterMetadata;
  /** Milliseconds. */
  readonly stallAfter: number;
  readonly onStalled: (event: EventFields['partition.stalled']) => void;
  readonly onResumed: (event: EventFields['partition.resumed']) => void;
}

export class Stalls {
  readonly #options: StallsOptions;
  readonly #seen = new WeakMap<Pump, Seen>();

  constructor(options: StallsOptions) {
    this.#options = options;
  }

  /** Looks at all partitions; called at intervals. */
  check(pumps: Iterable<Pump>): void {
    const now = this.#options.clock.monotonic();
    for (const pump of pumps) this.#look(pump, now);
  }

  #look(pump: Pump, now: number): void {
    const low = pump.mark?.lowOffset ?? null;
    const { position } = pump;
    const seen = this.#seen.get(pump);
    if (!seen) {
      this.#seen.set(pump, { low, position, movedAt: now, stalled: false });
      return;
    }
    const offset = (low ?? 0n).toString();
    if (seen.low !== low || seen.position !== position || pump.paused || !hasWork(pump)) {
      if (seen.stalled) {
        this.#options.onResumed({ ...pump.place, offset, stalledMs: now - seen.movedAt });
      }
      Object.assign(seen, { low, position, movedAt: now, stalled: false });
      return;
    }
    const sinceMs = now - seen.movedAt;
    if (seen.stalled || sinceMs < this.#options.stallAfter) return;
    seen.stalled = true;
    this.#options.onStalled({ ...pump.place, phase: this.#phase(pump), offset, sinceMs });
  }

  #phase(pump: Pump): EventFields['partition.stalled']['phase'] {
    if (pump.busy > 0 || pump.blocked || pump.inFlight > 0) return 'handler';
    if (pump.waiting.size > 0) return 'backoff';
    if (pump.mark && !pump.anchored) return 'commit';
    return this.#options.metadata.leaderOf(pump) ? 'fetch' : 'no-leader';
  }
}

/** Records that have not settled, or no knowledge of that. */
function hasWork(pump: Pump): boolean {
  const lag = lagOf(pump);
  return lag === undefined || lag.lag > 0n;
}
