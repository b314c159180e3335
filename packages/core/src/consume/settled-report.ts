/**
 * Tells `records.settled`. A handler call that takes its time is told when it has settled; shorter ones are collected for a
 * moment, so that telling them does not cost more than handling them.
 */
import type { Watermark } from '../commit/watermark.ts';
import type { Timer } from '../contracts/clock.ts';
import type { Pump } from './pump.ts';
import type { ConsumerHost } from './settings.ts';

/** Milliseconds: a call that takes as long is told by itself. */
const LONG_CALL_MS = 1;
/** Milliseconds for which the shorter ones are collected. */
const COLLECT_MS = 100;

/** What has settled of one partition and has not been told. Offsets are relative to the watermark's origin. */
interface Settled {
  readonly mark: Watermark;
  first: number;
  last: number;
  count: number;
  bytes: number;
  calls: number;
  durationMs: number;
}

export class SettledReport {
  readonly #host: ConsumerHost;
  readonly #collected = new Map<Pump, Settled>();
  #timer: Timer | null = null;
  #stopped = false;
  /** Of the present turn of one partition: not yet timed. */
  #mark: Watermark | null = null;
  #first = 0;
  #last = 0;
  #count = 0;
  #bytes = 0;
  #calls = 0;

  constructor(host: ConsumerHost) {
    this.#host = host;
  }

  get isWanted(): boolean {
    return this.#host.wants('records.settled');
  }

  /** Whether something has settled in the present turn. */
  get hasTurn(): boolean {
    return this.#calls > 0;
  }

  /** One handler call of the present turn has settled these. Offsets are relative to the watermark's origin. */
  add(pump: Pump, mark: Watermark, first: number, last: number, count: number, bytes: number): void {
    if (this.#mark !== mark) {
      this.endTurn(pump, 0); // the handler has moved the position
      this.#mark = mark;
    }
    if (this.#calls === 0) this.#first = first;
    this.#last = last;
    this.#count += count;
    this.#bytes += bytes;
    this.#calls += 1;
  }

  /** The turn is over. @param durationMs of its calls together */
  endTurn(pump: Pump, durationMs: number): void {
    const mark = this.#mark;
    const calls = this.#calls;
    if (!mark || calls === 0) return;
    const isLong = calls === 1 && durationMs >= LONG_CALL_MS;
    const known = this.#collected.get(pump);
    if (known?.mark === mark && !isLong) {
      known.first = Math.min(known.first, this.#first);
      known.last = Math.max(known.last, this.#last);
      known.count += this.#count;
      known.bytes += this.#bytes;
      known.calls += calls;
      known.durationMs += durationMs;
    } else {
      this.flush(pump);
      this.#collected.set(pump, {
        mark,
        first: this.#first,
        last: this.#last,
        count: this.#count,
        bytes: this.#bytes,
        calls,
        durationMs,
      });
      if (isLong) this.flush(pump);
      else this.#arm();
    }
    this.#count = 0;
    this.#bytes = 0;
    this.#calls = 0;
  }

  /** Settled by hand: told at once, with no call, bytes and time, since the handler call is accounted for by itself. */
  byHand(pump: Pump, first: number, last: number, count: number): void {
    const { mark } = pump;
    if (mark && this.isWanted)
      this.#emit(pump, { mark, first, last, count, bytes: 0, calls: 0, durationMs: 0 });
  }

  /** Tells what has been collected of this partition. */
  flush(pump: Pump): void {
    const settled = this.#collected.get(pump);
    if (!settled) return;
    this.#collected.delete(pump);
    this.#emit(pump, settled);
  }

  /** Tells everything; nothing is collected from now on. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = null;
    this.#flushAll();
  }

  #flushAll(): void {
    for (const pump of [...this.#collected.keys()]) this.flush(pump);
  }

  #arm(): void {
    if (this.#stopped) this.#flushAll();
    else
      this.#timer ??= this.#host.clock.setTimer(() => {
        this.#timer = null;
        this.#flushAll();
      }, COLLECT_MS);
  }

  #emit({ place }: Pump, { mark: { origin }, first, last, bytes, ...settled }: Settled): void {
    this.#host.emit('records.settled', {
      ...place,
      ...settled,
      bytes: Math.round(bytes),
      firstOffset: (origin + BigInt(first)).toString(),
      lastOffset: (origin + BigInt(last)).toString(),
    });
  }
}
