/** Kafka's sticky assignors (KIP-54, KIP-429), exact: no plan is better balanced, and none as balanced moves less. */
import {
  type Assignor,
  type AssignorContext,
  defineAssignor,
  runSliced,
  systemClock,
} from '@kohort/core/spi';
import { ownersBySubscription, ownersByUserData } from './owners.ts';
import { planSteps } from './plan.ts';
import type { RackPolicy } from './racks.ts';
import { readStickyUserData, writeGeneration, writeOwned } from './user-data.ts';

export interface StickyOptions {
  /**
   * Whether members with a rack get partitions from it, where balance allows. Comes before stickiness, as in Kafka
   * (KIP-881): switched on, it moves at the next rebalance what lies in foreign racks. `leader` for consumers that fetch
   * from leaders, which is the default of brokers; `replicas` where brokers have a rack-aware `replica.selector.class`
   * (KIP-392). Default: `off`.
   */
  readonly racks?: RackPolicy | 'off';
}

/**
 * As balanced as subscriptions allow, and of all such plans one with the fewest moves. Members say what they owned in
 * their user data, compatible with Java's `StickyAssignor`. Eager: everybody gives up everything in a rebalance, and
 * gets most of it back.
 */
export function sticky({ racks = 'off' }: StickyOptions = {}): Assignor {
  return defineAssignor({
    name: 'sticky',
    protocols: ['eager'],
    userData: { write: writeOwned, read: readStickyUserData },
    assign: (problem, context) => runSliced(planSteps(problem, ownersByUserData, racks), slices(context)),
  });
}

/**
 * The plans of `sticky` for groups that rebalance cooperatively: members keep what they own, and say so in their
 * subscription. Compatible with Java's `CooperativeStickyAssignor`. Where the group runs eagerly, nobody owns anything
 * in a rebalance and the plan is balanced but not sticky, as in Java.
 */
export function cooperativeSticky({ racks = 'off' }: StickyOptions = {}): Assignor {
  return defineAssignor({
    name: 'cooperative-sticky',
    protocols: ['cooperative', 'eager'],
    userData: { write: writeGeneration, read: readStickyUserData },
    assign: (problem, context) => runSliced(planSteps(problem, ownersBySubscription, racks), slices(context)),
  });
}

function slices({ clock = systemClock, signal, deadlineMs }: AssignorContext) {
  return { clock, signal, deadlineMs };
}
