/** A component with one class, where all its cells cost the same: the answer is a formula. */
import { at } from './at.ts';
import { type Component, isOff, type Table } from './table.ts';

/** Whether the formula applies: one class, and racks make no difference within it. */
export function isEven(table: Table, { firstClass, endClass }: Component): boolean {
  if (endClass - firstClass !== 1) return false;
  if (table.off === undefined) return true;
  const first = at(table.cellStart, firstClass);
  for (let cell = first; cell < at(table.cellStart, endClass); cell++) {
    if (isOff(table, cell) !== isOff(table, first)) return false;
  }
  return true;
}

export function shareEvenly(table: Table, { firstClass, firstSeat, endSeat }: Component): void {
  const { cellStart, cellSeat, held, count, load, partitions } = table;
  const first = at(cellStart, firstClass);
  const end = first + endSeat - firstSeat;
  count.set(evenShares(partitions[firstClass]?.length ?? 0, held.subarray(first, end)), first);
  for (let cell = first; cell < end; cell++) load[at(cellSeat, cell)] = at(count, cell);
}

/** ⌊size / members⌋ for everybody, and one more for those who hold most, in order where they hold the same. */
export function evenShares(size: number, held: Int32Array): Int32Array {
  const members = held.length;
  const quota = Math.floor(size / members);
  const extras = size % members;
  const shares = new Int32Array(members).fill(quota);
  if (extras > 0) {
    // One number for (claims descending, place ascending).
    const order = new Float64Array(members);
    for (let i = 0; i < members; i++) order[i] = (size - at(held, i)) * members + i;
    order.sort();
    for (let i = 0; i < extras; i++) shares[(order[i] as number) % members] = quota + 1;
  }
  return shares;
}
