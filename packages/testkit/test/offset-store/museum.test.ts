/** The suite catches wrong offset stores, each by the law that it breaks, and lets sound ones pass. */
import type { OffsetStore, PartitionOffset, TopicPartition } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { type MakeOffsetStore, offsetStoreConformance } from '../../src/index.ts';
import { type Exhibit, museum } from '../museum/exhibit.ts';

interface Row {
  readonly one: PartitionOffset;
  readonly generationId: number;
}

type Table = Map<string, Row>;
type Particulars = (sound: OffsetStore, table: Table, groupId: string) => Partial<OffsetStore>;

/** A sound store over a table in memory, but for what is particular to it. */
function but(
  particulars: Particulars = () => ({}),
  keyOf = (groupId: string, { topic, partition }: TopicPartition) =>
    JSON.stringify([groupId, topic, partition]),
): MakeOffsetStore {
  const table: Table = new Map();
  return (groupId) => {
    const sound = {
      load: async (partitions: readonly TopicPartition[]) =>
        partitions.flatMap((one) => {
          const row = table.get(keyOf(groupId, one));
          return row ? [{ ...row.one, topic: one.topic, partition: one.partition }] : [];
        }),
      async store(offsets: readonly PartitionOffset[], { generationId }: { readonly generationId: number }) {
        const rows = offsets.map((one) => [keyOf(groupId, one), { one: { ...one }, generationId }] as const);
        if (rows.some(([key]) => (table.get(key)?.generationId ?? 0) > generationId))
          throw new Error('fenced');
        for (const [key, row] of rows) table.set(key, row);
      },
    };
    return { ...sound, ...particulars(sound, table, groupId) };
  };
}

