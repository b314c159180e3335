/**
 * The fewest moves, and before that the fewest partitions in foreign racks, at the best balance: cancels round trips of
 * negative price until there is none, which is the optimum since all prices are convex (Klein's cycle cancelling).
 */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import { LEVEL, NONE, Residual } from './residual.ts';
import type { Component, Table } from './table.ts';

/** Returns how many round trips it cancelled. */
export function* repair(table: Table, components: readonly Component[]): Steps<number> {
  const residual = new Residual(table);
  const trips = new RoundTrips(residual);
  let cancelled = 0;
  for (const component of components) {
    residual.begin(component);
    cancelled += yield* repairOne(residual, trips);
  }
  return cancelled;
}

function* repairOne(residual: Residual, trips: RoundTrips): Steps<number> {
  let cancelled = 0;
  while (residual.round()) {
    cancelled += trips.cancelAll();
    yield;
  }
  return cancelled;
}

/** Finds loops among the predecessors, which are round trips of negative price, and runs through them. */
class RoundTrips {
  readonly #residual: Residual;
  readonly #table: Table;
  /** For each node the number of the walk that met it. Seats come first, then classes, then levels. */
  readonly #met: Int32Array;
  #walk = 0;

  constructor(residual: Residual) {
    this.#residual = residual;
    this.#table = residual.table;
    const { seatCount, classCount } = residual.table;
    this.#met = new Int32Array(seatCount + classCount + residual.fromRiser.length);
  }

  /** A loop that is new has a seat that came nearer in the last round. */
  cancelAll(): number {
    const before = this.#walk;
    let cancelled = 0;
    for (const seat of this.#residual.seats.peek().slice()) {
      const entry = this.#loopBefore(seat, before);
      if (entry === NONE) continue;
      this.#cancel(entry);
      cancelled++;
    }
    return cancelled;
  }

  /** A seat on the loop that the predecessors of `seat` run into; NONE where they end, or join an earlier walk. */
  #loopBefore(seat: number, before: number): number {
    const walk = ++this.#walk;
    let node = seat;
    while (node !== NONE) {
      const met = at(this.#met, node);
      if (met > before) {
        if (met !== walk) return NONE;
        return node < this.#table.seatCount ? node : this.#predecessor(node);
      }
      this.#met[node] = walk;
      node = this.#predecessor(node);
    }
    return NONE;
  }

  #predecessor(node: number): number {
    const { seatCount, classCount, cellSeat, cellClass, load } = this.#table;
    const { fromCell, fromGiver, fromRiser } = this.#residual;
    if (node < seatCount) {
      const from = at(fromCell, node);
      if (from === LEVEL) return seatCount + classCount + at(load, node);
      return from === NONE ? NONE : seatCount + at(cellClass, from);
    }
    if (node >= seatCount + classCount) return at(fromRiser, node - seatCount - classCount);
    const giver = at(fromGiver, node - seatCount);
    return giver === NONE ? NONE : at(cellSeat, giver);
  }

  /** Backwards around the loop: each seat is entered from a class or a level, and that from the next seat. */
  #cancel(entry: number): void {
    const { load, cellClass, cellSeat } = this.#table;
    const { fromCell, fromGiver, fromRiser } = this.#residual;
    const takes: number[] = [];
    const gives: number[] = [];
    const lower: number[] = [];
    const higher: number[] = [];
    let seat = entry;
    do {
      const cell = at(fromCell, seat);
      if (cell === LEVEL) {
        lower.push(seat);
        seat = at(fromRiser, at(load, seat));
        higher.push(seat);
      } else {
        takes.push(cell);
        const giver = at(fromGiver, at(cellClass, cell));
        gives.push(giver);
        seat = at(cellSeat, giver);
      }
    } while (seat !== entry);
    this.#apply(takes, gives, lower.length > 0 ? 1 : this.#amount(takes, gives));
    for (const end of lower) this.#changeLoad(end, -1);
    for (const end of higher) this.#changeLoad(end, 1);
    // A level on the loop has lost its way in: its seats are no longer where they were.
    for (const end of [...lower, ...higher]) this.#residual.touchSeat(end);
  }

  /** The most that can be moved before a price on the loop changes. */
  #amount(takes: readonly number[], gives: readonly number[]): number {
    const { count, held } = this.#table;
    let amount = Number.POSITIVE_INFINITY;
    for (const cell of takes) {
      const missing = at(held, cell) - at(count, cell);
      if (missing > 0) amount = Math.min(amount, missing);
    }
    for (const cell of gives) {
      const surplus = at(count, cell) - at(held, cell);
      amount = Math.min(amount, surplus > 0 ? surplus : at(count, cell));
    }
    return amount;
  }

  #apply(takes: readonly number[], gives: readonly number[], amount: number): void {
    const { count, cellClass, cellSeat } = this.#table;
    for (const cell of takes) {
      count[cell] = at(count, cell) + amount;
      this.#residual.touchSeat(at(cellSeat, cell));
      this.#residual.touchClass(at(cellClass, cell));
    }
    for (const cell of gives) {
      count[cell] = at(count, cell) - amount;
      this.#residual.touchSeat(at(cellSeat, cell));
    }
  }

  #changeLoad(seat: number, change: number): void {
    const { load } = this.#table;
    const before = at(load, seat);
    load[seat] = before + change;
    this.#residual.touchLoad(seat, before);
  }
}
