// What a client needs to get into a test cluster, for each kind of client.

import type { TcpTransportOptions } from '@kohort/transport-tcp';
import type { KafkaConfig } from 'kafkajs';
import { logLevel } from 'kafkajs';
import type { KafkaCluster } from './cluster.ts';
import { SASL_USERS, type SaslUser, usesSasl } from './security.ts';

/** Configuration of kafkajs for a cluster; `user` matters only with `sasl-plain`. */
export function kafkajsConfig(cluster: KafkaCluster, user: SaslUser = 'admin'): KafkaConfig {
  return {
    clientId: 'kohort-tests',
    brokers: [...cluster.bootstrap],
    logLevel: logLevel.NOTHING,
    ...(cluster.trust === undefined ? {} : { ssl: { ca: [cluster.trust.ca] } }),
    ...(usesSasl(cluster.security)
      ? { sasl: { mechanism: 'plain', username: user, password: SASL_USERS[user] } }
      : {}),
  };
}

/** Options of the TCP transport for a cluster; `user` matters only with SASL. */
export function tcpOptions(cluster: KafkaCluster, user: SaslUser = 'admin'): TcpTransportOptions {
  const credentials = { username: user, password: SASL_USERS[user] };
  return {
    brokers: cluster.bootstrap,
    ...(cluster.trust === undefined ? {} : { tls: { ca: [cluster.trust.ca] } }),
    ...(cluster.security === 'sasl-plain' ? { sasl: { mechanism: 'plain', ...credentials } } : {}),
    ...(cluster.security === 'sasl-ssl' ? { sasl: { mechanism: 'scram-sha-512', ...credentials } } : {}),
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
