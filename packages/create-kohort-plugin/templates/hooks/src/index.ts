/** A hook for Kohort: counts rebalances by what made them begin. */
import { type EventOf, HOOK_CONTRACT_VERSION, type Hook } from '@kohort/core/spi';

export interface ExamplePluginHook extends Hook {
  /** How many rebalances have ended, by trigger. */
  readonly counts: ReadonlyMap<EventOf<'rebalance.end'>['trigger'], number>;
}

/**
 * @example
 * createConsumerGroup({ …, hooks: [examplePlugin()] });
 */
export function examplePlugin(): ExamplePluginHook {
  const counts = new Map<EventOf<'rebalance.end'>['trigger'], number>();
  return {
    name: 'kohort-plugin-example',
    contractVersion: HOOK_CONTRACT_VERSION,
    events: ['rebalance.end'], // the others need not be computed
    onEvent(event) {
      if (event.type === 'rebalance.end') counts.set(event.trigger, (counts.get(event.trigger) ?? 0) + 1);
    },
    counts,
  };
}
