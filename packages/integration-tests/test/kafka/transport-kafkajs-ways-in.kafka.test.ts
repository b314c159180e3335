// Getting in over kafkajs, and being kept out: TLS and SASL against real listeners, each mistake with its remedy.

import type { KafkaConfig } from 'kafkajs';
import { afterAll, expect, test } from 'vitest';
import { foreignBrokers, kafkaAvailable } from '../../kafka/availability.ts';
import { kafkajsConfig } from '../../kafka/client-properties.ts';
import { type KafkaCluster, startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { CALL, closeTransports, failureOf, transportBy } from './support/transports.ts';

const missing =
  (await kafkaAvailable()) ??
  (foreignBrokers() === undefined ? undefined : 'the listeners of KOHORT_BROKERS are what they are');

afterAll(closeTransports);

describeKafka('kafkajs transport: ways in', missing, () => {
  async function within(
    security: 'sasl-plain' | 'ssl' | 'plaintext',
    use: (cluster: KafkaCluster) => Promise<void>,
  ) {
    const cluster = await startKafka({ security });
    try {
      await use(cluster);
    } finally {
      await cluster.stop();
    }
  }

  function without(config: KafkaConfig, ...names: (keyof KafkaConfig)[]): KafkaConfig {
    const { brokers, ...rest } = config;
    return {
      brokers,
      ...Object.fromEntries(Object.entries(rest).filter(([name]) => !names.some((one) => one === name))),
    };
  }

  test('SASL/PLAIN: good, bad, missing, and not allowed', async () => {
    await within('sasl-plain', async (cluster) => {
      const config = kafkajsConfig(cluster);
      expect(await transportBy(config).connect(CALL)).toMatchObject({
        brokers: [{ port: cluster.brokers[0]?.port }],
      });
      const wrong = { mechanism: 'plain' as const, username: 'admin', password: 'not the password' };
      const bad = await failureOf(transportBy({ ...config, sasl: wrong }).connect(CALL));
      expect(bad).toMatchObject({ kind: 'auth', sent: 'no' });
      expect(bad.message).toMatch(/Invalid username or password.*`sasl\.username`/);
      expect(bad.message).not.toContain(wrong.password);
      const unknown = { mechanism: 'scram-sha-256' as const, username: 'a', password: 'b' };
      const mechanism = await failureOf(transportBy({ ...config, sasl: unknown }).connect(CALL));
      expect(mechanism).toMatchObject({ kind: 'auth' });
      expect(mechanism.message).toContain('`sasl.mechanism`');
      const missing = await failureOf(transportBy(without(config, 'sasl')).connect(CALL));
      expect(missing).toMatchObject({ kind: 'laneClosed', sent: 'maybe' });
      expect(missing.message).toContain('set `sasl`');
      const alice = transportBy(kafkajsConfig(cluster, 'alice'));
      await alice.connect(CALL);
      expect(await alice.findCoordinator('forbidden', CALL)).toMatchObject({
        errorCode: 30,
        coordinator: null,
      });
    });
  });

  test('TLS: trusted, not trusted, and spoken to in plain text', async () => {
    await within('ssl', async (cluster) => {
      const config = kafkajsConfig(cluster);
      await transportBy(config).connect(CALL);
      const untrusted = await failureOf(transportBy({ ...config, ssl: true }).connect(CALL));
      expect(untrusted).toMatchObject({ kind: 'tls' });
      expect(untrusted.message).toContain('`ssl.ca`');
      const plain = await failureOf(transportBy(without(config, 'ssl')).connect(CALL));
      expect(plain.message).toContain('`ssl: true`');
    });
  });

  test('a plain listener spoken to in TLS, or by SASL', async () => {
    await within('plaintext', async (cluster) => {
      const config = kafkajsConfig(cluster);
      const tls = await failureOf(transportBy({ ...config, ssl: true }).connect(CALL));
      expect(tls).toMatchObject({ kind: 'tls' });
      expect(tls.message).toContain('remove `ssl`');
      const sasl = { mechanism: 'plain' as const, username: 'a', password: 'b' };
      const failure = await failureOf(transportBy({ ...config, sasl }).connect(CALL));
      expect(failure).toMatchObject({ kind: 'auth' });
      expect(failure.message).toContain('remove `sasl`');
    });
  });
});
