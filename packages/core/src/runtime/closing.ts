/** What the close of a group tells: that it begins, once, and how it ended. */
import type { Clock } from '../contracts/clock.ts';
import type { Notifier } from './notifier.ts';

export class Closing {
  readonly #clock: Clock;
  readonly #notifier: Notifier;
  #startedAt: number | null = null;

  constructor(clock: Clock, notifier: Notifier) {
    this.#clock = clock;
    this.#notifier = notifier;
  }

  /** Asked to close; later requests belong to the same close. */
  begin(reason: string): void {
    if (this.#startedAt !== null) return;
    this.#startedAt = this.#clock.monotonic();
    this.#notifier.emit('close.start', { reason });
  }

  /** Everything is over. A group that ended without being asked to has not closed. @param abandoned partitions whose work was cut off */
  end(abandoned: number, left: boolean): void {
    if (this.#startedAt === null) return;
    const durationMs = this.#clock.monotonic() - this.#startedAt;
    this.#notifier.emit('close.end', { durationMs, drained: abandoned === 0, abandoned, left });
  }
}
