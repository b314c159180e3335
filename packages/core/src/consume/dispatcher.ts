/**
 * Hands records to handlers: fair over partitions, bounded in number, never what is not owned at that very moment. No
 * promise, timer or queue entry is spent on a record whose handler returns at once.
 */
import type { Clock, Timer } from '../contracts/clock.ts';
import type { Pump } from './pump.ts';
import type { Concurrency, ConsumerHost } from './settings.ts';
import { Slice } from './slice.ts';
import type { TaskRunner } from './task-runner.ts';
import { Turns } from './turns.ts';

export interface DispatcherOptions {
  readonly host: ConsumerHost;
  readonly concurrency: Concurrency;
  readonly runner: TaskRunner;
  /** A run has ended: a good moment to look whether everything has settled. */
  readonly afterRun: () => void;
}

/** Records of one partition in a row, while others wait; a batch may have more. */
const TURN = 64;
/** Milliseconds until a partition whose lease has run out is looked at again: a late heartbeat may renew it. */
const DOUBT_MS = 100;

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #clock: Clock;
  readonly #slice: Slice;
  /** Partitions that may have something to do, in the order of their turns. */
  readonly #ready = new Turns();
  readonly #doubtful = new Set<Pump>();
  #doubtTimer: Timer | null = null;
  #running = false;
  #stopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#clock = options.host.clock;
    this.#slice = new Slice(options.host.clock, options.host.nextTurn, () => this.run());
  }

  /** Something may be dispatched of this partition, now. */
  wake(pump: Pump): void {
    this.offer(pump);
    this.run();
  }

  /** The same, with the next run: when an answer brings records of several partitions, each has its turn. */
  offer(pump: Pump): void {
    if (!this.#stopped && pump.dispatchable) this.#ready.add(pump);
  }

  forget(pump: Pump): void {
    this.#ready.forget(pump);
    this.#doubtful.delete(pump);
  }

  /** Dispatches until nothing is ready, all slots are taken, or the slice is spent. */
  run(): void {
    // Without a slot nothing may ask for another turn of the event loop: that would never end.
    if (this.#running || this.#stopped || this.#ready.isEmpty || !this.#options.runner.hasSlot) return;
    this.#slice.begin();
    this.#running = true;
    try {
      while (!this.#slice.isSpent && this.#options.runner.hasSlot) {
        const pump = this.#ready.next();
        if (!pump) break;
        if (this.#serve(pump)) this.#ready.add(pump); // visited again, after the others
      }
    } finally {
      this.#running = false;
    }
    this.#options.afterRun();
  }

  stop(): void {
    this.#stopped = true;
    this.#slice.stop();
    this.#doubtTimer?.cancel();
    this.#doubtTimer = null;
    this.#ready.clear();
    this.#doubtful.clear();
  }

  /** One turn of a partition. True when there is more to do for it. */
  #serve(pump: Pump): boolean {
    const { runner } = this.#options;
    let more = false;
    for (let taken = 0; ; ) {
      if (!pump.dispatchable || pump.busy >= this.#options.concurrency.perPartition) break;
      more = taken >= TURN || !runner.hasSlot || (taken > 0 && this.#slice.isSpent); // looked at before the turn
      if (more) break;
      if (!pump.owned) {
        this.#doubt(pump);
        break;
      }
      const count = runner.step(pump, this.#slice.now);
      if (count === 0) break;
      taken += count;
    }
    runner.endTurn(pump);
    return more;
  }

  #doubt(pump: Pump): void {
    this.#doubtful.add(pump);
    this.#doubtTimer ??= this.#clock.setTimer(() => {
      this.#doubtTimer = null;
      const doubtful = [...this.#doubtful];
      this.#doubtful.clear();
      for (const one of doubtful) this.wake(one);
    }, DOUBT_MS);
  }
}
