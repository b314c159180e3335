/** Where balancing starts from: everybody keeps what it holds, and what nobody holds is poured over the least loaded. */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import { type Component, isOff, type Table } from './table.ts';

/**
 * Classes with the fewest subscribers first: theirs is the least choice. Where racks count, first to those near, up to
 * an even share. Only a good start: no result depends on it.
 */
export function* start(table: Table, component: Component): Steps<void> {
  const { firstClass, endClass, firstSeat, endSeat } = component;
  const { cellStart, cellSeat, count, load, partitions } = table;
  let size = 0;
  for (let k = firstClass; k < endClass; k++) size += partitions[k]?.length ?? 0;
  let isOffAnywhere = false;
  for (let cell = at(cellStart, firstClass); cell < at(cellStart, endClass); cell++) {
    load[at(cellSeat, cell)] = at(load, at(cellSeat, cell)) + at(count, cell);
    isOffAnywhere ||= isOff(table, cell);
  }
  const subscribers = (k: number) => at(cellStart, k + 1) - at(cellStart, k);
  const order = Array.from({ length: endClass - firstClass }, (_, i) => firstClass + i);
  order.sort((a, b) => subscribers(a) - subscribers(b) || a - b);
  if (isOffAnywhere) {
    const share = Math.floor(size / (endSeat - firstSeat));
    for (const k of order) {
      pour(table, k, (cell) => !isOff(table, cell), share);
      yield;
    }
  }
  for (const k of order) {
    pour(table, k, () => true, size);
    yield;
  }
}

/** Raises the least loaded subscribers of a class to a common level, `highest` at most; a remainder goes one each. */
function pour(table: Table, k: number, takes: (cell: number) => boolean, highest: number): void {
  const { cellStart, cellSeat, count, load } = table;
  const first = at(cellStart, k);
  const cells = at(cellStart, k + 1) - first;
  let free = freeOf(table, k);
  if (free === 0) return;
  // One number for (load ascending, seat ascending).
  const order = new Float64Array(cells);
  let takers = 0;
  for (let i = 0; i < cells; i++) {
    if (takes(first + i)) order[takers++] = at(load, at(cellSeat, first + i)) * cells + i;
  }
  order.subarray(0, takers).sort();
  const loadOf = (i: number) => Math.floor((order[i] as number) / cells);
  if (takers === 0 || loadOf(0) >= highest) return;
  let raised = 1;
  let level = loadOf(0);
  while (raised < takers && (loadOf(raised) - level) * raised <= free) {
    free -= (loadOf(raised) - level) * raised;
    level = loadOf(raised);
    raised++;
  }
  const rise = Math.floor(free / raised);
  const isCapped = level + rise >= highest;
  const extras = isCapped ? 0 : free % raised;
  level = isCapped ? highest : level + rise;
  for (let i = 0; i < raised; i++) {
    const cell = first + ((order[i] as number) % cells);
    const seat = at(cellSeat, cell);
    const target = Math.max(level + (i < extras ? 1 : 0), at(load, seat));
    count[cell] = at(count, cell) + target - at(load, seat);
    load[seat] = target;
  }
}

/** How many partitions of a class nobody has so far. */
function freeOf({ cellStart, count, partitions }: Table, k: number): number {
  let free = partitions[k]?.length ?? 0;
  for (let cell = at(cellStart, k); cell < at(cellStart, k + 1); cell++) free -= at(count, cell);
  return free;
}
