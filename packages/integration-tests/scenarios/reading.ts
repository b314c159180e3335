/** What is in the log: compressed batches, control records, aborted transactions, odd names. */
import { expect } from 'vitest';
import type { Capability } from './backend.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf } from './world.ts';

const CODEC_NEEDS: Readonly<Record<'gzip' | 'snappy' | 'lz4' | 'zstd', readonly Capability[]>> = {
  gzip: [],
  snappy: ['all codecs'],
  lz4: ['all codecs'],
  zstd: ['all codecs'],
};

const codecs = (['gzip', 'snappy', 'lz4', 'zstd'] as const).map(
  (compression): Scenario => ({
    title: `batches compressed with ${compression} are read`,
    needs: CODEC_NEEDS[compression],
    async run(world) {
      const topic = await world.topic(1);
      await world.produce(topic, 200, { compression });
      const m1 = world.consumer('m1', [topic]);
      await world.untilAllHandled();
      expect(m1.handled).toEqual(Array.from({ length: 200 }, (_, n) => `value-${n}`));
      await world.untilCommitted(topic, [200n]);
    },
  }),
);

const committedOnly: Scenario = {
  title: 'read_committed: committed transactions only, and an open one holds the reader back until it ends',
  needs: ['transactions'],
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 3, { transaction: 'commit' });
    await world.produce(topic, 3, { transaction: 'abort', audited: false });
    await world.produce(topic, 3, { transaction: 'commit' });
    await world.produce(topic, 3, { transaction: 'open', audited: false });
    const m1 = world.consumer('m1', [topic], { isolationLevel: 'read_committed' });
    await world.untilAllHandled();
    await world.pass(world.times.heartbeatInterval * 2);
    expect(m1.handled).toEqual([0, 1, 2, 6, 7, 8].map((n) => `value-${n}`));
  },
};

const uncommittedToo: Scenario = {
  title: 'read_uncommitted: everything but the markers',
  needs: ['transactions'],
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 3, { transaction: 'commit' });
    await world.produce(topic, 3, { transaction: 'abort' });
    await world.produce(topic, 3, { transaction: 'open' });
    const m1 = world.consumer('m1', [topic]);
    await world.untilAllHandled();
    expect(m1.handled).toHaveLength(9);
  },
};

const markersAtTheEnd: Scenario = {
  title: 'S39 P5 only markers after the last record: the position moves past them, and the lag becomes 0',
  needs: ['transactions'],
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 3, { transaction: 'commit' });
    await world.produce(topic, 3, { transaction: 'abort', audited: false });
    const m1 = world.consumer('m1', [topic], { isolationLevel: 'read_committed' });
    await world.untilAllHandled();
    // Three records and a marker, twice.
    await world.until('the lag is 0', () =>
      m1.group.lag().every(({ position, lag }) => position === 8n && lag === 0n),
    );
  },
};

const names: Scenario = {
  title: 'topics named __proto__, constructor and 249 characters, and a group id that is not ASCII',
  async run(world) {
    const long = world.unique('x').padEnd(249, 'x');
    const topics = ['__proto__', 'constructor', 'hasOwnProperty', long];
    for (const topic of topics) await world.topic(2, topic);
    const groupId = world.unique('Grüße ✓ группа');
    const members = ['m1', 'm2'].map((name) => world.consumer(name, topics, { groupId }));
    await world.untilShared(
      members,
      topics.flatMap((topic) => partitionsOf(topic, 2)),
    );
    for (const topic of topics) await world.produce(topic, 10, { partitions: 2 });
    await world.untilAllHandled();
    for (const topic of topics) {
      await world.eventually(`${topic} is committed`, async () => {
        const committed = await world.backend.committed(groupId, topic);
        return committed.get(0) === 5n && committed.get(1) === 5n;
      });
    }
    const lag = members.flatMap(({ group }) => group.lag());
    expect(lag).toHaveLength(8);
    world.auditor.checkNoDuplicates();
  },
};

const contents: Scenario = {
  title: 'keys, headers, timestamps and null values arrive as they were written',
  needs: ['faults'],
  async run(world) {
    const topic = await world.topic(1);
    await world.broker.produce(topic, [
      {
        key: 'k',
        value: null,
        headers: [
          ['a', '1'],
          ['a', '2'],
          ['__proto__', null],
        ],
        timestamp: 1_700_000_000_000,
      },
      { key: null, value: 'ü' },
    ]);
    const seen: unknown[] = [];
    world.consumer('m1', [topic], {
      handle: ({ key, value, headers, timestamp, timestampType }) => {
        const pairs = [...headers].map(([name, bytes]) => [name, bytes?.toString() ?? null]);
        seen.push([key?.toString() ?? null, value?.toString() ?? null, pairs, timestampType]);
        if (seen.length === 1) expect(timestamp).toBe(1_700_000_000_000);
      },
    });
    await world.until('both are there', () => seen.length === 2);
    expect(seen).toEqual([
      [
        'k',
        null,
        [
          ['a', '1'],
          ['a', '2'],
          ['__proto__', null],
        ],
        'create',
      ],
      [null, 'ü', [], 'create'],
    ]);
  },
};

export const reading: readonly Scenario[] = [
  ...codecs,
  committedOnly,
  uncommittedToo,
  markersAtTheEnd,
  names,
  contents,
];
