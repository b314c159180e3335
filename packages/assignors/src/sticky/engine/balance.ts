/**
 * The best balance: no chain of hand-overs from a member to another whose load is less by two or more is left, which
 * is the optimum of the sorted load vector, not just of pairs (Harvey, Ladner, Lovász, Tamir: Semi-matchings).
 */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import { SeatQueue } from './seat-queue.ts';
import type { Component, Table } from './table.ts';

/** Returns how often it shifted partitions along a chain. */
export function* balance(search: ChainSearch, component: Component): Steps<number> {
  const queue = new SeatQueue(search.table.load);
  let shifts = 0;
  for (let seat = component.firstSeat; seat < component.endSeat; seat++) queue.push(seat);
  for (let to = queue.pop(); to !== -1; to = queue.pop()) {
    if (search.isFinished(to)) continue;
    const from = search.giverFor(to);
    if (from !== -1) {
      search.shift(from, to);
      shifts++;
      queue.push(from);
      queue.push(to);
    }
    yield;
  }
  return shifts;
}

const FINISHED = -1;

/**
 * Breadth-first search from a receiver over the members that could give to it, directly or through others. What a
 * search without result has reached is finished for good: nobody outside of it holds a partition of a class that
 * anyone in it subscribes to, and later receivers are not less loaded, so it has no giver for them either. One search
 * serves all components of a table.
 */
export class ChainSearch {
  readonly table: Table;
  /** Number of the search that met a seat or class, FINISHED where none need come again. */
  readonly #seatMet: Int32Array;
  readonly #classMet: Int32Array;
  /** For each seat that was met: the cell that it gives from, and the cell that takes that partition. */
  readonly #givesFrom: Int32Array;
  readonly #takenBy: Int32Array;
  readonly #reached: Int32Array;
  #search = 0;

  constructor(table: Table) {
    this.table = table;
    this.#seatMet = new Int32Array(table.seatCount);
    this.#classMet = new Int32Array(table.classCount);
    this.#givesFrom = new Int32Array(table.seatCount);
    this.#takenBy = new Int32Array(table.seatCount);
    this.#reached = new Int32Array(table.seatCount);
  }

  isFinished(seat: number): boolean {
    return at(this.#seatMet, seat) === FINISHED;
  }

  /** The first seat met whose load exceeds that of `to` by two or more; -1 where there is none, `to` is finished then. */
  giverFor(to: number): number {
    const { seatStart, seatCells, cellClass, load } = this.table;
    const search = ++this.#search;
    const reached = this.#reached;
    const enough = at(load, to) + 2;
    this.#seatMet[to] = search;
    reached[0] = to;
    let size = 1;
    for (let i = 0; i < size; i++) {
      const seat = at(reached, i);
      for (let j = at(seatStart, seat); j < at(seatStart, seat + 1); j++) {
        const cell = at(seatCells, j);
        const k = at(cellClass, cell);
        const met = at(this.#classMet, k);
        if (met === search || met === FINISHED) continue;
        this.#classMet[k] = search;
        const before = size;
        size = this.#expand(k, cell, size);
        for (let r = before; r < size; r++) {
          if (at(load, at(reached, r)) >= enough) return at(reached, r);
        }
      }
    }
    this.#finish(size);
    return -1;
  }

  /** Adds the seats that hold partitions of class `k`, which the owner of `cell` could take. */
  #expand(k: number, cell: number, size: number): number {
    const { cellStart, cellSeat, count } = this.table;
    let end = size;
    for (let giver = at(cellStart, k); giver < at(cellStart, k + 1); giver++) {
      if (at(count, giver) === 0) continue;
      const seat = at(cellSeat, giver);
      const met = at(this.#seatMet, seat);
      if (met === this.#search || met === FINISHED) continue;
      this.#seatMet[seat] = this.#search;
      this.#givesFrom[seat] = giver;
      this.#takenBy[seat] = cell;
      this.#reached[end++] = seat;
    }
    return end;
  }

  #finish(size: number): void {
    const { seatStart, seatCells, cellClass } = this.table;
    for (let i = 0; i < size; i++) {
      const seat = at(this.#reached, i);
      this.#seatMet[seat] = FINISHED;
      for (let j = at(seatStart, seat); j < at(seatStart, seat + 1); j++) {
        this.#classMet[at(cellClass, at(seatCells, j))] = FINISHED;
      }
    }
  }

  /** Moves as many as the gap and every cell on the chain that was just found allow. */
  shift(from: number, to: number): void {
    const { cellSeat, count, load } = this.table;
    let amount = (at(load, from) - at(load, to)) >> 1;
    for (let seat = from; seat !== to; seat = at(cellSeat, at(this.#takenBy, seat))) {
      amount = Math.min(amount, at(count, at(this.#givesFrom, seat)));
    }
    for (let seat = from; seat !== to; seat = at(cellSeat, at(this.#takenBy, seat))) {
      const gives = at(this.#givesFrom, seat);
      const takes = at(this.#takenBy, seat);
      count[gives] = at(count, gives) - amount;
      count[takes] = at(count, takes) + amount;
    }
    load[from] = at(load, from) - amount;
    load[to] = at(load, to) + amount;
  }
}
