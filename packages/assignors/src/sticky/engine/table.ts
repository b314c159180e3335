/**
 * The table of counts that the engine works on. A cell is a class and a member subscribed to it, with the number of
 * the class's partitions that the member holds by its claims (`held`) and shall hold (`count`). Loads, moves and
 * racks depend on these numbers alone; which partitions they are is settled at the end.
 */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import { type Cells, layCells } from './cells.ts';
import { type Classes, classesOf } from './classes.ts';
import { componentsOf } from './components.ts';
import type { EngineInput } from './input.ts';
import { orderBy } from './order-by.ts';

/** Seats and classes of a component are neighbours: ends are exclusive. */
export interface Component {
  readonly firstSeat: number;
  readonly endSeat: number;
  readonly firstClass: number;
  readonly endClass: number;
}

/** Members have seats here: by component, then by index. Classes likewise. */
export interface Table extends Cells {
  readonly seatCount: number;
  readonly classCount: number;
  /** Member of each seat. */
  readonly memberAt: Int32Array;
  /** Flat ids by class. */
  readonly flatIds: Int32Array;
  /** For each class its part of them, ascending. */
  readonly partitions: readonly Int32Array[];
  readonly held: Int32Array;
  readonly count: Int32Array;
  /** 1 where the class lies in other racks than the member; left out where racks do not count. */
  readonly off?: Uint8Array;
  /** Sum of `count` for each seat. */
  readonly load: Int32Array;
  readonly components: readonly Component[];
}

export function isOff({ off }: Pick<Table, 'off'>, cell: number): boolean {
  return off !== undefined && off[cell] === 1;
}

export function* buildTable(input: EngineInput): Steps<Table> {
  const classes = yield* classesOf(input);
  const { memberAt, classAt, placeOf, components } = layOut(classes);
  yield;
  const cells = yield* layCells(classes, memberAt, placeOf);
  yield;
  const partitions = Array.from(classAt, (k) =>
    classes.partitions.subarray(at(classes.start, k), at(classes.start, k + 1)),
  );
  const { racks } = input;
  const off = racks === undefined ? undefined : new Uint8Array(cells.cellSeat.length);
  const held = new Int32Array(cells.cellSeat.length);
  const cellOf = new Int32Array(input.memberCount).fill(-1);
  for (const [place, k] of classAt.entries()) {
    enterCells(cells, place, memberAt, cellOf);
    countClaims(partitions[place] ?? new Int32Array(), input.owner, cellOf, held);
    leaveCells(cells, place, memberAt, cellOf);
    if (racks !== undefined && off !== undefined) {
      const near = racks.keys[at(classes.rackKey, k)] ?? null;
      if (near !== null) markOffRack(cells, place, memberAt, racks.memberRack, near, off);
    }
    yield;
  }
  return {
    ...cells,
    seatCount: memberAt.length,
    classCount: classAt.length,
    memberAt,
    flatIds: classes.partitions,
    partitions,
    held,
    count: held.slice(),
    ...(off === undefined ? {} : { off }),
    load: new Int32Array(memberAt.length),
    components,
  };
}

function layOut(classes: Classes) {
  const { count, ofClass, ofMember } = componentsOf(classes);
  const members = orderBy(ofMember, count);
  const classOrder = orderBy(ofClass, count);
  const placeOf = new Int32Array(classes.count);
  for (let place = 0; place < classes.count; place++) placeOf[at(classOrder.order, place)] = place;
  const components = Array.from({ length: count }, (_, c) => ({
    firstSeat: at(members.start, c),
    endSeat: at(members.start, c + 1),
    firstClass: at(classOrder.start, c),
    endClass: at(classOrder.start, c + 1),
  }));
  return { memberAt: members.order, classAt: classOrder.order, placeOf, components };
}

/** For each subscriber of a class its cell. */
function enterCells(
  { cellStart, cellSeat }: Cells,
  k: number,
  memberAt: Int32Array,
  cellOf: Int32Array,
): void {
  for (let cell = at(cellStart, k); cell < at(cellStart, k + 1); cell++) {
    cellOf[at(memberAt, at(cellSeat, cell))] = cell;
  }
}

function leaveCells(
  { cellStart, cellSeat }: Cells,
  k: number,
  memberAt: Int32Array,
  cellOf: Int32Array,
): void {
  for (let cell = at(cellStart, k); cell < at(cellStart, k + 1); cell++) {
    cellOf[at(memberAt, at(cellSeat, cell))] = -1;
  }
}

/** A claim of somebody who does not subscribe to the class counts as none. */
function countClaims(partitions: Int32Array, owner: Int32Array, cellOf: Int32Array, held: Int32Array): void {
  for (let i = 0; i < partitions.length; i++) {
    const member = at(owner, at(partitions, i));
    const cell = member === -1 ? -1 : at(cellOf, member);
    if (cell !== -1) held[cell] = at(held, cell) + 1;
  }
}

function markOffRack(
  { cellStart, cellSeat }: Cells,
  k: number,
  memberAt: Int32Array,
  memberRack: Int32Array,
  near: ReadonlySet<number>,
  off: Uint8Array,
): void {
  for (let cell = at(cellStart, k); cell < at(cellStart, k + 1); cell++) {
    const rack = at(memberRack, at(memberAt, at(cellSeat, cell)));
    if (rack !== -1 && !near.has(rack)) off[cell] = 1;
  }
}
