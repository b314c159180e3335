/** Real Kafka, shared by the scenarios of one file: each has topics and groups of its own. */
import type { TransportFactory } from '@kohort/core/spi';
import { type Admin, CompressionTypes, Kafka, type Message, type Producer } from 'kafkajs';
import { kafkajsConfig } from '../kafka/client-properties.ts';
import type { KafkaCluster } from '../kafka/cluster.ts';
import { untilTopic } from '../kafka/cluster-state.ts';
import { brokerControlMissing } from '../kafka/foreign-cluster.ts';
import { javaProduce } from '../kafka/java-producer.ts';
import { createTopic } from '../kafka/topics.ts';
import { TRANSPORTS } from '../kafka/transports.ts';
import type {
  Backend,
  BackendKind,
  Capability,
  NewRecord,
  Produced,
  ProduceSetup,
  Times,
} from './backend.ts';
import { realTimeWaits } from './real-time.ts';

/** Short, yet long enough for a busy machine to keep a session alive. */
const TIMES: Times = {
  sessionTimeout: 4_000,
  heartbeatInterval: 300,
  rebalanceTimeout: 9_000,
  metadataMaxAge: 500,
  commitInterval: 100,
  fetchMaxWait: 100,
  closeTimeout: 3_000,
  retryBackoff: { initial: 50, max: 500 },
  patience: 40_000,
};

/** A cluster of somebody else's has Kafka's own lower bound of session timeouts, 6 s. */
const FOREIGN_TIMES: Times = { ...TIMES, sessionTimeout: 6_500, rebalanceTimeout: 15_000 };

const LACKS: ReadonlyMap<Capability, string> = new Map([
  ['virtual time', 'real Kafka takes real time'],
  ['faults', 'the answers of real Kafka are its own'],
  ['sockets', 'this is about ports that are no Kafka: see the run over TCP'],
]);

export interface KafkaKindOptions {
  /** What carries the members; kafkajs' connections by default. */
  readonly transport?: (cluster: KafkaCluster) => TransportFactory;
  /** Whether scenarios may stop the broker: only where no other scenario runs beside them. */
  readonly mayRestart?: boolean;
  /** Whether the brokers let authentications end after a short time. */
  readonly saslSessions?: boolean;
}

export class KafkaKind implements BackendKind {
  readonly name: string;
  readonly #transport: (cluster: KafkaCluster) => TransportFactory;
  readonly #mayRestart: boolean;
  readonly #saslSessions: boolean;
  #cluster: KafkaCluster | undefined;
  /** How the helpers of scenarios get in. */
  #inside: KafkaCluster | undefined;
  #admin: Admin | undefined;

  constructor(
    name: string,
    { transport = TRANSPORTS.kafkajs, mayRestart = false, saslSessions = false }: KafkaKindOptions = {},
  ) {
    this.name = name;
    this.#transport = transport;
    this.#transport = transport;
    this.#mayRestart = mayRestart;
    this.#saslSessions = saslSessions;
  }

