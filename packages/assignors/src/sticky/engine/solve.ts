/**
 * The engine behind the sticky assignors. In this order: the best possible balance, then, where racks count, the fewest
 * partitions in foreign racks, then the fewest moves. It takes as long as it takes, and can be interrupted at every
 * `yield`; the answer depends on the input alone.
 */

import type { Steps } from '@kohort/core/spi';
import { balance, ChainSearch } from './balance.ts';
import { isCertainlyMinimal } from './certificate.ts';
import { isEven, shareEvenly } from './even.ts';
import type { EngineInput } from './input.ts';
import { type Realised, realise } from './realise.ts';
import { repair } from './repair.ts';
import { start } from './start.ts';
import { buildTable } from './table.ts';
import { isUniform, solveUniform } from './uniform.ts';

export interface Solution {
  /** For each member its flat ids, ascending: all that have subscribers. */
  readonly partitions: Realised;
  /** Work done: chains shifted for balance, and round trips cancelled for fewer moves. */
  readonly shifts: number;
  readonly cancelled: number;
}

export function* solve(input: EngineInput): Steps<Solution> {
  if (isUniform(input)) return { partitions: yield* solveUniform(input), shifts: 0, cancelled: 0 };
  return yield* solveAny(input);
}

/** By way of the table, which serves any group. */
export function* solveAny(input: EngineInput): Steps<Solution> {
  const table = yield* buildTable(input);
  const uneven = table.components.filter((component) => !isEven(table, component));
  for (const component of table.components) {
    if (isEven(table, component)) shareEvenly(table, component);
  }
  yield;
  let shifts = 0;
  let cancelled = 0;
  if (uneven.length > 0) {
    const search = new ChainSearch(table);
    for (const component of uneven) {
      yield* start(table, component);
      shifts += yield* balance(search, component);
    }
    const doubtful = uneven.filter((component) => !isCertainlyMinimal(table, component));
    if (doubtful.length > 0) cancelled = yield* repair(table, doubtful);
  }
  return { partitions: yield* realise(table, input), shifts, cancelled };
}
