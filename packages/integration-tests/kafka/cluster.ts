// Starts a real Apache Kafka cluster of one or three brokers on loopback and always stops it, or stands
// for the cluster that KOHORT_BROKERS names.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { foreignBrokers } from './availability.ts';
import { type KafkaBroker, OwnBroker } from './broker.ts';
import { type BrokerPorts, brokerProperties, nodeId } from './broker-config.ts';
import { foreignCluster } from './foreign-cluster.ts';
import { freePorts } from './free-port.ts';
import { JavaProcess, QUICK_JVM } from './java-process.ts';
import { logTail } from './log-tail.ts';
import { resolveKafka } from './resolve.ts';
import { type KafkaSecurity, makeCertificate, scramUsers, type TlsTrust, usesTls } from './security.ts';
import { CURRENT_KAFKA } from './versions.ts';
import { type ProbeAddress, type ProbeTls, probeCoordinator } from './wire-probe.ts';
import { newWorkDirectory } from './work-directory.ts';

export interface StartKafkaOptions {
  /** Kafka release, default {@link CURRENT_KAFKA}. */
  readonly version?: string;
  readonly brokers?: 1 | 3;
  /** Broker settings that replace the launcher's; the same for every broker. */
  readonly config?: Readonly<Record<string, string>>;
  readonly security?: KafkaSecurity;
  /** `quick` (default) starts fast; `throughput` lets the JVM optimise, for benchmarks. */
  readonly jvm?: 'quick' | 'throughput';
  /** Waits until a group coordinator answers (default true), which a fresh cluster does only after a while. */
  readonly awaitCoordinator?: boolean;
  /** For a proxy in front of each broker: the ports that the brokers tell clients to use. */
  readonly advertisedPorts?: readonly number[];
  /** Bound of each wait for readiness, in milliseconds; default 60,000. */
  readonly readyTimeoutMs?: number;
}

export interface KafkaCluster {
  /** `foreign` is the cluster of KOHORT_BROKERS: stopping it does nothing, its brokers cannot be handled. */
  readonly kind: 'own' | 'foreign';
  /** Kafka release; undefined for a foreign cluster. */
  readonly version: string | undefined;
  readonly security: KafkaSecurity;
  readonly bootstrap: readonly string[];
  readonly brokers: readonly KafkaBroker[];
  /** Certificates of a cluster with TLS. */
  readonly trust?: TlsTrust;
  /** Where an own cluster keeps settings, logs and the brokers' data (`data-<node id>`). */
  readonly directory?: string;
  /** One unprotected listener of each broker, for questions about the cluster's state. */
  readonly internal: readonly ProbeAddress[];
  /** What the brokers have logged so far. */
  logs(): Promise<string>;
  /** Kills the brokers and removes their data. */
  stop(): Promise<void>;
}

const JVM_FLAGS = {
  quick: [...QUICK_JVM, '-Xms64m', '-Xmx256m'],
  throughput: ['-Xms512m', '-Xmx1g'],
} as const;

const ATTEMPTS = 3;

/**
 * Starts a cluster and returns when every broker serves.
 * @throws Error with the brokers' log tails when it does not come up; nothing is left running then.
 */