  lacks(capability: Capability): string | undefined {
    if ((capability === 'restart' || capability === 'rolling restart') && !this.#mayRestart)
      return 'other scenarios use this broker at the same time';
    if (capability === 'sasl sessions' && !this.#saslSessions)
      return 'what clients have shown this broker holds for ever';
    return LACKS.get(capability);
  }

  /** To be called before the first scenario. */
  async use(cluster: KafkaCluster): Promise<void> {
    this.#cluster = cluster;
    this.#inside = this.#saslSessions ? throughInternal(cluster) : cluster;
    this.#admin = new Kafka(kafkajsConfig(this.#inside)).admin();
    await this.#admin.connect();
  }

  /** To be called after the last scenario; stops the cluster. */
  async end(): Promise<void> {
    await this.#admin?.disconnect();
    await this.#cluster?.stop();
  }

  async open(): Promise<Backend> {
    const [cluster, inside, admin] = [this.#cluster, this.#inside, this.#admin];
    if (cluster === undefined || inside === undefined || admin === undefined)
      throw new Error('there is no cluster to use');
    const topics: string[] = [];
    return {
      name: this.name,
      times: cluster.kind === 'foreign' ? FOREIGN_TIMES : TIMES,
      ...realTimeWaits(TIMES.patience),
      ...questions(admin),
      ...brokerControl(cluster),
      transport: () => this.#transport(cluster),
      createTopic: async (topic, partitions) => {
        topics.push(topic);
        await createTopic(inside, topic, partitions);
      },
      addPartitions: async (topic, total) => {
        await admin.createPartitions({ topicPartitions: [{ topic, count: total }] });
        await untilTopic(cluster, topic, total);
      },
      deleteTopic: async (topic) => {
        topics.splice(topics.indexOf(topic), 1);
        await admin.deleteTopics({ topics: [topic] });
      },
      produce: (topic, records, setup) => produce(inside, topic, records, setup ?? {}),
      close: async () => {
        // An own cluster is thrown away as a whole.
        if (cluster.kind === 'foreign' && topics.length > 0) await admin.deleteTopics({ topics });
      },
    };
  }
}

/** The cluster by its listeners without protection: kafkajs' own clients do not outlive short authentications. */
function throughInternal(cluster: KafkaCluster): KafkaCluster {
  const bootstrap = cluster.internal.map(({ host, port }) => `${host}:${port}`);
  return { ...cluster, security: 'plaintext', bootstrap };
}

function questions(admin: Admin): Pick<Backend, 'committed' | 'group'> {
  return {
    committed: async (groupId, topic) => {
      const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const known = (answer?.partitions ?? []).filter(({ offset }) => offset !== '-1');
      return new Map(known.map(({ partition, offset }) => [partition, BigInt(offset)]));
    },
    group: async (groupId) => {
      const { groups } = await admin.describeGroups([groupId]);
      const [group] = groups;
      return {
        state: group?.state ?? 'Dead',
        members: group?.members.length ?? 0,
        protocol: group?.protocol ?? '',
      };
    },
  };
}

function brokerControl(cluster: KafkaCluster): Pick<Backend, 'stopBroker' | 'startBroker'> {
  const broker = (index: number) => {
    const found = cluster.brokers[index];
    if (found === undefined) throw new Error(brokerControlMissing(cluster) ?? `there is no broker ${index}`);
    return found;
  };
  return {
    stopBroker: (index = 0) => broker(index).stop(),
    startBroker: (index = 0) => broker(index).restart(),
  };
}

function produce(
  cluster: KafkaCluster,
  topic: string,
  records: readonly NewRecord[],
  setup: ProduceSetup,
): Promise<readonly Produced[]> {
  const { compression, transaction } = setup;
  if (transaction !== undefined) return produceInTransaction(cluster, topic, records, transaction);
  return compression === undefined || compression === 'gzip'
    ? produceByKafkajs(cluster, topic, records, setup)
    : produceByJava(cluster, topic, records, compression);
}

async function produceByKafkajs(
  cluster: KafkaCluster,
  topic: string,
  records: readonly NewRecord[],
  { compression }: ProduceSetup,
): Promise<readonly Produced[]> {
  // A producer for each call: an old one would not know partitions that have been added since.
  const producer = new Kafka(kafkajsConfig(cluster)).producer();
  await producer.connect();
  try {
    return await sendTo(producer, topic, records, compression === 'gzip');
  } finally {
    await producer.disconnect();
  }
}

async function produceInTransaction(
  cluster: KafkaCluster,
  topic: string,
  records: readonly NewRecord[],
  outcome: 'commit' | 'abort' | 'open',
): Promise<readonly Produced[]> {
  const transactionalId = `${topic}-${records[0]?.value}`;
  const producer = new Kafka(kafkajsConfig(cluster)).producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    const places = await sendTo(transaction, topic, records, false);
    if (outcome === 'commit') await transaction.commit();
    else if (outcome === 'abort') await transaction.abort();
    return places;
  } finally {
    await producer.disconnect();
  }
}

/** One request for each partition: kafkajs repeats a request whole when one partition of it is refused. */
async function sendTo(
  sender: Pick<Producer, 'send'>,
  topic: string,
  records: readonly NewRecord[],
  gzip: boolean,
): Promise<readonly Produced[]> {
  const next = new Map<number, bigint>();
  for (const partition of new Set(records.map((record) => record.partition))) {
    const [answer] = await sender.send({
      topic,
      acks: -1,
      compression: gzip ? CompressionTypes.GZIP : CompressionTypes.None,
      messages: records.filter((record) => record.partition === partition).map(messageOf),
    });
    next.set(partition, BigInt(answer?.baseOffset ?? -1));
  }
  return placesFrom(topic, records, next);
}

function messageOf({ key, value, partition, timestamp }: NewRecord): Message {
  return {
    value,
    partition,
    ...(key === undefined ? {} : { key }),
    ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
  };
}

/** kafkajs has gzip only. */
async function produceByJava(
  cluster: KafkaCluster,
  topic: string,
  records: readonly NewRecord[],
  codec: 'snappy' | 'lz4' | 'zstd',
): Promise<readonly Produced[]> {
  const partition = records[0]?.partition ?? 0;
  const first = Number(/^value-(\d+)$/.exec(records[0]?.value ?? '')?.[1]);
  if (records.some((record, n) => record.partition !== partition || record.value !== `value-${first + n}`))
    throw new Error('the Java producer writes value-n, value-(n + 1) … to one partition');
  const { bootstrap } = cluster;
  const written = await javaProduce({ bootstrap, topic, count: records.length, first, partition, codec });
  return placesFrom(topic, records, new Map(written.map((one) => [one.partition, BigInt(one.minOffset)])));
}

/** Places of records that were appended in order. */
function placesFrom(
  topic: string,
  records: readonly NewRecord[],
  next: Map<number, bigint>,
): readonly Produced[] {
  return records.map(({ partition }) => {
    const offset = next.get(partition);
    if (offset === undefined || offset < 0n) throw new Error(`no offset is known for partition ${partition}`);
    next.set(partition, offset + 1n);
    return { topic, partition, offset };
  });
}
