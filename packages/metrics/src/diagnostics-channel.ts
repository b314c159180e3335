/**
 * Events on Node's diagnostics channels, where tools of the whole process listen: `kohort:EVENT` for each event, and
 * tracing channels for rebalances and handlers.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import { createConsumerGroup } from '@kohort/core';
 * import { diagnosticsChannel, tracedByChannel } from '@kohort/metrics/diagnostics-channel';
 * import { kafkajsTransport } from '@kohort/transport-kafkajs';
 *
 * subscribe('kohort:partitions.lost', (event) => console.warn(event)); // anywhere in the process
 *
 * const group = createConsumerGroup({
 *   groupId: 'billing',
 *   topics: ['orders'],
 *   transport: kafkajsTransport({ brokers: ['localhost:9092'] }),
 *   hooks: [diagnosticsChannel()],
 * });
 * const eachRecord = async () => {};
 * await group.run(tracedByChannel({ eachRecord }, { groupId: 'billing' }));
 * ```
 *
 * @packageDocumentation
 */
import { channel, tracingChannel } from 'node:diagnostics_channel';
import {
  type EventName,
  type EventOf,
  HOOK_CONTRACT_VERSION,
  type Hook,
  type KohortEvent,
} from '@kohort/core/spi';

export {
  type ProcessMessage,
  type TracedByChannelOptions,
  tracedByChannel,
} from './diagnostics-channel/traced-by-channel.ts';

export interface DiagnosticsChannelOptions {
  /** Only these are published, and others need not be computed. Default: all. */
  readonly events?: readonly EventName[];
}

/** What the tracing channels `tracing:kohort:rebalance:*` carry: one object from start to end. */
export interface RebalanceMessage {
  readonly start: EventOf<'rebalance.start'>;
  /** From `asyncStart` on. */
  result?: EventOf<'rebalance.end'>;
  /** Of a rebalance that was abandoned. */
  error?: Error;
}

/**
 * A hook that publishes events. A subscriber that throws does not reach the group: Node raises what it threw as an
 * `uncaughtException`, as for every diagnostics channel, and that ends a process without a handler for it.
 */
export function diagnosticsChannel({ events }: DiagnosticsChannelOptions = {}): Hook {
  const rebalances = new RebalanceTraces();
  return {
    name: 'diagnostics-channel',
    contractVersion: HOOK_CONTRACT_VERSION,
    ...(events ? { events } : {}),
    onEvent(event) {
      channel(`kohort:${event.type}`).publish(event);
      rebalances.follow(event);
    },
  };
}

class RebalanceTraces {
  readonly #channels = tracingChannel<unknown, RebalanceMessage>('kohort:rebalance');
  /** The rebalance that is under way, by member. */
  readonly #running = new Map<string, RebalanceMessage>();

  follow(event: KohortEvent): void {
    if (event.type === 'rebalance.start') this.#start(event);
    else if (event.type === 'rebalance.end') this.#end(event);
    else if (event.type === 'close.end') this.#running.delete(memberKey(event));
  }

  #start(start: EventOf<'rebalance.start'>): void {
    const message: RebalanceMessage = { start };
    this.#running.set(memberKey(start), message);
    this.#channels.start.publish(message);
    this.#channels.end.publish(message);
  }

  #end(result: EventOf<'rebalance.end'>): void {
    const message = this.#running.get(memberKey(result));
    if (!message) return;
    this.#running.delete(memberKey(result));
    message.result = result;
    if (result.outcome === 'abandoned') {
      message.error = new Error(`the rebalance was abandoned (${result.trigger})`);
      this.#channels.error.publish(message);
    }
    this.#channels.asyncStart.publish(message);
    this.#channels.asyncEnd.publish(message);
  }
}

function memberKey({ groupId, clientId }: KohortEvent): string {
  return JSON.stringify([groupId, clientId]);
}
