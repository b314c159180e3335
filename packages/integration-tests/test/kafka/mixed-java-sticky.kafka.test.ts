// Kohort and Java in one sticky group, eager and cooperative (KIP-429): the group converges, whoever leads; every partition
// has one owner, loads are even, and records are consumed once.

import { cooperativeSticky, sticky } from '@kohort/assignors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { javaAvailable, kafkaAvailable } from '../../kafka/availability.ts';
import { type KafkaCluster, startKafka } from '../../kafka/cluster.ts';
import { type JavaMember, startJavaMember } from '../../kafka/java-member.ts';
import { describeKafka } from '../../kafka/suite.ts';
import type { ConsumerMember } from '../../scenarios/consumer-member.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenario } from '../../scenarios/run-scenarios.ts';
import type { World } from '../../scenarios/world.ts';

const missing = (await javaAvailable()) ?? (await kafkaAvailable());
const PARTITIONS = 7;
const PER_ROUND = 140;

const ASSIGNORS = { sticky, 'cooperative-sticky': cooperativeSticky } as const;
type Name = keyof typeof ASSIGNORS;

interface Group {
  readonly assignor: Name;
  readonly world: World;
  readonly topic: string;
  readonly kohort: ConsumerMember[];
  readonly foreign: JavaMember[];
}

describeKafka('mixed sticky groups with Java', missing, () => {
  let cluster: KafkaCluster;
  const kind = new KafkaKind('mixed sticky groups');
  const java: JavaMember[] = [];
  beforeAll(async () => {
    cluster = await startKafka();
    await kind.use(cluster);
  });
  afterAll(async () => {
    for (const member of java) await member.kill();
    await kind.end();
  });

  async function add(group: Group, which: 'java' | 'kohort'): Promise<void> {
    const { world, topic, kohort, foreign, assignor } = group;
    if (which === 'kohort') {
      kohort.push(world.consumer(`k${kohort.length + 1}`, [topic], { assignors: [ASSIGNORS[assignor]()] }));
    } else {
      const member = await startJavaMember({
        bootstrap: cluster.bootstrap,
        groupId: world.groupId,
        topics: [topic],
        assignor,
        properties: {
          'session.timeout.ms': String(world.times.sessionTimeout),
          'heartbeat.interval.ms': String(world.times.heartbeatInterval),
        },
      });
      java.push(member);
      foreign.push(member);
    }
    await untilConverged(group);
  }

  async function untilConverged({ world, kohort, foreign }: Group): Promise<void> {
    await world.eventually('every partition has one owner, and loads are even', async () => {
      if (!kohort.every(({ isStable }) => isStable)) return false;
      const loads = [...kohort.map(({ owned }) => owned.length), ...foreign.map(({ owned }) => owned.length)];
      const all = new Set([
        ...kohort.flatMap(({ owned }) => owned),
        ...foreign.flatMap(({ owned }) => owned.map(({ topic, partition }) => `${topic}-${partition}`)),
      ]);
      const sum = loads.reduce((total, load) => total + load, 0);
      return all.size === PARTITIONS && sum === PARTITIONS && Math.max(...loads) - Math.min(...loads) <= 1;
    });
  }

  async function consumeRound({ world, topic, foreign }: Group, rounds: number): Promise<void> {
    await world.produce(topic, PER_ROUND, { partitions: PARTITIONS, audited: false });
    const consumed = () => [
      ...world.trace
        .filter({ type: 'record.end', outcome: 'ok' })
        .events.map(({ fields }) => `${fields.topic}-${fields.partition} ${fields.offset}`),
      ...foreign.flatMap(({ records }) =>
        records.flatMap((r) =>
          Array.from({ length: r.count }, (_, n) => `${r.topic}-${r.partition} ${r.minOffset + n}`),
        ),
      ),
    ];
    await world.until(
      `${rounds * PER_ROUND} records are consumed`,
      () => new Set(consumed()).size === rounds * PER_ROUND,
    );
    expect(consumed().length).toBe(rounds * PER_ROUND);
  }

  test.each([
    ['sticky', 'java'],
    ['sticky', 'kohort'],
    ['cooperative-sticky', 'java'],
    ['cooperative-sticky', 'kohort'],
  ] as const)('%s, led by %s: converges after each join', (assignor, first) =>
    runScenario(kind, {
      title: `${assignor}, led by ${first}`,
      run: async (world) => {
        const group: Group = {
          assignor,
          world,
          topic: await world.topic(PARTITIONS),
          kohort: [],
          foreign: [],
        };
        await add(group, first);
        await consumeRound(group, 1);
        await add(group, first === 'java' ? 'kohort' : 'java');
        expect(group.kohort.some(({ description }) => description.isLeader)).toBe(first === 'kohort');
        await consumeRound(group, 2);
        await add(group, 'kohort');
        await consumeRound(group, 3);
        for (const { description } of group.kohort)
          expect(description).toMatchObject({
            assignor,
            protocol: assignor === 'sticky' ? 'eager' : 'cooperative',
          });
        await Promise.all(group.foreign.map((member) => member.close()));
      },
    }),
  );
});
