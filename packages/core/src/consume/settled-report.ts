/** Collects `records.settled`: one event for each call that takes its time, one for a whole turn of calls that do not. */
import type { Watermark } from '../commit/watermark.ts';
import type { Clock } from '../contracts/clock.ts';
import type { Pump } from './pump.ts';
import type { ConsumerHost } from './settings.ts';

export class SettledReport {
  readonly #host: ConsumerHost;
  readonly #clock: Clock;
  #mark: Watermark | null = null;
  #first = 0;
  #last = 0;
  #count = 0;
  #bytes = 0;
  #startedAt = 0;

  constructor(host: ConsumerHost) {
    this.#host = host;
    this.#clock = host.clock;
  }

  get isWanted(): boolean {
    return this.#host.wants('records.settled');
  }

  /** Offsets are relative to the watermark's origin. @param startedAt of the handler call, on the monotonic clock */
  add(mark: Watermark, first: number, last: number, count: number, bytes: number, startedAt: number): void {
    if (this.#count === 0) {
      this.#mark = mark;
      this.#first = first;
      this.#startedAt = startedAt;
      this.#bytes = 0;
    }
    this.#last = last;
    this.#count += count;
    this.#bytes += bytes;
  }

  /** Tells what has been collected; all of it belongs to this partition. */
  flush({ place }: Pump): void {
    const mark = this.#mark;
    if (this.#count === 0 || !mark) return;
    const count = this.#count;
    this.#count = 0;
    this.#mark = null;
    this.#host.emit('records.settled', {
      ...place,
      count,
      bytes: Math.round(this.#bytes),
      firstOffset: (mark.origin + BigInt(this.#first)).toString(),
      lastOffset: (mark.origin + BigInt(this.#last)).toString(),
      durationMs: this.#clock.monotonic() - this.#startedAt,
    });
  }
}
