/**
 * Tells `records.settled`. A handler call that takes its time is told when it has settled; shorter ones are collected for a
 * moment, so that telling them does not cost more than handling them.
 */
import type { Watermark } from '../commit/watermark.ts';
import type { Timer } from '../contracts/clock.ts';
import { BusyTime } from './busy-time.ts';
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
  /** Counts only while somebody wants the report, for which turns and calls are timed anyway. */
  readonly busy: BusyTime;
  readonly #host: ConsumerHost;
  readonly #collected = new Map<Pump, Settled>();
  #timer: Timer | null = null;
  /** Of the present turn of one partition, which ends where its position moves: not yet timed. */
  #turn: Settled | null = null;

  constructor(host: ConsumerHost) {
    this.#host = host;
    this.busy = new BusyTime(host.clock.monotonic());
  }

  get isWanted(): boolean {
    return this.#host.wants('records.settled');
  }

  /** Whether something has settled in the present turn. */
  get hasTurn(): boolean {
    return this.#turn !== null;
  }

  /** One handler call of the present turn has settled these. Offsets are relative to the watermark's origin. */
  add(mark: Watermark, first: number, last: number, count: number, bytes: number): void {
    this.#turn ??= { mark, first, last, count: 0, bytes: 0, calls: 0, durationMs: 0 };
    this.#turn.last = last;
    this.#turn.count += count;
    this.#turn.bytes += bytes;
    this.#turn.calls += 1;
  }

  /** The turn is over. @param durationMs of its calls together */
  endTurn(pump: Pump, durationMs: number): void {
    const turn = this.#turn;
    if (!turn) return;
    this.#turn = null;
    turn.durationMs = durationMs;
    const isLong = turn.calls === 1 && durationMs >= LONG_CALL_MS;
    const known = this.#collected.get(pump);
    if (known?.mark === turn.mark && !isLong) {
      known.first = Math.min(known.first, turn.first);
      known.last = Math.max(known.last, turn.last);
      known.count += turn.count;
      known.bytes += turn.bytes;
      known.calls += turn.calls;
      known.durationMs += durationMs;
      return;
    }
    this.flush(pump);
    this.#collected.set(pump, turn);
    if (isLong) this.flush(pump);
    else this.#timer ??= this.#host.clock.setTimer(() => this.flushAll(), COLLECT_MS);
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

  /** Tells everything that has been collected, and leaves no timer. */
  flushAll(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const pump of [...this.#collected.keys()]) this.flush(pump);
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
