/** The table of a group in which all subscribe to everything, as most do: it needs no search for classes. */
import { at } from './at.ts';
import type { EngineInput } from './input.ts';
import type { Table } from './table.ts';

/** Whether all members subscribe to all topics, and racks play no part. */
export function isUniform({ memberTopics, topicBase, racks }: EngineInput): boolean {
  const topicCount = topicBase.length - 1;
  return racks === undefined && topicCount > 0 && memberTopics.every(({ length }) => length === topicCount);
}

/** What `buildTable` comes to for such a group: one class, and seats and cells numbered as members are. */
export function uniformTable({ memberCount, owner }: EngineInput): Table {
  const members = ascending(memberCount);
  const zeros = new Int32Array(memberCount);
  const held = new Int32Array(memberCount);
  for (let p = 0; p < owner.length; p++) {
    const member = at(owner, p);
    if (member !== -1) held[member] = at(held, member) + 1;
  }
  return {
    seatCount: memberCount,
    classCount: 1,
    memberAt: members,
    partitions: [ascending(owner.length)],
    cellStart: Int32Array.of(0, memberCount),
    cellSeat: members,
    cellClass: zeros,
    seatStart: ascending(memberCount + 1),
    seatCells: members,
    held,
    count: held.slice(),
    off: zeros,
    load: new Int32Array(memberCount),
    components: [{ firstSeat: 0, endSeat: memberCount, firstClass: 0, endClass: 1 }],
  };
}

function ascending(length: number): Int32Array {
  const numbers = new Int32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = i;
  return numbers;
}
