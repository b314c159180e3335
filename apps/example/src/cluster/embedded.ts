/** The demo on an embedded broker: everything inside this process, in real time. */
import { type EmbeddedBroker, embeddedBroker } from '@kohort/broker-embedded';
import type { OrderRecord } from '../engine/order.ts';
import { type Cluster, type ClusterFaults, PARTITIONS } from './cluster.ts';

const TOPIC = 'orders';
const GROUP = 'billing';
const NODES = [0, 1, 2];

/** Milliseconds that a restart takes: a part of the shortest session, so that it is no rebalance. */
const RESTART_TAKES = 800;

export interface EmbeddedOptions {
  readonly seed: number;
  /** Milliseconds. */
  readonly sessionTimeout: number;
}

/** Starts a broker of three nodes with the demo's topic. */
export function embeddedCluster({ seed, sessionTimeout }: EmbeddedOptions): Cluster {
  const broker = embeddedBroker({
    seed,
    nodes: NODES.length,
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
      if (broker.coordinatorOf(GROUP) < 0) throw new Error('no broker runs');
      const offsets = broker.group(GROUP)?.offsets ?? [];
      return new Map(offsets.map(({ partition, offset }) => [partition, offset]));
    },
    faults: faultsOf(broker),
    close: () => broker.close(),
  };
}

function faultsOf(broker: EmbeddedBroker): ClusterFaults {
  let isRestarting = false;
  return {
    freeze: (clientId) => broker.faults.freezeClient(clientId),
    moveCoordinator: () => broker.faults.moveCoordinator(GROUP),
    async restart() {
      if (isRestarting) throw new Error('the broker is restarting already');
      isRestarting = true;
      for (const node of NODES) await broker.faults.stopNode(node);
      await new Promise((resolve) => setTimeout(resolve, RESTART_TAKES));
      for (const node of NODES) await broker.faults.startNode(node);
      isRestarting = false;
    },
    grow: (partitions) => broker.addPartitions(TOPIC, partitions),
  };
}
