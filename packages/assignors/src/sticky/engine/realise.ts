/** From numbers back to partitions: who keeps which of its own, and who gets which of the others. */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import type { EngineInput } from './input.ts';
import { keepShares } from './keep-shares.ts';
import type { Table } from './table.ts';

/** Partitions that are looked at between two steps: a millisecond or so. */
const CHUNK = 1 << 16;

/** For each member its flat ids, ascending: parts of one array. */
export type Realised = readonly Int32Array[];

/** A class of partitions, and what its subscribers are to have of it. */
export interface Shares {
  /** Flat ids, ascending. */
  readonly partitions: Int32Array;
  /** Subscribers, ascending. */
  readonly members: Int32Array;
  /** By member how many it holds, and how many it is to have: -1 for one that does not subscribe. */
  readonly held: Int32Array;
  readonly wanted: Int32Array;
}

export function* realise(table: Table, input: EngineInput): Steps<Realised> {
  const { memberAt, cellStart, cellSeat, load } = table;
  const realiser = new Realiser(input, table.flatIds);
  const held = new Int32Array(input.memberCount);
  const wanted = new Int32Array(input.memberCount).fill(-1);
  for (let k = 0; k < table.classCount; k++) {
    const first = at(cellStart, k);
    const members = cellSeat.subarray(first, at(cellStart, k + 1)).map((seat) => at(memberAt, seat));
    for (let i = 0; i < members.length; i++) {
      held[at(members, i)] = at(table.held, first + i);
      wanted[at(members, i)] = at(table.count, first + i);
    }
    yield* realiser.share({ partitions: table.partitions[k] ?? new Int32Array(), members, held, wanted });
    for (let i = 0; i < members.length; i++) wanted[at(members, i)] = -1;
  }
  const loads = new Int32Array(input.memberCount);
  for (let seat = 0; seat < memberAt.length; seat++) loads[at(memberAt, seat)] = at(load, seat);
  return yield* realiser.finish(loads);
}

export class Realiser {
  /** Becomes the result: what is in it is not needed any more once all classes have been shared. */
  readonly flatIds: Int32Array;
  readonly #owner: Int32Array;
  readonly #topicBase: Int32Array;
  /** For each flat id its new owner, -1 for none. */
  readonly #given: Int32Array;

  /** @param flatIds those that have subscribers, and to be overwritten with them */
  constructor({ owner, topicBase }: EngineInput, flatIds: Int32Array) {
    this.flatIds = flatIds;
    this.#owner = owner;
    this.#topicBase = topicBase;
    this.#given = new Int32Array(owner.length).fill(-1);
  }

  *share(shares: Shares): Steps<void> {
    const { partitions } = shares;
    let kept = 0;
    let reduced = 0;
    for (let from = 0; from < partitions.length; from += CHUNK) {
      const end = Math.min(partitions.length, from + CHUNK);
      const found = this.#keepAll(shares, from, end);
      kept += found.kept;
      reduced += found.reduced;
      yield;
    }
    if (reduced > 0) {
      kept += yield* keepShares(shares, this.#owner, this.#topicBase, reduced, this.#given);
      yield;
    }
    if (kept === partitions.length) return;
    const turns = openTurns(shares);
    for (let from = 0; from < partitions.length; from += CHUNK) {
      this.#deal(partitions, from, Math.min(partitions.length, from + CHUNK), turns);
      yield;
    }
  }

  /** Leaves all that they hold to those who give nothing up. `reduced`: how many partitions the others hold. */
  #keepAll({ partitions, held, wanted }: Shares, from: number, end: number) {
    const owner = this.#owner;
    const given = this.#given;
    let kept = 0;
    let reduced = 0;
    for (let i = from; i < end; i++) {
      const p = at(partitions, i);
      const member = at(owner, p);
      if (member === -1) continue;
      const share = at(wanted, member);
      if (share === -1) continue;
      if (share < at(held, member)) {
        reduced++;
        continue;
      }
      given[p] = member;
      kept++;
    }
    return { kept, reduced };
  }

  /** What nobody keeps goes round robin to those with room, both in order. */
  #deal(partitions: Int32Array, from: number, end: number, turns: Turns): void {
    const { open, room } = turns;
    const given = this.#given;
    for (let i = from; i < end; i++) {
      const p = at(partitions, i);
      if (at(given, p) !== -1) continue;
      const turn = turns.turn++;
      const member = at(open, turn);
      given[p] = member;
      const left = at(room, turn) - 1;
      if (left > 0) {
        open[turns.still] = member;
        room[turns.still++] = left;
      }
      if (turns.turn < turns.size) continue;
      turns.size = turns.still;
      turns.turn = 0;
      turns.still = 0;
    }
  }

  /** @param loads how many partitions each member has been given */
  *finish(loads: Int32Array): Steps<Realised> {
    const start = new Int32Array(loads.length + 1);
    for (let m = 0; m < loads.length; m++) start[m + 1] = at(start, m) + at(loads, m);
    const next = start.slice();
    for (let from = 0; from < this.#given.length; from += CHUNK) {
      this.#collect(from, Math.min(this.#given.length, from + CHUNK), next);
      yield;
    }
    return parts(this.flatIds, start);
  }

  #collect(from: number, end: number, next: Int32Array): void {
    const given = this.#given;
    const flatIds = this.flatIds;
    for (let p = from; p < end; p++) {
      const member = at(given, p);
      if (member === -1) continue;
      const place = at(next, member);
      flatIds[place] = p;
      next[member] = place + 1;
    }
  }
}

export function parts(flatIds: Int32Array, start: Int32Array): Realised {
  const members: Int32Array[] = [];
  for (let m = 0; m + 1 < start.length; m++) members.push(flatIds.subarray(at(start, m), at(start, m + 1)));
  return members;
}

/** Who is due in turn, with room for how many: the first `size`, and of those that had their turn the first `still`. */
interface Turns {
  readonly open: Int32Array;
  readonly room: Int32Array;
  size: number;
  turn: number;
  still: number;
}

/** Those who are to have more than they hold: the others have what they keep. */
function openTurns({ members, held, wanted }: Shares): Turns {
  const open = new Int32Array(members.length);
  const room = new Int32Array(members.length);
  let size = 0;
  for (let i = 0; i < members.length; i++) {
    const member = at(members, i);
    const more = at(wanted, member) - at(held, member);
    if (more <= 0) continue;
    open[size] = member;
    room[size++] = more;
  }
  return { open, room, size, turn: 0, still: 0 };
}
