/**
 * The table of counts that the engine works on. A cell is a class and a member subscribed to it, with the number of
 * the class's partitions that the member holds by its claims (`held`) and shall hold (`count`). Loads, moves and
 * racks depend on these numbers alone; which partitions they are is settled at the end.
 */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import { type Classes, classesOf } from './classes.ts';
import { componentsOf } from './components.ts';
import type { EngineInput, RackInput } from './input.ts';
import { orderBy } from './order-by.ts';
import { isUniform, uniformTable } from './uniform-table.ts';

/** Seats and classes of a component are neighbours: ends are exclusive. */
export interface Component {
  readonly firstSeat: number;
  readonly endSeat: number;
  readonly firstClass: number;
  readonly endClass: number;
}

/** Members have seats here: by component, then by index. Classes likewise. */
export interface Table {
  readonly seatCount: number;
  readonly classCount: number;
  /** Member of each seat. */
  readonly memberAt: Int32Array;
  /** Flat ids by class, and where each class begins. */
  readonly partitions: readonly Int32Array[];
  /** Where the cells of each class begin, one more entry for the end; ascending by seat within a class. */
  readonly cellStart: Int32Array;
  readonly cellSeat: Int32Array;
  readonly cellClass: Int32Array;
  /** Where the cells of each seat begin in `seatCells`, one more entry for the end. */
  readonly seatStart: Int32Array;
  readonly seatCells: Int32Array;
  readonly held: Int32Array;
  readonly count: Int32Array;
  /** 1 where the class lies in other racks than the member. */
  readonly off: Int32Array;
  /** Sum of `count` for each seat. */
  readonly load: Int32Array;
  readonly components: readonly Component[];
}

export function* buildTable(input: EngineInput): Steps<Table> {
  return isUniform(input) ? uniformTable(input) : yield* generalTable(input);
}

/** For any group. */
export function* generalTable(input: EngineInput): Steps<Table> {
  const classes = yield* classesOf(input);
  const layout = layOut(classes, input.memberCount);
  const { memberAt, classAt, seatOf, components } = layout;
  yield;
  const cellStart = new Int32Array(classAt.length + 1);
  for (const [i, k] of classAt.entries()) {
    cellStart[i + 1] = at(cellStart, i) + (classes.subscribers[k]?.length ?? 0);
  }
  const cellCount = at(cellStart, classAt.length);
  const cellSeat = new Int32Array(cellCount);
  const cellClass = new Int32Array(cellCount);
  const held = new Int32Array(cellCount);
  const off = new Int32Array(cellCount);
  const partitions: Int32Array[] = [];
  const cellOf = new Int32Array(input.memberCount).fill(-1);
  for (const [i, k] of classAt.entries()) {
    const subscribers = classes.subscribers[k] ?? new Int32Array();
    const own = classes.partitions.subarray(at(classes.start, k), at(classes.start, k + 1));
    const first = at(cellStart, i);
    partitions.push(own);
    for (let j = 0; j < subscribers.length; j++) {
      cellSeat[first + j] = at(seatOf, at(subscribers, j));
      cellClass[first + j] = i;
      cellOf[at(subscribers, j)] = first + j;
    }
    countClaims(own, input.owner, cellOf, held);
    if (input.racks !== undefined) markOffRack(subscribers, at(classes.rackKey, k), input.racks, off, first);
    for (let j = 0; j < subscribers.length; j++) cellOf[at(subscribers, j)] = -1;
    yield;
  }
  const { order: seatCells, start: seatStart } = orderBy(cellSeat, memberAt.length);
  return {
    seatCount: memberAt.length,
    classCount: classAt.length,
    memberAt,
    partitions,
    cellStart,
    cellSeat,
    cellClass,
    seatStart,
    seatCells,
    held,
    count: held.slice(),
    off,
    load: new Int32Array(memberAt.length),
    components,
  };
}

function layOut(classes: Classes, memberCount: number) {
  const { count, ofClass, ofMember } = componentsOf(classes);
  const members = orderBy(ofMember, count);
  const classOrder = orderBy(ofClass, count);
  const seatOf = new Int32Array(memberCount).fill(-1);
  for (let seat = 0; seat < members.order.length; seat++) seatOf[at(members.order, seat)] = seat;
  const components = Array.from({ length: count }, (_, c) => ({
    firstSeat: at(members.start, c),
    endSeat: at(members.start, c + 1),
    firstClass: at(classOrder.start, c),
    endClass: at(classOrder.start, c + 1),
  }));
  return { memberAt: members.order, classAt: classOrder.order, seatOf, components };
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
  subscribers: Int32Array,
  rackKey: number,
  { memberRack, keys }: RackInput,
  off: Int32Array,
  first: number,
): void {
  const racks = keys[rackKey] ?? null;
  if (racks === null) return;
  for (let j = 0; j < subscribers.length; j++) {
    const rack = at(memberRack, at(subscribers, j));
    if (rack !== -1 && !racks.has(rack)) off[first + j] = 1;
  }
}
