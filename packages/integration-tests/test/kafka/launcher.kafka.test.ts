// The launcher itself, against real Kafka: what it starts serves, and nothing is left when it is stopped.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Kafka } from 'kafkajs';
import { afterAll, expect, test } from 'vitest';
import { grant, revoke } from '../../kafka/acls.ts';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { javaProperties, kafkajsConfig } from '../../kafka/client-properties.ts';
import { type KafkaCluster, type StartKafkaOptions, startKafka } from '../../kafka/cluster.ts';
import { untilLive } from '../../kafka/cluster-state.ts';
import { brokerControlMissing } from '../../kafka/foreign-cluster.ts';
import { type JavaMember, startJavaMember } from '../../kafka/java-member.ts';
import { runningJavaProcesses } from '../../kafka/java-process.ts';
import { javaProduce } from '../../kafka/java-producer.ts';
import { stillRunning } from '../../kafka/process-table.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { createTopic, kafkajsProduce, uniqueName } from '../../kafka/topics.ts';
import { CURRENT_KAFKA, PREVIOUS_KAFKA } from '../../kafka/versions.ts';
import { probeMetadata } from '../../kafka/wire-probe.ts';

const missing = (await kafkaAvailable()) ?? brokerControl();

function brokerControl(): string | undefined {
  return process.env.KOHORT_BROKERS === undefined ? undefined : brokerControlMissing({ kind: 'foreign' });
}

const seenPids = new Set<number>();

/** Starts a cluster for one test, tells how long it took, and stops it whatever the test does. */
async function withKafka(
  options: StartKafkaOptions,
  use: (cluster: KafkaCluster) => Promise<void>,
): Promise<void> {
  const begun = performance.now();
  const cluster = await startKafka(options);
  const took = Math.round(performance.now() - begun);
  process.stdout.write(
    `Kafka ${cluster.version}, ${cluster.brokers.length} broker(s), ${cluster.security}: ${took} ms\n`,
  );
  for (const { pid } of cluster.brokers) if (pid !== undefined) seenPids.add(pid);
  try {
    await use(cluster);
  } finally {
    await cluster.stop();
  }
}

function received(member: JavaMember): number {
  return member.records.reduce((sum, { count }) => sum + count, 0);
}

/** Offsets that a member received, as a sorted list per partition. */
function offsetsByPartition(member: JavaMember): ReadonlyMap<number, readonly number[]> {
  const offsets = new Map<number, number[]>();
  for (const { partition, minOffset, maxOffset } of member.records) {
    const list = offsets.get(partition) ?? [];
    for (let offset = minOffset; offset <= maxOffset; offset += 1) list.push(offset);
    offsets.set(partition, list);
  }
  return offsets;
}

async function exchange(cluster: KafkaCluster, clientVersion: string): Promise<void> {
  const topic = uniqueName('launcher');
  await createTopic(cluster, topic, 3);
  await kafkajsProduce(cluster, topic, 3, 30);
  const { bootstrap } = cluster;
  const properties = javaProperties(cluster);
  const written = await javaProduce({ bootstrap, topic, count: 9, partition: 1, codec: 'lz4', properties });
  expect(written).toEqual([{ partition: 1, count: 9, minOffset: 10, maxOffset: 18 }]);
  const member = await startJavaMember({
    bootstrap,
    groupId: uniqueName('group'),
    topics: [topic],
    assignor: 'range',
    clientVersion,
    properties,
  });
  seenPids.add(member.pid);
  try {
    await member.until('receive 39 records', () => received(member) >= 39);
    await member.until('commit', ({ events }) => events.at(-1)?.event === 'committed');
    expect(member.owned).toHaveLength(3);
    const upTo = (end: number) => Array.from({ length: end }, (_, offset) => offset);
    expect(new Map([...offsetsByPartition(member)].sort(([a], [b]) => a - b))).toEqual(
      new Map([
        [0, upTo(10)],
        [1, upTo(19)],
        [2, upTo(10)],
      ]),
    );
  } finally {
    await member.close();
  }
  expect(member.events.at(-1)).toEqual({ event: 'closed' });
}

afterAll(async () => {
  expect(runningJavaProcesses()).toEqual([]);
  expect(await stillRunning([...seenPids], 5_000)).toEqual([]);
});

