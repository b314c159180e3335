// The cluster that KOHORT_BROKERS names: somebody else's, so nothing here starts, stops or disturbs it.

import type { KafkaBroker } from './broker.ts';
import type { KafkaCluster } from './cluster.ts';
import type { KafkaSecurity } from './security.ts';

/** Why a test that handles brokers cannot run against this cluster; undefined when it can. */
export function brokerControlMissing(cluster: Pick<KafkaCluster, 'kind'>): string | undefined {
  return cluster.kind === 'foreign'
    ? 'brokers named by KOHORT_BROKERS cannot be stopped or restarted'
    : undefined;
}

/** @throws Error for anything but a plaintext cluster: only its owner knows its users and certificates. */
export function foreignCluster(addresses: readonly string[], security: KafkaSecurity): KafkaCluster {
  if (security !== 'plaintext') {
    throw new Error(`a '${security}' cluster cannot be had from KOHORT_BROKERS; unset it to run these tests`);
  }
  const brokers = addresses.map(foreignBroker);
  return {
    kind: 'foreign',
    version: undefined,
    security,
    bootstrap: addresses,
    brokers,
    internal: brokers.map(({ host, port }) => ({ host, port })),
    logs: async () => '(the logs of a foreign cluster are not available)',
    stop: async () => {},
  };
}

function foreignBroker(address: string, index: number): KafkaBroker {
  const at = address.lastIndexOf(':');
  const refuse = () => new Error(`${brokerControlMissing({ kind: 'foreign' })}: ${address}`);
  return {
    id: index,
    host: address.slice(0, at),
    port: Number(address.slice(at + 1)),
    pid: undefined,
    stop: () => Promise.reject(refuse()),
    kill: () => Promise.reject(refuse()),
    pause: () => {
      throw refuse();
    },
    resume: () => {
      throw refuse();
    },
    restart: () => Promise.reject(refuse()),
  };
}
