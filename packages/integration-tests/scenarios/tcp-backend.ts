/** The embedded broker on loopback sockets with kafkajs' connections underneath, in real time. */
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import type { BackendKind, Capability, Times } from './backend.ts';
import { embeddedCluster, startEmbedded } from './embedded-cluster.ts';
import { realTimeWaits } from './real-time.ts';

/** Short, yet long enough for a busy machine to keep a session alive. */
const TIMES: Times = {
  sessionTimeout: 3_000,
  heartbeatInterval: 200,
  rebalanceTimeout: 6_000,
  metadataMaxAge: 300,
  commitInterval: 100,
  fetchMaxWait: 50,
  closeTimeout: 3_000,
  retryBackoff: { initial: 30, max: 300 },
  patience: 20_000,
};

/** Shorter than a session, so that many of them end while a scenario runs. */
const SASL_SESSION_MS = 700;
const SASL_USER = { username: 'alice', password: 'alice-secret' };

const LACKS: ReadonlyMap<Capability, string> = new Map([
  ['long runs', 'takes long in real time; it is played in memory and on Kafka'],
  ['virtual time', 'sockets take real time'],
  ['all codecs', 'the embedded broker writes gzip and nothing else'],
]);

export const tcpBackend: BackendKind = {
  name: 'embedded broker over TCP, kafkajs underneath',
  lacks: (capability) => LACKS.get(capability),
  open: async (setup) => {
    const { saslSessions = false } = setup;
    const { username, password } = SASL_USER;
    const broker = startEmbedded(setup, undefined, {
      groupMinSessionTimeout: 100,
      ...(saslSessions
        ? { sasl: { users: { [username]: password }, sessionLifetime: SASL_SESSION_MS } }
        : {}),
    });
    const address = await broker.listen();
    const sasl = saslSessions ? { sasl: { mechanism: 'plain' as const, ...SASL_USER } } : {};
    return {
      name: 'tcp',
      times: TIMES,
      ...realTimeWaits(TIMES.patience),
      ...embeddedCluster(broker),
      transport: () => kafkajsTransport({ brokers: [address], ...sasl }),
      close: () => broker.close(),
    };
  },
};
