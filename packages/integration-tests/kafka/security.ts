// How a test cluster's client listener is protected, and what clients need to get in.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** Protection of the listener that clients use; the brokers talk to each other in plain text. */
export type KafkaSecurity = 'plaintext' | 'sasl-plain' | 'ssl' | 'sasl-ssl';

/** Listeners that want to know who is there. */
export function usesSasl(security: KafkaSecurity): boolean {
  return security === 'sasl-plain' || security === 'sasl-ssl';
}

/** Listeners that speak TLS. */
export function usesTls(security: KafkaSecurity): boolean {
  return security === 'ssl' || security === 'sasl-ssl';
}

/** Users of a cluster with SASL. `admin` is a super user; the others may do nothing without an ACL where there are ACLs. */
export const SASL_USERS = { admin: 'admin-secret', alice: 'alice-secret', bob: 'bob-secret' } as const;

export type SaslUser = keyof typeof SASL_USERS;

/** The certificate authority to trust on a cluster with TLS, in both shapes clients ask for. */
export interface TlsTrust {
  readonly ca: string;
  readonly truststoreFile: string;
  readonly truststorePassword: string;
  /** Certificate and key of the broker, for a client that has to show one that the broker trusts. */
  readonly keystore: Buffer;
  readonly keystorePassword: string;
}

const STORE_PASSWORD = 'kohort-tests';

/** Broker settings of the client listener; the certificate must exist where it speaks TLS. */
export function securityConfig(security: KafkaSecurity, directory: string): Record<string, string> {
  if (security === 'sasl-plain') {
    const users = Object.entries(SASL_USERS).map(([user, password]) => `user_${user}="${password}"`);
    return {
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.client.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${users.join(' ')};`,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      // ANONYMOUS is whoever comes through the internal listeners, that is the brokers.
      'super.users': 'User:admin;User:ANONYMOUS',
      'allow.everyone.if.no.acl.found': 'false',
    };
  }
  if (security === 'ssl') return keystore(directory);
  if (security === 'sasl-ssl') return { ...keystore(directory), ...everyMechanism() };
  return {};
}

/** The certificate that the client listener shows, and whom it trusts where clients have to show one. */
function keystore(directory: string): Record<string, string> {
  return {
    'listener.name.client.ssl.keystore.type': 'PKCS12',
    'listener.name.client.ssl.keystore.location': join(directory, 'broker.p12'),
    'listener.name.client.ssl.keystore.password': STORE_PASSWORD,
    'listener.name.client.ssl.key.password': STORE_PASSWORD,
    'listener.name.client.ssl.truststore.type': 'PKCS12',
    'listener.name.client.ssl.truststore.location': join(directory, 'trust.p12'),
    'listener.name.client.ssl.truststore.password': STORE_PASSWORD,
  };
}

const MODULES = 'org.apache.kafka.common.security';

/** PLAIN, SCRAM and OAUTHBEARER; tokens are not signed, which the broker's own validator takes for tests. */
function everyMechanism(): Record<string, string> {
  const jaas = (mechanism: string) => `listener.name.client.${mechanism}.sasl.jaas.config`;
  const users = Object.entries(SASL_USERS).map(([user, password]) => `user_${user}="${password}"`);
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [jaas('plain')]: `${MODULES}.plain.PlainLoginModule required ${users.join(' ')};`,
    [jaas('scram-sha-256')]: `${MODULES}.scram.ScramLoginModule required;`,
    [jaas('scram-sha-512')]: `${MODULES}.scram.ScramLoginModule required;`,
    [jaas('oauthbearer')]:
      `${MODULES}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="admin";`,
  };
}

/** Arguments of the storage tool that make the users known to SCRAM (KIP-900). */
export function scramUsers(security: KafkaSecurity): readonly string[] {
  if (security !== 'sasl-ssl') return [];
  return ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) =>
    Object.entries(SASL_USERS).flatMap(([user, password]) => [
      '--add-scram',
      `${mechanism}=[name=${user},password=${password}]`,
    ]),
  );
}

/** Makes a self-signed certificate for 127.0.0.1 and localhost in `directory`. */
export async function makeCertificate(directory: string): Promise<TlsTrust> {
  const brokerStore = join(directory, 'broker.p12');
  const certificate = join(directory, 'ca.pem');
  const truststoreFile = join(directory, 'trust.p12');
  const store = (file: string) => ['-keystore', file, '-storetype', 'PKCS12', '-storepass', STORE_PASSWORD];
  const keytool = (...args: string[]) => runTool('keytool', args, { timeoutMs: 60_000 });
  await keytool(
    '-genkeypair',
    ...[
      '-alias',
      'broker',
      '-dname',
      'CN=localhost',
      '-keyalg',
      'EC',
      '-groupname',
      'secp256r1',
      '-validity',
      '2',
    ],
    ...['-ext', 'SAN=ip:127.0.0.1,dns:localhost', '-ext', 'BC=ca:true'],
    ...store(brokerStore),
  );
  await keytool('-exportcert', '-rfc', '-alias', 'broker', '-file', certificate, ...store(brokerStore));
  await keytool(
    '-importcert',
    '-noprompt',
    '-alias',
    'broker',
    '-file',
    certificate,
    ...store(truststoreFile),
  );
  return {
    ca: await readFile(certificate, 'utf8'),
    truststoreFile,
    truststorePassword: STORE_PASSWORD,
    keystore: await readFile(brokerStore),
    keystorePassword: STORE_PASSWORD,
  };
}
