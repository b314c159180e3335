/** The transport factory over kafkajs. */
import type { CompressionCodec, TransportFactory } from '@kohort/core/spi';
import { createProtocolTransport } from '@kohort/protocol';
import type { Kafka, KafkaConfig } from 'kafkajs';
import { captureCluster } from './capture-cluster.ts';
import { KafkajsWire } from './kafkajs-wire.ts';

export interface KafkajsTransportOptions {
  /** Codecs to use in place of the built-in gzip, snappy, lz4 and zstd. kafkajs' own are not used. */
  readonly codecs?: readonly CompressionCodec[];
  /** Whether the CRC of each record batch is checked. Default true. */
  readonly checkCrcs?: boolean;
}

/**
 * Carries a group over connections of kafkajs: its sockets, TLS, SASL and connection settings, and nothing else of it.
 *
 * @param kafkaOrConfig a `Kafka` instance that the application already has, or the object that one is made of. kafkajs made
 * from a config object logs nothing unless it says `logLevel` or `logCreator`.
 * @throws KohortError `KOHORT_CONFIG` for settings that cannot work, or a kafkajs that is not known
 */
export function kafkajsTransport(
  kafkaOrConfig: Kafka | KafkaConfig,
  options: KafkajsTransportOptions = {},
): TransportFactory {
  const cluster = captureCluster(kafkaOrConfig);
  return createProtocolTransport({
    name: 'kafkajs',
    wire: (context) => new KafkajsWire(cluster, context),
    ...options,
  });
}
