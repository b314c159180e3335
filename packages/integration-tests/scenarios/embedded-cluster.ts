/** The half of a backend that all embedded brokers share: topics, records, questions. */
import { type EmbeddedBroker, type EmbeddedBrokerOptions, embeddedBroker } from '@kohort/broker-embedded';
import type { Clock } from '@kohort/core/spi';
import type { Backend, BackendSetup } from './backend.ts';

export function startEmbedded(
  setup: BackendSetup,
  clock: Clock | undefined,
  more: EmbeddedBrokerOptions = {},
) {
  const { nodes = 1, versions = 'kafka-3.9', initialRebalanceDelay = 0 } = setup;
  return embeddedBroker({
    nodes,
    versions,
    groupInitialRebalanceDelay: initialRebalanceDelay,
    ...(clock === undefined ? {} : { clock }),
    ...more,
  });
}

type Cluster = Pick<
  Backend,
  | 'embedded'
  | 'createTopic'
  | 'addPartitions'
  | 'deleteTopic'
  | 'produce'
  | 'committed'
  | 'group'
  | 'stopBroker'
  | 'startBroker'
>;

export function embeddedCluster(broker: EmbeddedBroker): Cluster {
  return {
    embedded: broker,
    createTopic: (topic, partitions) => broker.createTopic(topic, { partitions }),
    addPartitions: (topic, total) => broker.addPartitions(topic, total),
    deleteTopic: (topic) => broker.deleteTopic(topic),
    produce: (topic, records, { compression = 'none', transaction } = {}) => {
      if (compression !== 'none' && compression !== 'gzip')
        throw new Error(`the embedded broker does not write ${compression}`);
      return broker.produce(topic, records, {
        compression,
        ...(transaction === undefined ? {} : { transaction }),
      });
    },
    committed: async (groupId, topic) => {
      const offsets = broker.group(groupId)?.offsets ?? [];
      return new Map(
        offsets
          .filter((stored) => stored.topic === topic)
          .map(({ partition, offset }) => [partition, offset]),
      );
    },
    group: async (groupId) => {
      const group = broker.group(groupId);
      return {
        state: group?.state ?? 'Dead',
        members: group?.members.length ?? 0,
        protocol: group?.protocolName ?? '',
      };
    },
    stopBroker: (index = 0) => broker.faults.stopNode(index),
    startBroker: (index = 0) => broker.faults.startNode(index),
  };
}
