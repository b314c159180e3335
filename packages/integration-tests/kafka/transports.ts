// The transports of the house, each as a user makes it for a cluster.

import type { TransportFactory } from '@kohort/core/spi';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { tcpTransport } from '@kohort/transport-tcp';
import { kafkajsConfig, tcpOptions } from './client-properties.ts';
import type { KafkaCluster } from './cluster.ts';

export const TRANSPORTS = {
  kafkajs: (cluster: KafkaCluster): TransportFactory => kafkajsTransport(kafkajsConfig(cluster)),
  tcp: (cluster: KafkaCluster): TransportFactory => tcpTransport(tcpOptions(cluster)),
} as const;
