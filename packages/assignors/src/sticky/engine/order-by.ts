/** Sorting by counting: what carries small numbers, in order of these numbers. */
import { at } from './at.ts';

/** Indexes by their number, ascending within each; those numbered -1 are left out. `start` has one more entry for the end. */
export function orderBy(numberOf: Int32Array, count: number): { order: Int32Array; start: Int32Array } {
  const start = new Int32Array(count + 1);
  for (let i = 0; i < numberOf.length; i++) {
    const number = at(numberOf, i);
    if (number !== -1) start[number + 1] = at(start, number + 1) + 1;
  }
  for (let number = 0; number < count; number++) {
    start[number + 1] = at(start, number + 1) + at(start, number);
  }
  const order = new Int32Array(at(start, count));
  const next = start.slice();
  for (let i = 0; i < numberOf.length; i++) {
    const number = at(numberOf, i);
    if (number === -1) continue;
    order[at(next, number)] = i;
    next[number] = at(next, number) + 1;
  }
  return { order, start };
}
