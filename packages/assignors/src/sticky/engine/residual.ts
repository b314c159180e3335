/**
 * What could be changed in a balanced table, and at what price: nodes are seats, classes and load levels. A class leads
 * to a seat that takes one more of it, a seat to a class that it gives one up of, a seat to the level above its load if
 * it ends one higher, a level to a seat of that load if it ends one lower. Round trips keep all class sizes and the
 * sorted load vector; one that costs less than nothing is an improvement.
 *
 * Distances are those of Bellman and Ford, from everywhere at once, kept from one improvement to the next.
 */
import { at } from './at.ts';
import { NodeQueue } from './node-queue.ts';
import { type Component, isOff, type Table } from './table.ts';

/** Predecessor of a seat: the cell by which it takes, or one of these. */
export const NONE = -1;
export const LEVEL = -2;

export class Residual {
  readonly table: Table;
  /** Price of a partition in a rack that is not the member's, above that of all moves together. */
  readonly #rackPrice: number;
  readonly #toSeat: Float64Array;
  readonly #toClass: Float64Array;
  readonly #toLevel: Float64Array;
  /** For each seat the cell by which it takes, NONE, or LEVEL for its own load's level. */
  readonly fromCell: Int32Array;
  /** For each class the cell that gives it, or NONE. */
  readonly fromGiver: Int32Array;
  /** For each level the seat that rises to it, or NONE. */
  readonly fromRiser: Int32Array;
  /** What has become nearer since it was last looked at. */
  readonly seats: NodeQueue;
  readonly #classes: NodeQueue;
  readonly #levels: NodeQueue;
  #component: Component = { firstSeat: 0, endSeat: 0, firstClass: 0, endClass: 0 };

  /** Serves all components of a table, one after the other. */
  constructor(table: Table) {
    const { load, seatCount, classCount } = table;
    let levels = 2;
    for (let seat = 0; seat < seatCount; seat++) levels = Math.max(levels, at(load, seat) + 2);
    this.table = table;
    this.#rackPrice = table.flatIds.length + 1;
    this.#toSeat = new Float64Array(seatCount);
    this.#toClass = new Float64Array(classCount);
    this.#toLevel = new Float64Array(levels);
    this.fromCell = new Int32Array(seatCount).fill(NONE);
    this.fromGiver = new Int32Array(classCount).fill(NONE);
    this.fromRiser = new Int32Array(levels).fill(NONE);
    this.seats = new NodeQueue(seatCount);
    this.#classes = new NodeQueue(classCount);
    this.#levels = new NodeQueue(levels);
  }

  begin(component: Component): void {
    const { load } = this.table;
    this.#component = component;
    for (let seat = component.firstSeat; seat < component.endSeat; seat++) {
      this.seats.push(seat);
      for (const level of [at(load, seat), at(load, seat) + 1]) {
        this.#toLevel[level] = 0;
        this.fromRiser[level] = NONE;
      }
    }
    for (let k = component.firstClass; k < component.endClass; k++) this.#classes.push(k);
  }

  /** One more of a cell: home again for nothing, else a move. */
  #takePrice(cell: number): number {
    const { count, held } = this.table;
    const price = at(count, cell) < at(held, cell) ? 0 : 1;
    return isOff(this.table, cell) ? price + this.#rackPrice : price;
  }

  /** One less of a cell, never more than nothing. */
  #givePrice(cell: number): number {
    const { count, held } = this.table;
    const price = at(count, cell) > at(held, cell) ? -1 : 0;
    return isOff(this.table, cell) ? price - this.#rackPrice : price;
  }

  /** Carries on from all that has come nearer, one step of each kind; false when nothing had. */
  round(): boolean {
    if (this.seats.size === 0 && this.#classes.size === 0 && this.#levels.size === 0) return false;
    for (const seat of this.seats.drain()) this.#leaveSeat(seat);
    for (const k of this.#classes.drain()) this.#leaveClass(k);
    if (this.#levels.size > 0) this.#leaveLevels();
    return true;
  }

  #leaveSeat(seat: number): void {
    const { seatStart, seatCells, cellClass, count, load } = this.table;
    const here = this.#toSeat[seat] as number;
    for (let j = at(seatStart, seat); j < at(seatStart, seat + 1); j++) {
      const cell = at(seatCells, j);
      if (at(count, cell) === 0) continue;
      const k = at(cellClass, cell);
      const there = here + this.#givePrice(cell);
      if (there >= (this.#toClass[k] as number)) continue;
      this.#toClass[k] = there;
      this.fromGiver[k] = cell;
      this.#classes.push(k);
    }
    const level = at(load, seat) + 1;
    if (here >= (this.#toLevel[level] as number)) return;
    this.#toLevel[level] = here;
    this.fromRiser[level] = seat;
    this.#levels.push(level);
  }

  #leaveClass(k: number): void {
    const { cellStart, cellSeat } = this.table;
    const here = this.#toClass[k] as number;
    for (let cell = at(cellStart, k); cell < at(cellStart, k + 1); cell++) {
      const seat = at(cellSeat, cell);
      const there = here + this.#takePrice(cell);
      if (there < (this.#toSeat[seat] as number)) this.#enterSeat(seat, there, cell);
    }
  }

  #leaveLevels(): void {
    const { load } = this.table;
    for (let seat = this.#component.firstSeat; seat < this.#component.endSeat; seat++) {
      const level = at(load, seat);
      if (!this.#levels.has(level)) continue;
      const here = this.#toLevel[level] as number;
      if (here < (this.#toSeat[seat] as number)) this.#enterSeat(seat, here, LEVEL);
    }
    this.#levels.clear();
  }

  #enterSeat(seat: number, distance: number, from: number): void {
    this.#toSeat[seat] = distance;
    this.fromCell[seat] = from;
    this.seats.push(seat);
  }

  /** The ways out of and into a seat have changed. */
  touchSeat(seat: number): void {
    this.fromCell[seat] = NONE;
    this.seats.push(seat);
  }

  touchClass(k: number): void {
    this.fromGiver[k] = NONE;
    this.#classes.push(k);
  }

  /** A seat has left the load `before`. */
  touchLoad(seat: number, before: number): void {
    if (at(this.fromRiser, before + 1) === seat) this.fromRiser[before + 1] = NONE;
    this.#levels.push(at(this.table.load, seat));
  }
}