const exhibits: readonly Exhibit<MakeOffsetStore>[] = [
  {
    law: 'absent',
    fault: 'answers 0 for what it does not know',
    make: but((sound) => ({
      async load(partitions, context) {
        const found = await sound.load(partitions, context);
        return partitions.map(
          (one) =>
            found.find(({ topic, partition }) => topic === one.topic && partition === one.partition) ?? {
              ...one,
              offset: 0n,
            },
        );
      },
    })),
  },
  {
    law: 'exact',
    fault: 'has a column of numbers',
    make: but((sound) => ({
      load: async (partitions, context) =>
        (await sound.load(partitions, context)).map((one) => ({
          ...one,
          offset: BigInt(Number(one.offset)),
        })),
    })),
  },
  {
    law: 'exact',
    fault: 'answers with the text of its database',
    make: but((sound) => ({
      load: async (partitions, context) =>
        JSON.parse(
          JSON.stringify(await sound.load(partitions, context), (_, value) =>
            typeof value === 'bigint' ? String(value) : value,
          ),
        ),
    })),
  },
  {
    law: 'exact',
    fault: 'takes the offset 0 for none',
    make: but((sound) => ({
      load: async (partitions, context) =>
        (await sound.load(partitions, context)).filter(({ offset }) => offset),
    })),
  },
  {
    law: 'latest',
    fault: 'keeps the highest offset',
    make: but((sound) => ({
      async store(offsets, context) {
        const kept = await sound.load(offsets, context);
        const higher = offsets.filter(
          (one) => !kept.some(({ partition, offset }) => partition === one.partition && offset > one.offset),
        );
        await sound.store?.(higher, context);
      },
    })),
  },
  {
    law: 'others',
    fault: 'keeps one document for the group, and writes over it',
    make: but((sound, table) => ({
      async store(offsets, context) {
        table.clear();
        await sound.store?.(offsets, context);
      },
    })),
  },
  {
    law: 'others',
    fault: 'reads, changes and writes the whole document, with time in between',
    make: but((sound, table) => ({
      async store(offsets, context) {
        const before = new Map(table);
        await Promise.resolve();
        await sound.store?.(offsets, context);
        for (const [key, row] of before)
          if (!offsets.some((one) => key.endsWith(`,${one.partition}]`))) table.set(key, row);
      },
    })),
  },
  {
    law: 'restart',
    fault: 'keeps offsets for a generation',
    make: but((sound, table) => ({
      async load(partitions, context) {
        const rows = [...table.values()].filter(({ generationId }) => generationId === context.generationId);
        const known = new Set(rows.map(({ one }) => one.partition));
        return (await sound.load(partitions, context)).filter(({ partition }) => known.has(partition));
      },
    })),
  },
  {
    law: 'empty',
    fault: 'builds a statement without values',
    make: but((sound) => ({
      async store(offsets, context) {
        if (offsets.length === 0) throw new SyntaxError('syntax error at or near ";"');
        await sound.store?.(offsets, context);
      },
    })),
  },
  {
    law: 'untouched',
    fault: 'keeps the objects that it was given',
    make: but((_, table, groupId) => ({
      async store(offsets, { generationId }) {
        for (const one of offsets)
          table.set(JSON.stringify([groupId, one.topic, one.partition]), { one, generationId });
      },
    })),
  },
  {
    law: 'untouched',
    fault: 'has a word for mirror',
    make: but(() => JSON.parse('{"mirror":"yes"}')),
  },
  {
    law: 'distinct',
    fault: 'joins topic and partition to a key',
    make: but(undefined, (groupId, { topic, partition }) => `${groupId}/${topic}${partition}`),
  },
  {
    law: 'distinct',
    fault: 'does not tell letters of both sizes apart',
    make: but(undefined, (groupId, { topic, partition }) =>
      JSON.stringify([groupId, topic.toLowerCase(), partition]),
    ),
  },
  {
    law: 'asked',
    fault: 'answers with all that the group has',
    make: but((_sound, table) => ({ load: async () => [...table.values()].map(({ one }) => one) })),
  },
  {
    law: 'many',
    fault: 'has a limit of 1,000 rows for a query',
    make: but((sound) => ({
      load: async (partitions, context) => (await sound.load(partitions, context)).slice(0, 1_000),
    })),
  },
  {
    law: 'groups',
    fault: 'leaves the group out of its key',
    make: but(undefined, (_groupId, { topic, partition }) => JSON.stringify([topic, partition])),
  },
  {
    law: 'fencing',
    fault: 'does not look at the generation',
    make: but((sound) => ({
      store: async (offsets, context) => sound.store?.(offsets, { ...context, generationId: 99 }),
    })),
  },
  {
    law: 'fencing',
    fault: 'drops what an earlier generation stores, and says nothing',
    make: but((sound) => ({
      store: async (offsets, context) => sound.store?.(offsets, context).catch(() => undefined),
    })),
  },
];

museum(exhibits, (runner, make) => offsetStoreConformance(runner, make, { fencesGenerations: true }));

describe('a sound store', () => {
  offsetStoreConformance({ describe, it }, but(), { fencesGenerations: true });
});

describe('a store whose handler stores', () => {
  const table = new Map<string, PartitionOffset>();
  const keyOf = (groupId: string, { topic, partition }: TopicPartition) =>
    JSON.stringify([groupId, topic, partition]);
  const make = (groupId: string): OffsetStore => ({
    load: async (partitions) => partitions.flatMap((one) => table.get(keyOf(groupId, one)) ?? []),
  });
  offsetStoreConformance({ describe, it }, make, {
    async write(groupId, offsets) {
      for (const one of offsets) table.set(keyOf(groupId, one), { ...one });
    },
  });

  it('needs somebody who writes', async () => {
    const tests: (() => Promise<void>)[] = [];
    const collect = {
      describe: (_: string, body: () => void) => body(),
      it: (_: string, body: () => Promise<void>) => tests.push(body),
    };
    offsetStoreConformance(collect, make);
    await expect(tests[0]?.()).rejects.toThrow('the option `write` is not there to stand in');
  });
});
