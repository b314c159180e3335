// Captures golden frames and record batches of real brokers and writes them for the protocol package's tests.
// Run: node_modules/.bin/tsx packages/integration-tests/kafka/golden/golden-capture.ts [frames|batches]

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KafkaCluster, startKafka } from '../cluster.ts';
import { freePorts } from '../free-port.ts';
import { SASL_USERS } from '../security.ts';
import { CURRENT_KAFKA } from '../versions.ts';
import { captureBatches } from './batch-capture.ts';
import { CaptureProxy } from './capture-proxy.ts';
import { FrameCollection } from './collection.ts';
import { coverageReadme } from './coverage-readme.ts';
import { javaSession } from './java-session.ts';
import { kafkajsSession } from './kafkajs-session.ts';
import { ROUNDS, type Round } from './rounds.ts';
import { spelledApiVersions } from './spelled-requests.ts';

const OUTPUT = fileURLToPath(new URL('../../../protocol/test/golden/', import.meta.url));

const collection = new FrameCollection();
let roundNumber = 0;

async function withProxy(
  broker: string,
  security: 'plaintext' | 'sasl-plain',
  use: (proxy: CaptureProxy, bootstrap: string, setSource: (source: string) => void) => Promise<void>,
): Promise<void> {
  let source = '';
  const [port = 0] = await freePorts(1);
  const proxy = await CaptureProxy.listen(port, (exchange) => collection.add(exchange, source));
  let cluster: KafkaCluster | undefined;
  try {
    cluster = await startKafka({ version: broker, security, advertisedPorts: [port] });
    proxy.target = cluster.brokers[0]?.port ?? 0;
    await use(proxy, `127.0.0.1:${port}`, (text) => {
      source = text;
    });
  } finally {
    await proxy.close();
    await cluster?.stop();
  }
}

async function runRound(round: Round, bootstrap: string): Promise<string> {
  roundNumber += 1;
  const name = `golden-${roundNumber}`;
  if (round.client === 'kafkajs 2.2.4') {
    return kafkajsSession(bootstrap, name).then(
      () => 'ok',
      (error: unknown) => String(error),
    );
  }
  const steps = await javaSession(round.clientVersion ?? CURRENT_KAFKA, bootstrap, name, {
    'client.id': `java-${round.clientVersion}`,
    ...round.properties,
  });
  return steps.filter((step) => !step.endsWith(': ok')).join('\n    ') || 'ok';
}

async function capturePlain(): Promise<void> {
  for (const { broker, rounds } of ROUNDS) {
    await withProxy(broker, 'plaintext', async (proxy, bootstrap, setSource) => {
      for (const round of rounds) {
        proxy.cap = round.cap;
        const client =
          round.client === 'kafkajs 2.2.4' ? round.client : `${round.client} ${round.clientVersion}`;
        const source = `Apache Kafka ${broker}, ${client}${round.cap === undefined ? '' : `, versions capped at ${round.cap}`}`;
        setSource(source);
        console.log(`${source}: ${await runRound(round, bootstrap)}`);
      }
      proxy.cap = undefined;
      setSource(`Apache Kafka ${broker}, request spelled by hand`);
      await spelledApiVersions(proxy.target, (exchange) => {
        collection.add(exchange, `Apache Kafka ${broker}, request spelled by hand`);
      });
    });
  }
}

async function captureSasl(): Promise<void> {
  const jaas = `org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="${SASL_USERS.admin}";`;
  const properties = {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'PLAIN',
    'sasl.jaas.config': jaas,
    'client.id': 'java-sasl',
  };
  await withProxy(CURRENT_KAFKA, 'sasl-plain', async (proxy, bootstrap, setSource) => {
    for (const cap of [undefined, 1, 0]) {
      proxy.cap = cap;
      const capped = cap === undefined ? '' : `, versions capped at ${cap}`;
      setSource(`Apache Kafka ${CURRENT_KAFKA}, kafka-clients 2.8.2${capped}`);
      await javaSession('2.8.2', bootstrap, `golden-sasl-${cap}`, properties);
      setSource(`Apache Kafka ${CURRENT_KAFKA}, kafkajs 2.2.4${capped}`);
      const login = { mechanism: 'plain', username: 'admin', password: SASL_USERS.admin } as const;
      await kafkajsSession(bootstrap, `golden-sasl-js-${cap}`, login).catch((error: unknown) =>
        console.log(String(error)),
      );
    }
  });
}

async function captureFrames(): Promise<void> {
  await capturePlain();
  await captureSasl();
  const frames = collection.frames();
  const lines = frames.map((frame) => JSON.stringify(frame));
  await writeFile(join(OUTPUT, 'frames.json'), `[\n${lines.join(',\n')}\n]\n`);
  const coverage = collection.coverage();
  await writeFile(join(OUTPUT, 'README.md'), coverageReadme(coverage, frames.length));
  for (const [api, versions] of coverage) console.log(`${api}: ${versions.join(' ') || 'none'}`);
  console.log(`${frames.length} frames`);
}

const only = process.argv[2];
await mkdir(OUTPUT, { recursive: true });
if (only !== 'frames') await captureBatches(join(OUTPUT, 'batches.json'));
if (only !== 'batches') await captureFrames();
