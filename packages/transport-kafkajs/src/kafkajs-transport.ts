/** The transport factory over kafkajs. */
import { type CompressionCodec, ErrorCode, KohortError, type TransportFactory } from '@kohort/core/spi';
import { createProtocolTransport } from '@kohort/protocol';
import type { Kafka, KafkaConfig } from 'kafkajs';
import { captureCluster } from './capture-cluster.ts';
import { KafkajsWire } from './kafkajs-wire.ts';

export interface KafkajsTransportOptions {
  /** Codecs to use in place of the built-in gzip, snappy, lz4 and zstd. kafkajs' own are not used. */
  readonly codecs?: readonly CompressionCodec[];
  /** Whether the CRC of each record batch is checked. Default true. */
  readonly checkCrcs?: boolean;
  /**
   * Bytes that the records of one batch may take after decompression. Default 268,435,456 (256 MiB). A larger batch is not
   * read: its partition waits, and `partition.error` says why.
   */
  readonly maxDecompressedBytes?: number;
}

const OPTIONS: ReadonlySet<string> = new Set([
  'codecs',
  'checkCrcs',
  'maxDecompressedBytes',
] satisfies (keyof KafkajsTransportOptions)[]);

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
  checkNames(options);
  return createProtocolTransport({
    name: 'kafkajs',
    wire: (context) => new KafkajsWire(cluster, context),
    ...options,
  });
}

/** A misspelt bound would be no bound. */
function checkNames(options: KafkajsTransportOptions): void {
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name));
  if (unknown === undefined) return;
  throw new KohortError(
    ErrorCode.config,
    `kafkajsTransport: unknown option \`${unknown}\`; there are ${[...OPTIONS].join(', ')}. What kafkajs takes goes into the first argument.`,
  );
}
