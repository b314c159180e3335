/** Faults of topics, logs and offsets. */
import { GROUP } from '../plan/plan.ts';
import type { World } from '../world.ts';
import { type Fault, faultsOf } from './fault.ts';

const fault = faultsOf('data');

/** The next few answers of an API get an error code where Kafka puts it. */
function refuses(name: string, does: string, api: string, codes: readonly [number, ...number[]]): Fault {
  return fault({
    name,
    does,
    draw: (dice) => ({ error: dice.pick(codes), times: dice.times(12) }),
    apply(world, given) {
      world.rule({ api, ...given });
    },
  });
}

/** Answers to Metadata are changed on their way. */
function metadata(name: string, does: string, change: (topic: MetadataTopic, world: World) => void): Fault {
  return fault({
    name,
    does,
    draw: (dice) => ({ topic: dice.below(3), times: dice.times(8) }),
    apply(world, { topic, times }) {
      const wanted = world.topic(topic);
      world.rule({
        api: 'Metadata',
        times,
        rewrite: (response) => {
          const topics: unknown = Reflect.get(Object(response), 'topics');
          for (const found of Array.isArray(topics) ? (topics as MetadataTopic[]) : [])
            if (found.name === wanted) change(found, world);
          return response;
        },
      });
    },
  });
}

/** What these faults change of an answer. */
interface MetadataTopic {
  name: string;
  errorCode: number;
  partitions: { partitionIndex: number; leaderId: number; leaderEpoch: number; errorCode: number }[];
}

function partitionOf(world: World, topic: string, index: number): number {
  return index % Math.max(1, world.broker.endOffsets(topic).length);
}

function grow(world: World, topic: string, by: number): void {
  const now = world.broker.endOffsets(topic).length;
  if (now > 0) world.later(world.broker.addPartitions(topic, now + by));
}

