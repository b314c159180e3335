/** From numbers back to partitions: who keeps which of its own, and who gets which of the others. */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import type { EngineInput } from './input.ts';
import { orderBy } from './order-by.ts';
import type { Table } from './table.ts';

/** Partitions that are looked at between two steps: a millisecond or so. */
const CHUNK = 1 << 16;

/** How finely places within a topic are told apart, at most. */
const PLACES = 1 << 12;

/** For each flat id its new owner; -1 only where nobody subscribes. */
export function* realise(table: Table, input: EngineInput): Steps<Int32Array> {
  const realiser = new Realiser(table, input);
  for (let k = 0; k < table.classCount; k++) {
    const partitions = table.partitions[k] ?? new Int32Array();
    realiser.enter(k);
    let kept = 0;
    let reduced = 0;
    for (let from = 0; from < partitions.length; from += CHUNK) {
      const found = realiser.keepAll(partitions.subarray(from, from + CHUNK));
      kept += found.kept;
      reduced += found.reduced;
      yield;
    }
    if (reduced > 0) {
      kept += yield* realiser.keepSome(k, partitions, reduced);
      yield;
    }
    if (kept < partitions.length) {
      const turns = realiser.turns(k);
      for (let from = 0; from < partitions.length; from += CHUNK) {
        realiser.deal(partitions.subarray(from, from + CHUNK), turns);
        yield;
      }
    }
    realiser.leave(k);
  }
  return realiser.given;
}

/** Who is due in turn: the first `size` of `open`, and of those that had their turn the first `still`. */
interface Turns {
  readonly open: Int32Array;
  size: number;
  turn: number;
  still: number;
}

class Realiser {
  readonly given: Int32Array;
  readonly #table: Table;
  readonly #owner: Int32Array;
  readonly #topicBase: Int32Array;
  /** Cell of each member in the present class, -1 for none. */
  readonly #cellOf: Int32Array;
  /** How many partitions each cell still gets. */
  readonly #room: Int32Array;

  constructor(table: Table, { memberCount, owner, topicBase }: EngineInput) {
    this.#table = table;
    this.#owner = owner;
    this.#topicBase = topicBase;
    this.#cellOf = new Int32Array(memberCount).fill(-1);
    this.#room = table.count.slice();
    this.given = new Int32Array(owner.length).fill(-1);
  }

  enter(k: number): void {
    const { cellStart, cellSeat, memberAt } = this.#table;
    for (let cell = at(cellStart, k); cell < at(cellStart, k + 1); cell++) {
      this.#cellOf[at(memberAt, at(cellSeat, cell))] = cell;
    }
  }

  /** Leaves all that they hold to those who give nothing up. `reduced`: how many partitions the others hold. */
  keepAll(partitions: Int32Array): { readonly kept: number; readonly reduced: number } {
    const { held, count } = this.#table;
    let kept = 0;
    let reduced = 0;
    for (let i = 0; i < partitions.length; i++) {
      const p = at(partitions, i);
      const cell = this.#ownersCell(p);
      if (cell === -1) continue;
      if (at(count, cell) < at(held, cell)) {
        reduced++;
        continue;
      }
      this.#give(p, cell);
      kept++;
    }
    return { kept, reduced };
  }

  /**
   * Who gives something up keeps the same share of each topic, lowest numbers first, so that neither what it keeps nor
   * what others get of it is a few topics only (KAFKA-16277). Returns how many are kept.
   */
  *keepSome(k: number, partitions: Int32Array, reduced: number): Steps<number> {
    const places = Math.min(PLACES, 4 * reduced);
    const candidates = new Int32Array(reduced);
    const ranks = new Int32Array(reduced);
    // Of the present topic, for each cell: how many it holds, then how many of them have had their rank.
    const first = at(this.#table.cellStart, k);
    const holds = new Int32Array(at(this.#table.cellStart, k + 1) - first);
    const ranked = new Int32Array(holds.length);
    let size = 0;
    let topic = 0;
    for (let from = 0; from < partitions.length; ) {
      while (at(this.#topicBase, topic + 1) <= at(partitions, from)) topic++;
      let end = from;
      const began = size;
      for (; end < partitions.length && at(partitions, end) < at(this.#topicBase, topic + 1); end++) {
        const cell = this.#reducedCell(at(partitions, end)) - first;
        if (cell < 0) continue;
        candidates[size++] = at(partitions, end);
        holds[cell] = at(holds, cell) + 1;
      }
      for (let i = began; i < size; i++) {
        const cell = this.#ownersCell(at(candidates, i)) - first;
        ranks[i] = Math.floor(((at(ranked, cell) + 0.5) / at(holds, cell)) * places);
        ranked[cell] = at(ranked, cell) + 1;
      }
      for (let i = began; i < size; i++) {
        const cell = this.#ownersCell(at(candidates, i)) - first;
        holds[cell] = 0;
        ranked[cell] = 0;
      }
      if (Math.floor(end / CHUNK) > Math.floor(from / CHUNK)) yield;
      from = end;
    }
    const { order } = orderBy(ranks, places);
    yield;
    let kept = 0;
    for (let i = 0; i < size; i++) {
      const p = at(candidates, at(order, i));
      const cell = this.#ownersCell(p);
      if (at(this.#room, cell) === 0) continue;
      this.#give(p, cell);
      kept++;
      if (i % CHUNK === CHUNK - 1) yield;
    }
    return kept;
  }

  /** The cells of a class with room, in order. */
  turns(k: number): Turns {
    const { cellStart } = this.#table;
    const first = at(cellStart, k);
    const open = new Int32Array(at(cellStart, k + 1) - first);
    let size = 0;
    for (let cell = first; cell < at(cellStart, k + 1); cell++) {
      if (at(this.#room, cell) > 0) open[size++] = cell;
    }
    return { open, size, turn: 0, still: 0 };
  }

  /** What nobody keeps goes round robin to those with room, both in order. */
  deal(partitions: Int32Array, turns: Turns): void {
    const { open } = turns;
    for (let i = 0; i < partitions.length; i++) {
      const p = at(partitions, i);
      if (at(this.given, p) !== -1) continue;
      const cell = at(open, turns.turn++);
      this.#give(p, cell);
      if (at(this.#room, cell) > 0) open[turns.still++] = cell;
      if (turns.turn < turns.size) continue;
      turns.size = turns.still;
      turns.turn = 0;
      turns.still = 0;
    }
  }

  leave(k: number): void {
    const { cellStart, cellSeat, memberAt } = this.#table;
    for (let cell = at(cellStart, k); cell < at(cellStart, k + 1); cell++) {
      this.#cellOf[at(memberAt, at(cellSeat, cell))] = -1;
    }
  }

  #ownersCell(p: number): number {
    const member = at(this.#owner, p);
    return member === -1 ? -1 : at(this.#cellOf, member);
  }

  /** The owner's cell where it gives something up, else -1. */
  #reducedCell(p: number): number {
    const { held, count } = this.#table;
    const cell = this.#ownersCell(p);
    return cell !== -1 && at(count, cell) < at(held, cell) ? cell : -1;
  }

  #give(p: number, cell: number): void {
    this.given[p] = at(this.#table.memberAt, at(this.#table.cellSeat, cell));
    this.#room[cell] = at(this.#room, cell) - 1;
  }
}
