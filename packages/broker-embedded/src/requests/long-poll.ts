/** Fetches that wait for data: until something changes in one of their partitions, or their time is over. */
import type { Clock } from '@kohort/core/spi';
import type { Partition } from '../cluster/topic.ts';

export class LongPoll {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when one of the partitions changes, after `waitMs`, or when the broker closes. */
  wait(partitions: readonly Partition[], waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        timer.cancel();
        for (const unsubscribe of subscriptions) unsubscribe();
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = this.#clock.setTimer(wake, waitMs);
      const subscriptions = partitions.flatMap((partition) => [
        partition.log.onChange(wake),
        partition.onMove(wake),
      ]);
      this.#waiting.add(wake);
    });
  }

  /** Ends every wait now. */
  close(): void {
    this.closed = true;
    for (const wake of [...this.#waiting]) wake();
  }
}