export const dataFaults: readonly Fault[] = [
  fault({
    name: 'topic-grows',
    does: 'A topic gets more partitions.',
    draw: (dice) => ({ topic: dice.below(3), by: dice.times(6) }),
    apply: (world, { topic, by }) => grow(world, world.topic(topic), by),
  }),
  fault({
    name: 'topic-recreated',
    does: 'A topic is deleted and created again, with another id and fewer partitions.',
    draw: (dice) => ({ topic: dice.below(3), ms: dice.ms(1, 8_000), partitions: 1 + dice.below(4) }),
    apply(world, { topic, ms, partitions }) {
      const name = world.topic(topic);
      if (world.broker.topic(name) === undefined) return;
      world.auditor.excuseTopic(name);
      world.later(world.broker.deleteTopic(name));
      world.during(ms, () => () => world.later(world.broker.createTopic(name, { partitions })));
    },
  }),
  fault({
    name: 'records-expire',
    does: 'The oldest records of a partition are deleted, read or not, as retention does it.',
    draw: (dice) => ({ topic: dice.below(3), partition: dice.below(12), share: dice.random() }),
    apply(world, { topic, partition, share }) {
      const name = world.topic(topic);
      const index = partitionOf(world, name, partition);
      const end = world.broker.endOffsets(name)[index];
      if (end === undefined) return;
      world.auditor.excuseTopic(name);
      world.broker.faults.deleteRecordsBefore(name, index, BigInt(Math.floor(Number(end) * share)));
    },
  }),
  fault({
    name: 'log-truncated',
    does: 'The newest records of a partition are gone after an unclean election.',
    draw: (dice) => ({ topic: dice.below(3), partition: dice.below(12), share: dice.random() }),
    apply(world, { topic, partition, share }) {
      const name = world.topic(topic);
      const index = partitionOf(world, name, partition);
      const end = world.broker.endOffsets(name)[index];
      if (end === undefined) return;
      world.auditor.excuseTopic(name);
      world.broker.faults.truncate(name, index, BigInt(Math.floor(Number(end) * share)));
    },
  }),
  fault({
    name: 'leader-moves',
    does: 'A partition gets another leader, under a new epoch.',
    draw: (dice) => ({ topic: dice.below(3), partition: dice.below(12), times: dice.times(5) }),
    apply(world, { topic, partition, times }) {
      const name = world.topic(topic);
      for (let i = 0; i < times; i++)
        world.after(i * 700, () => {
          const index = partitionOf(world, name, partition);
          if (world.broker.endOffsets(name).length > 0 && world.coordinator() !== undefined)
            world.broker.faults.moveLeader(name, index);
        });
    },
  }),
  metadata(
    'metadata-stale-leader',
    'Metadata names a node that does not lead the partitions.',
    (topic, { plan }) => {
      for (const partition of topic.partitions) {
        partition.leaderId = (partition.leaderId + 1) % plan.nodes;
        partition.leaderEpoch -= 1;
      }
    },
  ),
  metadata('metadata-missing-topic', 'Metadata does not know a topic that is there.', (topic) => {
    topic.errorCode = 3;
    topic.partitions = [];
  }),
  metadata('metadata-fewer-partitions', 'Metadata has fewer partitions than the topic.', (topic) => {
    topic.partitions = topic.partitions.slice(0, Math.max(1, topic.partitions.length >> 1));
  }),
  metadata('metadata-without-leaders', 'Metadata has no leader for the partitions of a topic.', (topic) => {
    for (const partition of topic.partitions) {
      partition.leaderId = -1;
      partition.errorCode = 5;
    }
  }),
  refuses(
    'fetch-refused',
    'Fetch gets errors of partitions: moved, unknown, offline, stale epochs.',
    'Fetch',
    [3, 5, 6, 9, 56, 74, 75, 76, 100],
  ),
  refuses(
    'fetch-server-error',
    'Fetch gets errors that no client knows what to do about.',
    'Fetch',
    [-1, 2, 87],
  ),
  refuses('list-offsets-refused', 'ListOffsets gets errors.', 'ListOffsets', [3, 5, 6, 74, 75, 78]),
  refuses('offset-fetch-refused', 'OffsetFetch gets errors.', 'OffsetFetch', [14, 15, 16, -1]),
  refuses(
    'offsets-unstable',
    'OffsetFetch gets UNSTABLE_OFFSET_COMMIT, as with an open transaction.',
    'OffsetFetch',
    [88],
  ),
  refuses('commit-refused', 'OffsetCommit gets errors of partitions.', 'OffsetCommit', [3, 12, 28, -1]),
  fault({
    name: 'offset-fetch-omits',
    does: 'OffsetFetch leaves out a partition that was asked for.',
    draw: (dice) => ({ times: dice.times(4) }),
    apply(world, { times }) {
      world.rule({ api: 'OffsetFetch', times, rewrite: withoutLastPartition });
    },
  }),
  fault({
    name: 'transaction-aborted',
    does: 'Records of an aborted transaction are in the log: read uncommitted sees them, and gaps.',
    draw: (dice) => ({ topic: dice.below(3), count: dice.times(10) }),
    apply(world, { topic, count }) {
      const name = world.topic(topic);
      if (world.broker.topic(name) !== undefined) world.later(world.produce(name, count, 'abort'));
    },
  }),
  fault({
    name: 'transaction-committed',
    does: 'Records of a transaction are in the log, with its control records.',
    draw: (dice) => ({ topic: dice.below(3), count: dice.times(10) }),
    apply(world, { topic, count }) {
      const name = world.topic(topic);
      if (world.broker.topic(name) !== undefined) world.later(world.produce(name, count, 'commit'));
    },
  }),
  fault({
    name: 'burst',
    does: 'Many records are written at once.',
    isGraceful: true,
    draw: (dice) => ({ topic: dice.below(3), count: dice.ms(10, 300) }),
    apply(world, { topic, count }) {
      const name = world.topic(topic);
      if (world.broker.topic(name) !== undefined) world.later(world.produce(name, count));
    },
  }),
  fault({
    name: 'group-offsets-lost',
    does: 'The coordinator loses what it had not written, twice in a row.',
    draw: (dice) => ({ gap: dice.ms(1, 3_000) }),
    apply(world, { gap }) {
      world.later(world.broker.faults.crashCoordinator(GROUP));
      world.after(gap, () => world.later(world.broker.faults.crashCoordinator(GROUP)));
    },
  }),
];

/** In both shapes of the answer: one group, or a list of groups. */
function withoutLastPartition(response: unknown): unknown {
  const groups: unknown = Reflect.get(Object(response), 'groups');
  for (const holder of Array.isArray(groups) && groups.length > 0 ? groups : [response]) {
    const topics: unknown = Reflect.get(Object(holder), 'topics');
    const last: unknown = Array.isArray(topics) ? topics.at(-1) : undefined;
    const partitions: unknown = Reflect.get(Object(last), 'partitions');
    if (Array.isArray(partitions)) partitions.pop();
  }
  return response;
}
