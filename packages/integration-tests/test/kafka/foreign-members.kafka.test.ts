// The foreign members and helpers written in Java, by themselves: tests of mixed groups stand on them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { javaAvailable, kafkaAvailable } from '../../kafka/availability.ts';
import { type KafkaCluster, startKafka } from '../../kafka/cluster.ts';
import { type JavaMember, type JavaMemberOptions, startJavaMember } from '../../kafka/java-member.ts';
import { AssignorOracle } from '../../kafka/java-oracle.ts';
import { runningJavaProcesses } from '../../kafka/java-process.ts';
import { javaProduce } from '../../kafka/java-producer.ts';
import type { TopicPartition } from '../../kafka/member-events.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { createTopic, uniqueName } from '../../kafka/topics.ts';

const missing = (await javaAvailable()) ?? (await kafkaAvailable());

function received(member: JavaMember): number {
  return member.records.reduce((sum, { count }) => sum + count, 0);
}

function partitionsOf(plan: readonly TopicPartition[] | undefined): readonly string[] {
  return (plan ?? []).map(({ topic, partition }) => `${topic}-${partition}`);
}

describeKafka('Java members', missing, () => {
  let cluster: KafkaCluster;
  const members: JavaMember[] = [];

  beforeAll(async () => {
    cluster = await startKafka();
  });
  afterAll(async () => {
    for (const member of members) await member.kill();
    await cluster.stop();
    expect(runningJavaProcesses()).toEqual([]);
  });

  async function join(options: Omit<JavaMemberOptions, 'bootstrap'>): Promise<JavaMember> {
    const properties = {
      'session.timeout.ms': '3000',
      'heartbeat.interval.ms': '300',
      ...options.properties,
    };
    const member = await startJavaMember({ bootstrap: cluster.bootstrap, ...options, properties });
    members.push(member);
    return member;
  }

  test('share a topic, and take over what a closed and a crashed member leave', async () => {
    const topic = uniqueName('shared');
    const groupId = uniqueName('group');
    await createTopic(cluster, topic, 6);
    const options = { groupId, topics: [topic], assignor: 'roundrobin' } as const;
    const first = await join(options);
    await first.until('own 6', ({ owned }) => owned.length === 6);
    const second = await join(options);
    const third = await join({ ...options, clientVersion: '2.4.1' });
    for (const member of [first, second, third])
      await member.until('own 2', ({ owned }) => owned.length === 2);
    const all = [first, second, third].flatMap(({ owned }) => partitionsOf(owned));
    expect(all.toSorted()).toEqual([0, 1, 2, 3, 4, 5].map((partition) => `${topic}-${partition}`));
    await third.close();
    for (const member of [first, second]) await member.until('own 3', ({ owned }) => owned.length === 3);
    await second.kill();
    await first.until('own 6 again', ({ owned }) => owned.length === 6);
    expect(first.memberId).toMatch(/^consumer-/);
    await first.close();
  });

  test('pause, resume and commit on command; a static member keeps its partitions over a restart', async () => {
    const topic = uniqueName('commands');
    await createTopic(cluster, topic, 1);
    const options = {
      groupId: uniqueName('group'),
      topics: [topic],
      assignor: 'range',
      groupInstanceId: 'one',
      commit: 'none',
    } as const;
    const member = await join({ ...options, properties: { 'session.timeout.ms': '30000' } });
    await member.until('own the partition', ({ owned }) => owned.length === 1);
    const { generation } = member;
    await member.command('pause');
    await javaProduce({ bootstrap: cluster.bootstrap, topic, count: 4 });
    await member.command('commit');
    expect(member.events.findLast(({ event }) => event === 'committed')).toEqual({
      event: 'committed',
      offsets: [{ topic, partition: 0, offset: 0 }],
    });
    expect(received(member)).toBe(0);
    await member.command('resume');
    await member.until('receive 4 records', () => received(member) === 4);
    await member.close();
    const again = await join({ ...options, properties: { 'session.timeout.ms': '30000' } });
    await again.until('own the partition again', ({ owned }) => owned.length === 1);
    expect(again.generation).toBe(generation);
    await again.close();
  });

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'produce and read %s batches',
    async (codec) => {
      const topic = uniqueName(codec);
      await createTopic(cluster, topic, 1);
      const { bootstrap } = cluster;
      const written = await javaProduce({ bootstrap, topic, codec, count: 500, valueSize: 200, headers: 2 });
      expect(written).toEqual([{ partition: 0, count: 500, minOffset: 0, maxOffset: 499 }]);
      const member = await join({ groupId: uniqueName('group'), topics: [topic], assignor: 'range' });
      await member.until('receive 500 records', () => received(member) === 500);
      await member.close();
    },
  );

  test('transactions: an aborted one is invisible under read_committed, an open one holds the reader back', async () => {
    const topic = uniqueName('transactions');
    await createTopic(cluster, topic, 1);
    const { bootstrap } = cluster;
    const write = (first: number, outcome: 'commit' | 'abort' | 'open') =>
      javaProduce({ bootstrap, topic, count: 3, first, transaction: { id: `${topic}-${outcome}`, outcome } });
    await write(0, 'commit');
    await write(3, 'abort');
    await write(6, 'commit');
    // Three records and one marker for each: the last transaction's records are 12 to 14.
    expect(await write(9, 'open')).toEqual([{ partition: 0, count: 3, minOffset: 12, maxOffset: 14 }]);
    await javaProduce({ bootstrap, topic, count: 1, first: 12 });
    const groupId = uniqueName('group');
    const join2 = (level: string) =>
      join({
        groupId: `${groupId}-${level}`,
        topics: [topic],
        assignor: 'range',
        properties: { 'isolation.level': level },
      });
    const uncommitted = await join2('read_uncommitted');
    await uncommitted.until('receive 13 records', () => received(uncommitted) === 13);
    const committed = await join2('read_committed');
    await committed.until('receive 6 records', () => received(committed) === 6);
    expect(committed.records.at(-1)?.maxOffset).toBe(10);
    await uncommitted.close();
    await committed.close();
  });

  test('a member whose input ends is gone without leaving the group', async () => {
    const topic = uniqueName('orphan');
    await createTopic(cluster, topic, 1);
    const member = await join({ groupId: uniqueName('group'), topics: [topic], assignor: 'range' });
    await member.until('own the partition', ({ owned }) => owned.length === 1);
    await member.abandon();
    expect(member.events.some(({ event }) => event === 'closed')).toBe(false);
  });
});

