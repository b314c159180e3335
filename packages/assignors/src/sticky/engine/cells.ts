/** The cells of a table: who subscribes to which class, from either side. */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import { type Classes, SubscribedClasses } from './classes.ts';

const CELLS_PER_STEP = 1 << 15;

export interface Cells {
  /** Where the cells of each class begin, one more entry for the end; ascending by seat within a class. */
  readonly cellStart: Int32Array;
  readonly cellSeat: Int32Array;
  readonly cellClass: Int32Array;
  /** Where the cells of each seat begin in `seatCells`, one more entry for the end. */
  readonly seatStart: Int32Array;
  readonly seatCells: Int32Array;
}

/**
 * @param memberAt the member of each seat; all have topics
 * @param placeOf the number that each class has in the table, in the same order as its own among those of a member
 */
export function* layCells(classes: Classes, memberAt: Int32Array, placeOf: Int32Array): Steps<Cells> {
  const { numberOf } = classes.groups;
  const subscribed = new SubscribedClasses(classes);
  const cellStart = new Int32Array(classes.count + 1);
  const seatStart = new Int32Array(memberAt.length + 1);
  let looked = 0;
  for (let seat = 0; seat < memberAt.length; seat++) {
    const list = subscribed.of(at(numberOf, at(memberAt, seat)));
    for (let i = 0; i < list.length; i++) {
      const place = at(placeOf, at(list, i));
      cellStart[place + 1] = at(cellStart, place + 1) + 1;
    }
    seatStart[seat + 1] = at(seatStart, seat) + list.length;
    looked += list.length + 1;
    if (looked < CELLS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  for (let place = 0; place < classes.count; place++) {
    cellStart[place + 1] = at(cellStart, place + 1) + at(cellStart, place);
  }
  const cellCount = at(cellStart, classes.count);
  const cellSeat = new Int32Array(cellCount);
  const cellClass = new Int32Array(cellCount);
  const seatCells = new Int32Array(cellCount);
  const next = cellStart.slice();
  yield;
  for (let seat = 0; seat < memberAt.length; seat++) {
    const list = subscribed.of(at(numberOf, at(memberAt, seat)));
    const first = at(seatStart, seat);
    for (let i = 0; i < list.length; i++) {
      const place = at(placeOf, at(list, i));
      const cell = at(next, place);
      next[place] = cell + 1;
      cellSeat[cell] = seat;
      cellClass[cell] = place;
      seatCells[first + i] = cell;
    }
    looked += list.length + 1;
    if (looked < CELLS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  return { cellStart, cellSeat, cellClass, seatStart, seatCells };
}
