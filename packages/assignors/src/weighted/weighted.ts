/** Partitions by weight, members by capacity. */
import {
  type Assignor,
  defineAssignor,
  ErrorCode,
  KohortError,
  runSliced,
  systemClock,
} from '@kohort/core/spi';
import { planByWeight } from './plan.ts';
import { isCapacity, readWeights, writeWeights } from './user-data.ts';

export interface WeightedOptions {
  /** What this member can take, compared with the others: 2 for twice as much as 1. From 1e-6 to 1e6. Default: 1. */
  readonly capacity?: number;
  /**
   * What each partition of a topic weighs, in any unit that all members share, such as records or bytes in a second.
   * Asked whenever this member joins, and has to answer at once, from what is known. Two digits count, and of several
   * members' answers the highest. Default: all weigh the same.
   */
  readonly weightOf?: (topic: string) => number;
  /** By how much loads may differ from an equal share before anything moves, as a part of it. From 0 to 1. Default: 0.1. */
  readonly tolerance?: number;
}

/**
 * Loads in proportion to capacity, as far as whole partitions allow, and few moves: members keep what they have while loads
 * are within the tolerance. A heuristic: the best plan by weight cannot be computed in reasonable time. Where all subscribe
 * to the same topics, no load for a unit of capacity is above the greater of two: an equal share with the tolerance, and
 * an equal share with one heaviest partition for the smallest capacity. Cooperative or eager; named `kohort-weighted`.
 *
 * @throws KohortError `KOHORT_CONFIG` for numbers that cannot be used
 */
export function weighted({
  capacity = 1,
  weightOf = () => 1,
  tolerance = 0.1,
}: WeightedOptions = {}): Assignor {
  if (!isCapacity(capacity)) refuse(`capacity is ${capacity}; accepted is a number from 1e-6 to 1e6`);
  if (!(tolerance >= 0 && tolerance <= 1))
    refuse(`tolerance is ${tolerance}; accepted is a number from 0 to 1`);
  return defineAssignor({
    name: 'kohort-weighted',
    protocols: ['cooperative', 'eager'],
    userData: { write: ({ topics }) => writeWeights(topics, capacity, weightOf), read: readWeights },
    assign: (problem, { clock = systemClock, signal, deadlineMs }) =>
      runSliced(planByWeight(problem, tolerance), { clock, signal, deadlineMs }),
  });
}

function refuse(what: string): never {
  throw new KohortError(ErrorCode.config, `weighted: ${what}.`);
}
