/** An assignor for Kohort: gives each partition to the subscriber that has the fewest so far. */
import { type Assignor, defineAssignor, planBuilder } from '@kohort/core/spi';

/**
 * One instance belongs to one group.
 *
 * @example
 * createConsumerGroup({ …, assignors: [examplePlugin()] });
 */
export function examplePlugin(): Assignor {
  return defineAssignor({
    name: 'kohort-plugin-example', // goes over the wire: all members of a group must offer it
    protocols: ['cooperative', 'eager'],
    assign(problem) {
      const plan = planBuilder(problem);
      const loads = problem.members.map(() => 0);
      const loadOf = (member: number) => loads[member] ?? 0;
      for (const [t, topic] of problem.topics.entries()) {
        const subscribers = problem.members.flatMap(({ topics }, m) => (topics.includes(t) ? [m] : []));
        for (let flatId = topic.base; flatId < topic.base + topic.partitionCount; flatId++) {
          const chosen = subscribers.reduce((a, b) => (loadOf(b) < loadOf(a) ? b : a));
          plan.give(chosen, flatId);
          loads[chosen] = loadOf(chosen) + 1;
        }
      }
      return plan.build();
    },
  });
}
