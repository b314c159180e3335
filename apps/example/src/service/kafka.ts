/** How the service reaches Kafka: the same settings for the group and for the producer of dead letters. */
import { type KafkaConfig, logLevel } from 'kafkajs';
import type { Config } from './config.ts';

export function kafkaConfig({ brokers, ssl, credentials, clientId }: Config): KafkaConfig {
  return {
    clientId,
    brokers: [...brokers],
    logLevel: logLevel.NOTHING, // failures are logged where they are handled
    ssl,
    ...(credentials === null ? {} : { sasl: { mechanism: 'scram-sha-512', ...credentials } }),
  };
}
