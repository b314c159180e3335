// What a client needs to get into a test cluster, for kafkajs and for Java.

import type { KafkaConfig } from 'kafkajs';
import { logLevel } from 'kafkajs';
import type { KafkaCluster } from './cluster.ts';
import { SASL_USERS, type SaslUser } from './security.ts';

/** Configuration of kafkajs for a cluster; `user` matters only with `sasl-plain`. */
export function kafkajsConfig(cluster: KafkaCluster, user: SaslUser = 'admin'): KafkaConfig {
  return {
    clientId: 'kohort-tests',
    brokers: [...cluster.bootstrap],
    logLevel: logLevel.NOTHING,
    ...(cluster.trust === undefined ? {} : { ssl: { ca: [cluster.trust.ca] } }),
    ...(cluster.security === 'sasl-plain'
      ? { sasl: { mechanism: 'plain', username: user, password: SASL_USERS[user] } }
      : {}),
  };
}

/** Properties of kafka-clients for a cluster. */
export function javaProperties(cluster: KafkaCluster, user: SaslUser = 'admin'): Record<string, string> {
  if (cluster.security === 'sasl-plain') {
    return {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required username="${user}" password="${SASL_USERS[user]}";`,
    };
  }
  if (cluster.trust === undefined) return {};
  return {
    'security.protocol': 'SSL',
    'ssl.truststore.type': 'PKCS12',
    'ssl.truststore.location': cluster.trust.truststoreFile,
    'ssl.truststore.password': cluster.trust.truststorePassword,
  };
}
