// S47: Kohort and kafkajs in one group, under the name that kafkajs' own assignor goes by, whoever leads.

import { roundRobin } from '@kohort/core';
import { type Consumer, Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { kafkajsConfig } from '../../kafka/client-properties.ts';
import { type KafkaCluster, startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenario } from '../../scenarios/run-scenarios.ts';
import type { World } from '../../scenarios/world.ts';

const missing = await kafkaAvailable();
const PARTITIONS = 6;

/** A member that is kafkajs' own consumer, with its default assignor. */
class KafkajsMember {
  readonly consumed: string[] = [];
  owned: readonly string[] = [];
  isLeader = false;
  readonly #consumer: Consumer;

  constructor(cluster: KafkaCluster, groupId: string, times: World['times']) {
    const kafka = new Kafka({ ...kafkajsConfig(cluster), clientId: 'kafkajs' });
    this.#consumer = kafka.consumer({
      groupId,
      sessionTimeout: times.sessionTimeout,
      heartbeatInterval: times.heartbeatInterval,
      rebalanceTimeout: times.rebalanceTimeout,
      maxWaitTimeInMs: times.fetchMaxWait,
    });
    this.#consumer.on(this.#consumer.events.GROUP_JOIN, ({ payload }) => {
      this.isLeader = payload.isLeader;
      this.owned = Object.entries(payload.memberAssignment)
        .flatMap(([topic, partitions]) => partitions.map((partition) => `${topic}-${partition}`))
        .toSorted();
    });
  }

  async start(topic: string): Promise<this> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [topic], fromBeginning: true });
    await this.#consumer.run({
      eachMessage: async ({ topic: from, partition, message }) => {
        this.consumed.push(`${from}-${partition} ${message.offset}`);
      },
    });
    return this;
  }

  stop(): Promise<void> {
    return this.#consumer.disconnect();
  }
}

describeKafka('mixed groups with kafkajs', missing, () => {
  let cluster: KafkaCluster;
  const kind = new KafkaKind('mixed groups');
  const members: KafkajsMember[] = [];
  beforeAll(async () => {
    cluster = await startKafka();
    await kind.use(cluster);
  });
  afterAll(async () => {
    await Promise.all(members.map((member) => member.stop()));
    await kind.end();
  });

  test.each(['kafkajs', 'kohort'] as const)('S47 led by %s: lawful shares, every record once', (leader) =>
    runScenario(kind, { title: `led by ${leader}`, run: (world) => mix(world, leader) }),
  );

  async function mix(world: World, leader: 'kafkajs' | 'kohort'): Promise<void> {
    const topic = await world.topic(PARTITIONS);
    const startKohort = () =>
      world.consumer('kohort', [topic], { assignors: [roundRobin({ as: 'RoundRobinAssigner' })] });
    const startKafkajs = async () => {
      const member = new KafkajsMember(cluster, world.groupId, world.times);
      members.push(member);
      return member.start(topic);
    };
    const first = leader === 'kohort' ? startKohort() : await startKafkajs();
    await world.until('the first owns all', () => first.owned.length === PARTITIONS);
    const second = leader === 'kohort' ? await startKafkajs() : startKohort();
    const both = () => [...first.owned, ...second.owned].toSorted();
    await world.until('each has half', () => {
      const shares = [first.owned.length, second.owned.length];
      return shares.every((share) => share === PARTITIONS / 2) && new Set(both()).size === PARTITIONS;
    });
    const kafkajs = first instanceof KafkajsMember ? first : second;
    const kohort = first instanceof KafkajsMember ? second : first;
    if (!(kafkajs instanceof KafkajsMember) || kohort instanceof KafkajsMember)
      throw new Error('one of each');
    expect([kafkajs.isLeader, kohort.description.isLeader]).toEqual([
      leader === 'kafkajs',
      leader === 'kohort',
    ]);
    expect(kohort.description.assignor).toBe('RoundRobinAssigner');
    await world.until('Kohort is stable', () => kohort.isStable);
    await world.produce(topic, 120, { partitions: PARTITIONS, audited: false });
    const consumed = () => [
      ...kafkajs.consumed,
      ...world.trace
        .filter({ actor: 'kohort', type: 'record.end' })
        .events.map(({ fields }) => `${fields.topic}-${fields.partition} ${fields.offset}`),
    ];
    await world.until('all is consumed', () => new Set(consumed()).size === 120);
    expect(consumed()).toHaveLength(120);
    await kafkajs.stop();
    members.splice(members.indexOf(kafkajs), 1);
    await world.until('Kohort owns all', () => kohort.isStable && kohort.owned.length === PARTITIONS);
    await world.produce(topic, 60, { partitions: PARTITIONS, audited: false });
    await world.until('the rest is consumed', () => new Set(consumed()).size === 180);
    expect(consumed()).toHaveLength(180);
  }
});