describeKafka('assignor oracle', missing, () => {
  let oracle: AssignorOracle;
  beforeAll(async () => {
    oracle = await AssignorOracle.start();
  });
  afterAll(() => oracle.close());

  const topics = [
    { name: '__proto__', partitions: 3 },
    { name: 'b', partitions: 3 },
  ];
  const members = ['m1', 'm2'].map((memberId) => ({ memberId, topics: ['__proto__', 'b'] }));

  test('range gives each topic in contiguous runs, the first members the larger ones', async () => {
    const plan = await oracle.assign({ assignor: 'range', topics, members });
    expect(partitionsOf(plan.get('m1'))).toEqual(['__proto__-0', '__proto__-1', 'b-0', 'b-1']);
    expect(partitionsOf(plan.get('m2'))).toEqual(['__proto__-2', 'b-2']);
  });

  test('roundrobin deals all partitions of all topics in turn', async () => {
    const plan = await oracle.assign({ assignor: 'roundrobin', topics, members });
    expect(partitionsOf(plan.get('m1'))).toEqual(['__proto__-0', '__proto__-2', 'b-1']);
    expect(partitionsOf(plan.get('m2'))).toEqual(['__proto__-1', 'b-0', 'b-2']);
  });

  test('instance ids decide the order before member ids', async () => {
    const renamed = [
      { memberId: 'm1', groupInstanceId: 'z', topics: ['b'] },
      { memberId: 'm2', groupInstanceId: 'a', topics: ['b'] },
    ];
    const plan = await oracle.assign({ assignor: 'range', topics, members: renamed });
    expect(partitionsOf(plan.get('m2'))).toEqual(['b-0', 'b-1']);
    expect(partitionsOf(plan.get('m1'))).toEqual(['b-2']);
  });

  test('range goes by racks when members and replicas have them', async () => {
    const racked = [{ name: 'b', partitions: 2, replicaRacks: [['r2'], ['r1']] }];
    const inRacks = [
      { memberId: 'm1', rack: 'r1', topics: ['b'] },
      { memberId: 'm2', rack: 'r2', topics: ['b'] },
    ];
    const plan = await oracle.assign({ assignor: 'range', topics: racked, members: inRacks });
    expect(partitionsOf(plan.get('m1'))).toEqual(['b-1']);
    expect(partitionsOf(plan.get('m2'))).toEqual(['b-0']);
  });

  test('cooperative-sticky keeps what members own and withholds what another one still has', async () => {
    const owned = [0, 1, 2].map((partition) => ({ topic: 'b', partition }));
    const plan = await oracle.assign({
      assignor: 'cooperative-sticky',
      topics: [{ name: 'b', partitions: 4 }],
      members: [
        { memberId: 'm1', topics: ['b'], owned, generation: 5 },
        { memberId: 'm2', topics: ['b'], generation: 5 },
      ],
    });
    expect(partitionsOf(plan.get('m1'))).toHaveLength(2);
    expect(partitionsOf(plan.get('m2'))).toEqual(['b-3']);
  });

  test('answers keep to their questions when many are asked at once', async () => {
    const sizes = Array.from({ length: 200 }, (_, index) => index + 1);
    const plans = await Promise.all(
      sizes.map((partitions) =>
        oracle.assign({
          assignor: 'range',
          topics: [{ name: 't', partitions }],
          members: [{ memberId: 'm', topics: ['t'] }],
        }),
      ),
    );
    expect(plans.map((plan) => plan.get('m')?.length)).toEqual(sizes);
  });
});
