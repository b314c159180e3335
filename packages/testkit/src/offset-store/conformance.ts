/** The conformance suite for offset stores, for any test runner that has `describe` and `it`. */
import { randomUUID } from 'node:crypto';
import type { OffsetStore, PartitionOffset } from '@kohort/core/spi';
import { type ConformanceRunner, type ContractLaw, declareLaws } from '../conformance.ts';
import { fencingLaw } from './laws/fencing.ts';
import { keepingLaws } from './laws/keeping.ts';
import { namingLaws } from './laws/naming.ts';
import { type StoreSetting, settingOf } from './setting.ts';

/** Makes the store of one group. Two of one group are two processes: they share what is stored. */
export type MakeOffsetStore = (groupId: string) => OffsetStore | Promise<OffsetStore>;

/** What a store promises beyond the laws. */
export interface OffsetStoreConformanceOptions {
  /** For a store without `store`: does what the handler does, in the handler's own transaction. */
  readonly write?: (groupId: string, offsets: readonly PartitionOffset[]) => Promise<void>;
  /** It refuses what a member of an earlier generation stores. */
  readonly fencesGenerations?: boolean;
}

/**
 * Declares one test for each law that an offset store has to keep: nothing is made up, what was stored is loaded to the
 * last digit, also by the next process, and partitions and groups do not get in each other's way. Each law has a group id
 * of its own that was never used before, so a database need not be emptied.
 *
 * @throws TypeError for a store without `store` where `write` is missing, from each test
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import type { PartitionOffset } from '@kohort/core/spi';
 * import { offsetStoreConformance } from '@kohort/testkit';
 *
 * const table = new Map<string, PartitionOffset>();
 * offsetStoreConformance({ describe, it }, (groupId) => {
 *   const keyOf = (one: { topic: string; partition: number }) => JSON.stringify([groupId, one.topic, one.partition]);
 *   return {
 *     load: async (partitions) => partitions.flatMap((one) => table.get(keyOf(one)) ?? []),
 *     store: async (offsets) => {
 *       for (const one of offsets) table.set(keyOf(one), one);
 *     },
 *   };
 * });
 * ```
 */
export function offsetStoreConformance(
  runner: ConformanceRunner,
  make: MakeOffsetStore,
  options: OffsetStoreConformanceOptions = {},
): void {
  const laws: ContractLaw<StoreSetting>[] = [...keepingLaws, ...namingLaws];
  if (options.fencesGenerations) laws.push(fencingLaw);
  declareLaws(runner, 'offset store conformance', laws, () =>
    settingOf(make, `conformance-${randomUUID()}`, options),
  );
}