describeKafka('one broker', missing, () => {
  test.each([
    [CURRENT_KAFKA, CURRENT_KAFKA],
    [PREVIOUS_KAFKA, '2.4.1'],
  ])('Kafka %s serves kafkajs and kafka-clients %s', async (version, clientVersion) => {
    await withKafka({ version }, (cluster) => exchange(cluster, clientVersion));
  });

  test('keeps its port and its data over a restart and a crash', async () => {
    await withKafka({}, async (cluster) => {
      const [broker] = cluster.brokers;
      if (broker === undefined) throw new Error('a cluster of one has a broker');
      const topic = uniqueName('restart');
      await createTopic(cluster, topic, 1);
      await kafkajsProduce(cluster, topic, 1, 5);
      await broker.restart();
      await broker.kill();
      expect(broker.pid).toBeUndefined();
      await broker.restart();
      const admin = new Kafka(kafkajsConfig(cluster)).admin();
      await admin.connect();
      try {
        const offsets = await admin.fetchTopicOffsets(topic);
        expect(offsets.map(({ partition, offset }) => [partition, offset])).toEqual([[0, '5']]);
      } finally {
        await admin.disconnect();
      }
    });
  });

  test('a paused broker is silent until it is resumed', async () => {
    await withKafka({}, async ({ brokers }) => {
      const [broker] = brokers;
      if (broker === undefined) throw new Error('a cluster of one has a broker');
      broker.pause();
      await expect(probeMetadata(broker, 500)).rejects.toThrow('no answer in 500 ms');
      broker.resume();
      expect((await probeMetadata(broker, 5_000)).brokers).toEqual([1]);
    });
  });

  test('a broker that cannot start is reported with its log and leaves no process', async () => {
    const before = runningJavaProcesses();
    const start = startKafka({ config: { 'offsets.topic.num.partitions': 'many' } });
    await expect(start).rejects.toThrow(/offsets\.topic\.num\.partitions/);
    expect(runningJavaProcesses()).toEqual(before);
  });
});

describeKafka('three brokers', missing, () => {
  test('serve, and go on serving when one is killed', async () => {
    await withKafka({ brokers: 3 }, async (cluster) => {
      const [first, second, third] = cluster.brokers;
      if (first === undefined || second === undefined || third === undefined)
        throw new Error('three were asked for');
      expect((await probeMetadata(first, 5_000)).brokers.toSorted()).toEqual([1, 2, 3]);
      await third.kill();
      await untilLive(cluster, [1, 2]);
      await exchange(cluster, CURRENT_KAFKA);
      await third.restart();
      await untilLive(cluster, [1, 2, 3]);
    });
  });
});

describeKafka('protected listeners', missing, () => {
  test('TLS with the certificate made at run time', async () => {
    await withKafka({ security: 'ssl' }, (cluster) => exchange(cluster, CURRENT_KAFKA));
  });

  test('users of a SASL cluster may do what they were granted and nothing else', async () => {
    await withKafka({ security: 'sasl-plain' }, async (cluster) => {
      const topic = uniqueName('guarded');
      await createTopic(cluster, topic, 1);
      const write = { user: 'alice', resource: 'topic', name: topic, operation: 'write' } as const;
      await grant(cluster, [write]);
      await produceAs(cluster, 'alice', topic);
      await expect(produceAs(cluster, 'bob', topic)).rejects.toThrow('Topic authorization failed');
      await revoke(cluster, [write]);
      await expect(produceAs(cluster, 'alice', topic)).rejects.toThrow('Topic authorization failed');
    });
  });

  async function produceAs(cluster: KafkaCluster, user: 'alice' | 'bob', topic: string): Promise<void> {
    const producer = new Kafka({ ...kafkajsConfig(cluster, user), retry: { retries: 0 } }).producer();
    await producer.connect();
    try {
      await producer.send({ topic, messages: [{ partition: 0, value: 'value' }] });
    } finally {
      await producer.disconnect();
    }
  }
});

describeKafka('the process that started the brokers', missing, () => {
  const children = new Set<ChildProcess>();
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  function startCli(...args: readonly string[]) {
    const cli = fileURLToPath(new URL('../../kafka/cli.ts', import.meta.url));
    const loader = createRequire(import.meta.url).resolve('tsx');
    const child = spawn(process.execPath, ['--import', loader, cli, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.add(child);
    const lines = createInterface({ input: child.stdout });
    const next = async (): Promise<unknown> => {
      const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(90_000) });
      return JSON.parse(String(line));
    };
    return { child, next };
  }

  test('obeys commands, and ends with the one who gives them', async () => {
    const { child, next } = startCli('--control');
    const { pids } = (await next()) as { pids: number[] };
    const command = async (text: string) => {
      child.stdin.write(`${text}\n`);
      return next();
    };
    expect(await command('kill 1')).toEqual({ done: 'kill 1' });
    expect(await stillRunning(pids, 0)).toEqual([]);
    expect(await command('restart 1')).toEqual({ done: 'restart 1' });
    expect(await command('stop 2')).toMatchObject({ failed: 'stop 2' });
    child.stdin.end();
    expect(await once(child, 'exit', { signal: AbortSignal.timeout(30_000) })).toEqual([0, null]);
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'takes them with it when it gets %s',
    async (signal) => {
      const { child, next } = startCli();
      const { pids } = (await next()) as { pids: number[] };
      expect(pids).toHaveLength(1);
      expect(await stillRunning(pids, 0)).toEqual(pids);
      child.kill(signal);
      expect(await stillRunning(pids, 10_000)).toEqual([]);
    },
  );
});
