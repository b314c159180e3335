/** A cheap proof that a balanced component needs no repair, which most have. */
import { at } from './at.ts';
import { type Component, isOff, type Table } from './table.ts';

/**
 * True where moves are certainly minimal: racks play no part, no member gets more than it holds in one cell and less
 * in another, and no member that gives something up ends one below a member that gets something. False proves nothing.
 */
export function isCertainlyMinimal(table: Table, component: Component): boolean {
  const giverLoads = new Set<number>();
  const takerLoads = new Set<number>();
  for (let seat = component.firstSeat; seat < component.endSeat; seat++) {
    const { gives, takes, offRack } = changesOf(table, seat);
    if (offRack || (gives && takes)) return false;
    if (gives) giverLoads.add(at(table.load, seat));
    if (takes) takerLoads.add(at(table.load, seat));
  }
  return [...giverLoads].every((load) => !takerLoads.has(load + 1));
}

/** What happens to a seat anywhere among its cells. */
function changesOf(table: Table, seat: number) {
  const { seatStart, seatCells, held, count } = table;
  let gives = false;
  let takes = false;
  let offRack = false;
  for (let j = at(seatStart, seat); j < at(seatStart, seat + 1); j++) {
    const cell = at(seatCells, j);
    gives ||= at(count, cell) < at(held, cell);
    takes ||= at(count, cell) > at(held, cell);
    offRack ||= isOff(table, cell);
  }
  return { gives, takes, offRack };
}
