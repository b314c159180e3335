// Getting in over plain sockets, and being kept out: TLS and SASL against real listeners, each mistake with its remedy.

import { createConsumerGroup } from '@kohort/core';
import { type TcpSasl, type TcpTransportOptions, tcpTransport } from '@kohort/transport-tcp';
import { afterAll, expect, test } from 'vitest';
import { foreignBrokers, kafkaAvailable } from '../../kafka/availability.ts';
import { tcpOptions } from '../../kafka/client-properties.ts';
import { type KafkaCluster, type StartKafkaOptions, startKafka } from '../../kafka/cluster.ts';
import { SASL_USERS } from '../../kafka/security.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { createTopic, uniqueName } from '../../kafka/topics.ts';
import { CALL, closeTransports, failureOf, transportFrom } from './support/transports.ts';

const missing =
  (await kafkaAvailable()) ??
  (foreignBrokers() === undefined ? undefined : 'the listeners of KOHORT_BROKERS are what they are');

afterAll(closeTransports);

/** What the broker's validator for tests takes: a token without signature (RFC 7515, appendix A.5). */
function unsignedToken(lifetimeSeconds: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Date.now() / 1_000;
  return `${part({ alg: 'none' })}.${part({ sub: 'admin', iat: now - 1, exp: now + lifetimeSeconds })}.`;
}

const connecting = (options: TcpTransportOptions) => transportFrom(tcpTransport(options)).connect(CALL);

describeKafka('TCP transport: ways in', missing, () => {
  async function within(options: StartKafkaOptions, use: (cluster: KafkaCluster) => Promise<void>) {
    const cluster = await startKafka(options);
    try {
      await use(cluster);
    } finally {
      await cluster.stop();
    }
  }

  test('SASL over TLS: every mechanism, good and bad', async () => {
    await within({ security: 'sasl-ssl' }, async (cluster) => {
      const { sasl: _, ...options } = tcpOptions(cluster);
      const password = SASL_USERS.alice;
      const bearer = (lifetime: number): TcpSasl => ({
        mechanism: 'oauthbearer',
        token: () => ({ value: unsignedToken(lifetime) }),
      });
      for (const sasl of [
        { mechanism: 'plain', username: 'alice', password },
        { mechanism: 'scram-sha-256', username: 'alice', password },
        { mechanism: 'scram-sha-512', username: 'alice', password: async () => password },
        bearer(60),
      ] as const) {
        expect(await connecting({ ...options, sasl })).toMatchObject({ clusterId: expect.any(String) });
      }
      for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
        const sasl = { mechanism, username: 'alice', password: 'not the password' };
        const failure = await failureOf(connecting({ ...options, sasl }));
        expect(failure).toMatchObject({ kind: 'auth', sent: 'no' });
        expect(failure.message).toContain('`sasl.username`');
        expect(failure.message).not.toContain(sasl.password);
      }
      const expired = await failureOf(connecting({ ...options, sasl: bearer(-60) }));
      expect(expired).toMatchObject({ kind: 'auth' });
      expect(expired.message).toContain('`sasl.token`');
      const without = await failureOf(connecting(options));
      expect(without).toMatchObject({ kind: 'laneClosed', sent: 'maybe' });
      expect(without.message).toContain('set `sasl`');
      const { tls: __, ...plain } = {
        ...options,
        sasl: { mechanism: 'plain', username: 'alice', password } as const,
      };
      expect((await failureOf(connecting(plain))).message).toContain('`tls: true`');
    });
  });

  test('S31 P6 tokens that expire during a run: fresh connections in time, no rebalance', async () => {
    const config = { 'connections.max.reauth.ms': '60000' };
    await within({ security: 'sasl-ssl', config }, async (cluster) => {
      const topic = uniqueName('tokens');
      await createTopic(cluster, topic, 2);
      const { sasl: _, ...options } = tcpOptions(cluster);
      let tokens = 0;
      const token = () => {
        tokens += 1;
        return { value: unsignedToken(4) };
      };
      const rebalances: string[] = [];
      const failures: string[] = [];
      const group = createConsumerGroup({
        groupId: uniqueName('group'),
        topics: [topic],
        heartbeatInterval: 500,
        transport: tcpTransport({ ...options, sasl: { mechanism: 'oauthbearer', token } }),
        hooks: [
          (event) => {
            if (event.type === 'rebalance.end') rebalances.push(event.trigger);
            if (event.type === 'heartbeat.end' && event.outcome !== 'ok') failures.push(`${event.error}`);
          },
        ],
      });
      const run = group.run({ eachRecord: () => undefined });
      await group.ready({ timeout: 20_000 });
      const before = tokens;
      // Three lifetimes of a token.
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      await group.close();
      await run;
      expect(tokens - before).toBeGreaterThanOrEqual(6);
      expect(rebalances).toEqual(['initial']);
      expect(failures).toEqual([]);
    });
  });

  test('TLS: trusted, not trusted, spoken to in plain text', async () => {
    await within({ security: 'ssl' }, async (cluster) => {
      const options = tcpOptions(cluster);
      await connecting(options);
      const untrusted = await failureOf(connecting({ ...options, tls: true }));
      expect(untrusted).toMatchObject({ kind: 'tls' });
      expect(untrusted.message).toContain('`tls.ca`');
      const { tls: _, ...plain } = options;
      expect((await failureOf(connecting(plain))).message).toContain('`tls: true`');
    });
  });

  test('TLS with client certificates: shown, and not shown', async () => {
    const config = { 'listener.name.client.ssl.client.auth': 'required' };
    await within({ security: 'ssl', config, awaitCoordinator: false }, async (cluster) => {
      const options = tcpOptions(cluster);
      const { trust } = cluster;
      if (trust === undefined) throw new Error('a cluster with TLS has certificates');
      const certificate = { pfx: trust.keystore, passphrase: trust.keystorePassword };
      await connecting({ ...options, tls: { ca: [trust.ca], ...certificate } });
      const failure = await failureOf(connecting(options));
      expect(['tls', 'connect']).toContain(failure.kind);
      expect(failure.message).toContain('`tls.cert`');
    });
  });

  test('a plain listener spoken to in TLS, or by SASL', async () => {
    await within({}, async (cluster) => {
      const options = tcpOptions(cluster);
      const tls = await failureOf(connecting({ ...options, tls: true }));
      expect(tls).toMatchObject({ kind: 'tls' });
      expect(tls.message).toContain('remove `tls`');
      const sasl = { mechanism: 'plain', username: 'a', password: 'b' } as const;
      const failure = await failureOf(connecting({ ...options, sasl }));
      expect(failure).toMatchObject({ kind: 'auth' });
      expect(failure.message).toContain('Remove `sasl`');
    });
  });
});
