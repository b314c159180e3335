// How a test cluster's client listener is protected, and what clients need to get in.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** Protection of the listener that clients use; the brokers talk to each other in plain text. */
export type KafkaSecurity = 'plaintext' | 'sasl-plain' | 'ssl';

/** Users of a `sasl-plain` cluster. `admin` is a super user; the others may do nothing without an ACL. */
export const SASL_USERS = { admin: 'admin-secret', alice: 'alice-secret', bob: 'bob-secret' } as const;

export type SaslUser = keyof typeof SASL_USERS;

/** The certificate authority to trust on an `ssl` cluster, in both shapes clients ask for. */
export interface TlsTrust {
  readonly ca: string;
  readonly truststoreFile: string;
  readonly truststorePassword: string;
}

const STORE_PASSWORD = 'kohort-tests';

/** Broker settings of the client listener; `trust` must exist for `ssl`. */
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
  if (security === 'ssl') {
    return {
      'listener.name.client.ssl.keystore.type': 'PKCS12',
      'listener.name.client.ssl.keystore.location': join(directory, 'broker.p12'),
      'listener.name.client.ssl.keystore.password': STORE_PASSWORD,
      'listener.name.client.ssl.key.password': STORE_PASSWORD,
    };
  }
  return {};
}

/** Makes a self-signed certificate for 127.0.0.1 and localhost in `directory`. */
export async function makeCertificate(directory: string): Promise<TlsTrust> {
  const keystore = join(directory, 'broker.p12');
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
    ...store(keystore),
  );
  await keytool('-exportcert', '-rfc', '-alias', 'broker', '-file', certificate, ...store(keystore));
  await keytool(
    '-importcert',
    '-noprompt',
    '-alias',
    'broker',
    '-file',
    certificate,
    ...store(truststoreFile),
  );
  return { ca: await readFile(certificate, 'utf8'), truststoreFile, truststorePassword: STORE_PASSWORD };
}
