// Kohort and Java in one group: whoever leads, everybody gets exactly the share that Kafka's assignor gives, and
// every record is consumed once.

import { range, roundRobin } from '@kohort/assignors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { javaAvailable, kafkaAvailable } from '../../kafka/availability.ts';
import { type KafkaCluster, startKafka } from '../../kafka/cluster.ts';
import { type JavaMember, startJavaMember } from '../../kafka/java-member.ts';
import { AssignorOracle } from '../../kafka/java-oracle.ts';
import { describeKafka } from '../../kafka/suite.ts';
import type { ConsumerMember } from '../../scenarios/consumer-member.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenario } from '../../scenarios/run-scenarios.ts';
import type { World } from '../../scenarios/world.ts';

const missing = (await javaAvailable()) ?? (await kafkaAvailable());
const ASSIGNORS = { range, roundrobin: roundRobin } as const;
type Name = keyof typeof ASSIGNORS;

/** Five and four: neither is a multiple of the number of members. */
const SIZES = [5, 4] as const;
const PER_PARTITION = 20;

describeKafka('mixed groups with Java', missing, () => {
  let cluster: KafkaCluster;
  let oracle: AssignorOracle;
  const kind = new KafkaKind('mixed groups');
  const java: JavaMember[] = [];
  beforeAll(async () => {
    [cluster, oracle] = await Promise.all([startKafka(), AssignorOracle.start()]);
    await kind.use(cluster);
  });
  afterAll(async () => {
    for (const member of java) await member.kill();
    await oracle.close();
    await kind.end();
  });

  async function startJava(world: World, topics: readonly string[], assignor: Name): Promise<JavaMember> {
    const member = await startJavaMember({
      bootstrap: cluster.bootstrap,
      groupId: world.groupId,
      topics,
      assignor,
      properties: {
        'session.timeout.ms': String(world.times.sessionTimeout),
        'heartbeat.interval.ms': String(world.times.heartbeatInterval),
        'metadata.max.age.ms': '1000',
      },
    });
    java.push(member);
    return member;
  }

  function startKohort(
    world: World,
    name: string,
    topics: readonly string[],
    assignor: Name,
  ): ConsumerMember {
    return world.consumer(name, topics, { assignors: [ASSIGNORS[assignor]()] });
  }

  /** Waits until both kinds of members hold exactly what Kafka's assignor says. */
  async function untilLawful(
    world: World,
    topics: readonly string[],
    assignor: Name,
    kohort: readonly ConsumerMember[],
    foreign: readonly JavaMember[],
  ): Promise<void> {
    await world.eventually('everybody has the share that Kafka gives', async () => {
      const held = sharesOf(kohort, foreign);
      if (!kohort.every(({ isStable }) => isStable)) return false;
      if (held.size !== kohort.length + foreign.length) return false;
      const plan = await oracle.assign({
        assignor,
        topics: topics.map((name, index) => ({ name, partitions: SIZES[index] ?? 0 })),
        members: [...held.keys()].map((memberId) => ({ memberId, topics })),
      });
      return [...plan].every(([memberId, partitions]) => {
        const expected = partitions.map(({ topic, partition }) => `${topic}-${partition}`).toSorted();
        return JSON.stringify(held.get(memberId)) === JSON.stringify(expected);
      });
    });
  }

  async function produce(world: World, topics: readonly string[]): Promise<void> {
    for (const [index, topic] of topics.entries()) {
      const partitions = SIZES[index] ?? 0;
      await world.produce(topic, PER_PARTITION * partitions, { partitions, audited: false });
    }
  }

  /** Waits until so many rounds of records are consumed, and checks that none was consumed twice. */
  async function untilConsumedOnce(
    world: World,
    rounds: number,
    kohort: readonly ConsumerMember[],
    foreign: readonly JavaMember[],
  ): Promise<void> {
    const total = rounds * PER_PARTITION * (SIZES[0] + SIZES[1]);
    await world.until(`${total} records are consumed`, () => new Set(consumed(world)).size === total);
    const all = consumed(world);
    expect(all.length).toBe(new Set(all).size);
    // Both kinds have had their part in it.
    expect(kohort.every(({ handled }) => handled.length > 0)).toBe(true);
    expect(foreign.every(({ records }) => records.length > 0)).toBe(true);
  }

  /** What all members of this world have consumed, those that have left included, doubles included. */
  function consumed(world: World): readonly string[] {
    return [
      ...kohortPlaces(world),
      ...java.flatMap(javaPlaces).filter((place) => place.includes(world.mark)),
    ];
  }

  test.each([
    ['range', 'java'],
    ['range', 'kohort'],
    ['roundrobin', 'java'],
    ['roundrobin', 'kohort'],
  ] as const)(
    '%s, led by %s: lawful shares, every record once, then the other kind leads',
    (assignor, first) =>
      runScenario(kind, {
        title: `${assignor}, led by ${first}`,
        run: (world) => mix(world, assignor, first),
      }),
  );

  async function mix(world: World, assignor: Name, first: 'java' | 'kohort'): Promise<void> {
    const topics = [
      await world.topic(SIZES[0], world.unique('a')),
      await world.topic(SIZES[1], world.unique('b')),
    ];
    const kohort: ConsumerMember[] = [];
    const foreign: JavaMember[] = [];
    const add = async (which: 'java' | 'kohort') => {
      if (which === 'java') foreign.push(await startJava(world, topics, assignor));
      else kohort.push(startKohort(world, `k${kohort.length + 1}`, topics, assignor));
      await untilLawful(world, topics, assignor, kohort, foreign);
    };
    await add(first);
    await produce(world, topics);
    await add(first === 'java' ? 'kohort' : 'java');
    // Who came first leads: the coordinator keeps the leader for as long as it stays.
    expect(kohort.some(({ description }) => description.isLeader)).toBe(first === 'kohort');
    await produce(world, topics);
    await untilConsumedOnce(world, 2, kohort, foreign);
    await add('kohort');
    await produce(world, topics);
    await untilConsumedOnce(world, 3, kohort, foreign);
    await handOver(world, first, kohort, foreign);
    await untilLawful(world, topics, assignor, kohort, foreign);
    await produce(world, topics);
    await untilConsumedOnce(world, 4, kohort, foreign);
    await Promise.all(foreign.map((member) => member.close()));
    expect(foreign.flatMap(({ events }) => events).filter(({ event }) => event === 'commitFailed')).toEqual(
      [],
    );
  }

  /** The leader leaves, and a member of the other kind takes the lead. */
  async function handOver(
    world: World,
    first: 'java' | 'kohort',
    kohort: ConsumerMember[],
    foreign: JavaMember[],
  ): Promise<void> {
    if (first === 'java') {
      await foreign.shift()?.close();
      await world.until('Kohort leads', () =>
        kohort.some(({ isStable, description }) => isStable && description.isLeader),
      );
      return;
    }
    for (const member of kohort.splice(0)) await member.close();
    await foreign[0]?.until('lead alone', ({ owned }) => owned.length === SIZES[0] + SIZES[1]);
  }
});

/** Partitions by member id, sorted. */
function sharesOf(
  kohort: readonly ConsumerMember[],
  foreign: readonly JavaMember[],
): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ...kohort.map(({ description, owned }) => [description.memberId, owned] as const),
    ...foreign.map(({ memberId, owned }) => {
      const partitions = owned.map(({ topic, partition }) => `${topic}-${partition}`).toSorted();
      return [memberId ?? '', partitions] as const;
    }),
  ]);
}

/** What Kohort's handlers have ended, as `topic-partition offset`, doubles included. */
function kohortPlaces(world: World): readonly string[] {
  return world.trace
    .filter({ type: 'record.end', outcome: 'ok' })
    .events.map(({ fields }) => `${fields.topic}-${fields.partition} ${fields.offset}`);
}

/** What a Java member has received; its records are contiguous within one batch, since these topics have no markers. */
function javaPlaces({ records }: JavaMember): readonly string[] {
  return records.flatMap(({ topic, partition, minOffset, count }) =>
    Array.from({ length: count }, (_, n) => `${topic}-${partition} ${minOffset + n}`),
  );
}
