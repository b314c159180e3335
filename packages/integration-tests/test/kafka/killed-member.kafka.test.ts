// S42 with real processes: a member is killed by SIGKILL, and another one takes over what it had not committed.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { type KafkaCluster, startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenario } from '../../scenarios/run-scenarios.ts';
import type { World } from '../../scenarios/world.ts';
import { ChildMember } from '../support/child-member.ts';

const missing = await kafkaAvailable();
const PARTITIONS = 4;

describeKafka('a killed process', missing, () => {
  let cluster: KafkaCluster;
  const kind = new KafkaKind('killed members');
  const children: ChildMember[] = [];
  beforeAll(async () => {
    cluster = await startKafka();
    await kind.use(cluster);
  });
  afterAll(async () => {
    for (const child of children) await child.kill();
    await kind.end();
  });

  test('S42 P2 nothing is lost, and what was committed does not come again', () =>
    runScenario(kind, { title: 'SIGKILL', run: kill }));

  async function kill(world: World): Promise<void> {
    const topic = await world.topic(PARTITIONS);
    const child = new ChildMember(
      cluster.bootstrap[0] ?? '',
      world.groupId,
      topic,
      world.times.sessionTimeout,
    );
    children.push(child);
    await world.until('the process owns all', () => child.assigned === PARTITIONS);
    await world.produce(topic, 40, { partitions: PARTITIONS, audited: false });
    await world.until('it has consumed all', () => child.records.length === 40);
    await world.untilCommitted(topic, [10n, 10n, 10n, 10n]);
    const m1 = world.consumer('m1', [topic]);
    await world.until('they share', () => m1.owned.length === 2 && child.assigned === 2);
    await world.produce(topic, 40, { partitions: PARTITIONS, audited: false });
    await child.kill();
    await world.until('m1 owns all', () => m1.isStable && m1.owned.length === PARTITIONS);
    await world.untilCommitted(topic, [20n, 20n, 20n, 20n]);
    const all = new Set([...child.records, ...recordsOf(world)]);
    expect(all.size).toBe(80);
    // Of the first 40, all committed by the child, none came again.
    expect(recordsOf(world).filter((place) => Number(place.split(' ')[1]) < 10)).toEqual([]);
  }

  function recordsOf(world: World): readonly string[] {
    return world.trace
      .filter({ actor: 'm1', type: 'record.end' })
      .events.map(({ fields }) => `${fields.partition} ${fields.offset}`);
  }
});
