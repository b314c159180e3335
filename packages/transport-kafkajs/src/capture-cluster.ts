/** From what a user has (a Kafka instance, or the object it is made of) to kafkajs' cluster object. */
import { ErrorCode, KohortError } from '@kohort/core/spi';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { type Cluster, checkCluster } from './kafkajs-internals.ts';

/**
 * The cluster of a kafkajs consumer that never connects: kafkajs hands it to each partition assigner as it makes the
 * consumer. It holds the user's connection settings, and opens nothing by itself.
 * @throws KohortError for settings that cannot work, or a kafkajs that is not known
 */
export function captureCluster(kafkaOrConfig: Kafka | KafkaConfig): Cluster {
  const kafka = isKafka(kafkaOrConfig) ? kafkaOrConfig : new Kafka(quietly(checkConfig(kafkaOrConfig)));
  let cluster: unknown;
  kafka.consumer({
    groupId: 'kohort',
    partitionAssigners: [
      (hook) => {
        cluster = hook.cluster;
        return {
          name: 'kohort',
          version: 0,
          assign: async () => [],
          protocol: () => ({ name: 'kohort', metadata: Buffer.alloc(0) }),
        };
      },
    ],
  });
  return checkCluster(cluster);
}

/** By shape, not by class: an application may have a copy of kafkajs of its own. */
function isKafka(value: Kafka | KafkaConfig): value is Kafka {
  return (
    typeof value === 'object' && value !== null && 'consumer' in value && typeof value.consumer === 'function'
  );
}

/** What kafkajs would log is thrown as a TransportError anyway; who wants its log asks for it. */
function quietly(config: KafkaConfig): KafkaConfig {
  if (config.logLevel !== undefined || config.logCreator !== undefined) return config;
  return { ...config, logLevel: logLevel.NOTHING };
}

function checkConfig(config: KafkaConfig): KafkaConfig {
  if (typeof config !== 'object' || config === null) {
    throw wrong(
      `expected a Kafka instance or its config object, got ${config === null ? 'null' : typeof config}`,
    );
  }
  const { brokers } = config;
  if (typeof brokers === 'function') return config;
  if (!Array.isArray(brokers) || brokers.length === 0) {
    throw wrong(
      "`brokers` must be a list of 'host:port' with at least one entry, or a function that returns one",
    );
  }
  for (const broker of brokers) {
    if (!isAddress(broker)) throw wrong(`\`brokers\` has ${JSON.stringify(broker)}, expected 'host:port'`);
  }
  return config;
}

/** kafkajs splits at the first colon, so an IPv6 address cannot be written down there. */
function isAddress(broker: unknown): boolean {
  const parts = typeof broker === 'string' ? /^([^:/\s]+):(\d{1,5})$/.exec(broker) : null;
  const port = Number(parts?.[2]);
  return port >= 1 && port <= 65_535;
}

function wrong(message: string): KohortError {
  return new KohortError(ErrorCode.config, `kafkajsTransport: ${message}.`);
}
