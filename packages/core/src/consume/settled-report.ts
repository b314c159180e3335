/** Collects `records.settled`: one event for each call that takes its time, one for a whole turn of calls that do not. */
import type { Watermark } from '../commit/watermark.ts';
import type { Clock } from '../contracts/clock.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
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

  /** Settled by hand: told at once, with no bytes and no time, since the handler call is accounted for by itself. */
  byHand({ place, mark }: Pump, first: number, last: number, count: number): void {
    if (mark && this.isWanted) this.#emit(place, mark, { first, last, count, bytes: 0, durationMs: 0 });
  }

  /** Tells what has been collected; all of it belongs to this partition. */
  flush({ place }: Pump): void {
    const mark = this.#mark;
    if (this.#count === 0 || !mark) return;
    const count = this.#count;
    this.#count = 0;
    this.#mark = null;
    const durationMs = this.#clock.monotonic() - this.#startedAt;
    this.#emit(place, mark, {
      first: this.#first,
      last: this.#last,
      count,
      bytes: Math.round(this.#bytes),
      durationMs,
    });
  }

  #emit(
    place: TopicPartition,
    { origin }: Watermark,
    { first, last, count, bytes, durationMs }: Settled,
  ): void {
    this.#host.emit('records.settled', {
      ...place,
      count,
      bytes,
      firstOffset: (origin + BigInt(first)).toString(),
      lastOffset: (origin + BigInt(last)).toString(),
      durationMs,
    });
  }
}

interface Settled {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly bytes: number;
  readonly durationMs: number;
}
