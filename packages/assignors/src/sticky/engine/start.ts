/** Where balancing starts from: everybody keeps what it holds, and what nobody holds is poured over the least loaded. */
import { at } from './at.ts';
import type { Steps } from './input.ts';
import type { Component, Table } from './table.ts';

/** Classes with the fewest subscribers first: theirs is the least choice. Only a good start: no result depends on it. */
export function* start(table: Table, { firstClass, endClass }: Component): Steps<void> {
  const { cellStart, cellSeat, count, load } = table;
  for (let cell = at(cellStart, firstClass); cell < at(cellStart, endClass); cell++) {
    load[at(cellSeat, cell)] = at(load, at(cellSeat, cell)) + at(count, cell);
  }
  const subscribers = (k: number) => at(cellStart, k + 1) - at(cellStart, k);
  const order = Array.from({ length: endClass - firstClass }, (_, i) => firstClass + i);
  order.sort((a, b) => subscribers(a) - subscribers(b) || a - b);
  for (const k of order) {
    pour(table, k);
    yield;
  }
}

/** Raises the least loaded subscribers of a class to a common level; the remainder goes one each. */
function pour({ cellStart, cellSeat, count, load, partitions }: Table, k: number): void {
  const first = at(cellStart, k);
  const cells = at(cellStart, k + 1) - first;
  let free = partitions[k]?.length ?? 0;
  for (let cell = first; cell < first + cells; cell++) free -= at(count, cell);
  if (free === 0) return;
  // One number for (load ascending, seat ascending).
  const order = new Float64Array(cells);
  for (let i = 0; i < cells; i++) order[i] = at(load, at(cellSeat, first + i)) * cells + i;
  order.sort();
  const loadOf = (i: number) => Math.floor((order[i] as number) / cells);
  let raised = 1;
  let level = loadOf(0);
  while (raised < cells && (loadOf(raised) - level) * raised <= free) {
    free -= (loadOf(raised) - level) * raised;
    level = loadOf(raised);
    raised++;
  }
  level += Math.floor(free / raised);
  const extras = free % raised;
  for (let i = 0; i < raised; i++) {
    const cell = first + ((order[i] as number) % cells);
    const seat = at(cellSeat, cell);
    const target = level + (i < extras ? 1 : 0);
    count[cell] = at(count, cell) + target - at(load, seat);
    load[seat] = target;
  }
}
