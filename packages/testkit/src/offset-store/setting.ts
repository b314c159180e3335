/** What the laws of offset stores have in common: processes of one group, and calls to make. */
import type { OffsetStore, PartitionOffset, TopicPartition } from '@kohort/core/spi';
import type { MakeOffsetStore, OffsetStoreConformanceOptions } from './conformance.ts';

/** One process of the group. */
export interface Keeper {
  readonly mirror: unknown;
  /** What it answers, whatever that is. */
  readonly load: (
    partitions: readonly TopicPartition[],
    generationId?: number,
  ) => Promise<readonly PartitionOffset[]>;
  readonly store: (offsets: readonly PartitionOffset[], generationId?: number) => Promise<void>;
}

export interface StoreSetting {
  /** One more process of the group. */
  readonly open: () => Promise<Keeper>;
  /** A process of another group. */
  readonly openOther: () => Promise<Keeper>;
}

export function settingOf(
  make: MakeOffsetStore,
  groupId: string,
  options: OffsetStoreConformanceOptions,
): StoreSetting {
  const open = async (group: string) => keeperOf(await make(group), group, options);
  return { open: () => open(groupId), openOther: () => open(`${groupId}-other`) };
}

function keeperOf(
  store: OffsetStore,
  groupId: string,
  { write }: Pick<OffsetStoreConformanceOptions, 'write'>,
): Keeper {
  const contextOf = (generationId: number) => ({
    generationId,
    memberId: `member of ${generationId}`,
    signal: new AbortController().signal,
  });
  return {
    mirror: store.mirror,
    load: (partitions, generationId = 5) => store.load(partitions, contextOf(generationId)),
    store(offsets, generationId = 5) {
      if (store.store) return store.store(offsets, { ...contextOf(generationId), reason: 'interval' });
      if (write) return write(groupId, offsets);
      throw new TypeError('the store has no `store`, and the option `write` is not there to stand in');
    },
  };
}

/** Offsets as text, in an order of their own: what is compared. */
export function textOf(offsets: readonly PartitionOffset[]): string[] {
  return offsets
    .map(({ topic, partition, offset }) => `${topic}/${partition} ${typeof offset} ${offset}`)
    .sort();
}