export async function startKafka(options: StartKafkaOptions = {}): Promise<KafkaCluster> {
  const foreign = foreignBrokers();
  if (foreign !== undefined) return foreignCluster(foreign, options.security ?? 'plaintext');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Another process can take a port between our look and the broker's bind; other ports then.
      const portTaken = error instanceof Error && /Address already in use/.test(error.message);
      if (!portTaken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function startOnce(options: StartKafkaOptions): Promise<KafkaCluster> {
  const jars = await resolveKafka(options.version ?? CURRENT_KAFKA);
  const directory = await newWorkDirectory();
  const security = options.security ?? 'plaintext';
  const trust = usesTls(security) ? await makeCertificate(directory) : undefined;
  const brokers = await configure(options, directory, jars.classPath, trust);
  const stop = async () => {
    await Promise.all(brokers.map((broker) => broker.kill()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await format(directory, brokers.length, jars.classPath, scramUsers(security));
    await Promise.all(brokers.map((broker) => broker.launch()));
    await Promise.all(brokers.map((broker) => broker.ready('quorum')));
    if (options.awaitCoordinator !== false) await coordinatorReady(brokers, options.readyTimeoutMs ?? 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kind: 'own',
    version: jars.version,
    security,
    bootstrap: brokers.map(({ host, port }) => `${host}:${port}`),
    brokers,
    directory,
    internal: brokers.map((broker) => broker.internal()),
    ...(trust === undefined ? {} : { trust }),
    logs: async () => (await Promise.all(brokers.map(({ id }) => readLog(directory, id)))).join('\n'),
    stop,
  };
}

async function configure(
  options: StartKafkaOptions,
  directory: string,
  classPath: string,
  trust: TlsTrust | undefined,
): Promise<readonly OwnBroker[]> {
  const count = options.brokers ?? 1;
  const ports = await brokerPorts(count);
  return Promise.all(
    ports.map(async (own, index) => {
      const id = nodeId(index);
      const propertiesFile = propertiesPath(directory, id);
      const security = options.security ?? 'plaintext';
      const advertisedPort = options.advertisedPorts?.[index];
      const text = brokerProperties({
        index,
        ports,
        security,
        directory,
        overrides: options.config ?? {},
        ...(advertisedPort === undefined ? {} : { advertisedPort }),
      });
      await writeFile(propertiesFile, text);
      return new OwnBroker({
        id,
        port: own.client,
        internalPort: own.internal,
        ...(trust === undefined ? {} : { tls: probeTls(trust) }),
        brokerCount: count,
        jvm: { classPath, jvmArgs: JVM_FLAGS[options.jvm ?? 'quick'] },
        propertiesFile,
        logFile: logPath(directory, id),
        readyTimeoutMs: options.readyTimeoutMs ?? 60_000,
      });
    }),
  );
}

function probeTls({ ca, keystore, keystorePassword }: TlsTrust): ProbeTls {
  return { ca, pfx: keystore, passphrase: keystorePassword };
}

async function brokerPorts(count: number): Promise<readonly BrokerPorts[]> {
  const ports = await freePorts(count * 3);
  return Array.from({ length: count }, (_, index) => {
    const [client = 0, internal = 0, controller = 0] = ports.slice(index * 3);
    return { client, internal, controller };
  });
}

// A cluster id is 16 bytes in URL-safe base 64; one and the same is fine, since no two clusters ever meet.
const CLUSTER_ID = 'S29ob3J0VGVzdENsdXN0ZQ';

async function format(
  directory: string,
  count: number,
  classPath: string,
  more: readonly string[],
): Promise<void> {
  for (let id = 1; id <= count; id += 1) {
    const logFile = join(directory, `format-${id}.log`);
    const tool = await JavaProcess.start({
      classPath,
      mainClass: 'kafka.tools.StorageTool',
      args: ['format', '--cluster-id', CLUSTER_ID, '--config', propertiesPath(directory, id), ...more],
      logFile,
    });
    const timer = setTimeout(() => tool.signal('SIGKILL'), 60_000);
    const exit = await tool.ended;
    clearTimeout(timer);
    if (exit !== 0) throw new Error(`formatting broker ${id} ended with ${exit}:\n${await logTail(logFile)}`);
  }
}

async function coordinatorReady(brokers: readonly OwnBroker[], timeoutMs: number): Promise<void> {
  const [first] = brokers;
  if (first === undefined) return;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const errorCode = await probeCoordinator(first.internal(), 'kohort-probe', 5_000);
    if (errorCode === 0) return;
    if (performance.now() > deadline)
      throw new Error(`no group coordinator: FindCoordinator still answers ${errorCode}`);
    await delay(50);
  }
}

function propertiesPath(directory: string, id: number): string {
  return join(directory, `broker-${id}.properties`);
}

function logPath(directory: string, id: number): string {
  return join(directory, `broker-${id}.log`);
}

async function readLog(directory: string, id: number): Promise<string> {
  return `--- broker ${id}\n${await readFile(logPath(directory, id), 'utf8')}`;
}
