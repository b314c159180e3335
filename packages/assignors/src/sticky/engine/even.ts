/** A component with one class, where all its cells cost the same: the answer is a formula. */
import { at } from './at.ts';
import type { Component, Table } from './table.ts';

/** Whether the formula applies: one class, and racks make no difference within it. */
export function isEven({ cellStart, off }: Table, { firstClass, endClass }: Component): boolean {
  if (endClass - firstClass !== 1) return false;
  const first = at(cellStart, firstClass);
  for (let cell = first; cell < at(cellStart, endClass); cell++) {
    if (at(off, cell) !== at(off, first)) return false;
  }
  return true;
}

/** ⌊size / members⌋ for everybody, and one more for those who hold most, in order of seats where they hold the same. */
export function shareEvenly(table: Table, { firstClass, firstSeat, endSeat }: Component): void {
  const { cellStart, cellSeat, held, count, load, partitions } = table;
  const size = partitions[firstClass]?.length ?? 0;
  const seats = endSeat - firstSeat;
  const first = at(cellStart, firstClass);
  const quota = Math.floor(size / seats);
  const extras = size % seats;
  count.fill(quota, first, first + seats);
  if (extras > 0) {
    // One number for (claims descending, seat ascending).
    const order = new Float64Array(seats);
    for (let i = 0; i < seats; i++) order[i] = (size - at(held, first + i)) * seats + i;
    order.sort();
    for (let i = 0; i < extras; i++) count[first + ((order[i] as number) % seats)] = quota + 1;
  }
  for (let cell = first; cell < first + seats; cell++) load[at(cellSeat, cell)] = at(count, cell);
}
