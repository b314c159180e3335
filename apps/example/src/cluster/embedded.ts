/** The demo on an embedded broker: everything inside this process, in real time. */
import { embeddedBroker } from '@kohort/broker-embedded';
import type { OrderRecord } from '../engine/order.ts';
import { type Cluster, PARTITIONS } from './cluster.ts';

const TOPIC = 'orders';
const GROUP = 'billing';

export interface EmbeddedOptions {
  readonly seed: number;
  /** Milliseconds. */
  readonly sessionTimeout: number;
}

/** Starts a broker of three nodes with the demo's topic. */
export function embeddedCluster({ seed, sessionTimeout }: EmbeddedOptions): Cluster {
  const broker = embeddedBroker({
    seed,
    nodes: 3,
    topics: { [TOPIC]: { partitions: PARTITIONS } },
    groupMinSessionTimeout: Math.min(sessionTimeout, 1000),
    latency: { min: 1, max: 3 },
  });
  return {
    label: 'the embedded broker',
    topic: TOPIC,
    groupId: GROUP,
    sessionTimeout,
    transport: () => broker.transport(),
    cut(clientId) {
      broker.faults.freezeClient(clientId); // what it tries to send from now on stays where it is
      broker.faults.disconnect({ clientId });
    },
    async produce(orders: readonly OrderRecord[]) {
      await broker.produce(TOPIC, orders);
    },
    async committed() {
      const offsets = broker.group(GROUP)?.offsets ?? [];
      return new Map(offsets.map(({ partition, offset }) => [partition, offset]));
    },
    close: () => broker.close(),
  };
}
