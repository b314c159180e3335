/** Kafka's round-robin assignor, the default of Kohort. */
import type { Assignor } from '../contracts/assignor.ts';
import { deal } from './deal.ts';
import { defineAssignor } from './define-assignor.ts';
import { planBuilder } from './plan-builder.ts';

export interface RoundRobinOptions {
  /** Name on the wire. `RoundRobinAssigner` joins groups of kafkajs members, who use that name. Default: `roundrobin`. */
  readonly as?: string;
}

/**
 * Deals partitions to subscribers in turn, exactly as Java's `RoundRobinAssignor`: members of a group that mixes
 * clients must come to the same plan, whoever leads. Even only where all members subscribe to the same topics. Eager.
 */
export function roundRobin({ as = 'roundrobin' }: RoundRobinOptions = {}): Assignor {
  return defineAssignor({
    name: as,
    protocols: ['eager'],
    assign(problem) {
      const builder = planBuilder(problem);
      deal(problem, builder);
      return builder.build();
    },
  });
}
