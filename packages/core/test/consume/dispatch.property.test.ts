/** Order, window, exclusivity and the commit, under handlers that settle and fail in any order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordHandler } from '../../src/contracts/consumer.ts';
import { Rig, tp } from '../support/consumer-rig.ts';
import { range } from '../support/fake-records.ts';

interface Open {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly end: (failed: boolean) => void;
}

const scenario = fc.record({
  ordering: fc.constantFrom('partition' as const, 'key' as const, 'none' as const),
  perPartition: fc.integer({ min: 1, max: 5 }),
  total: fc.integer({ min: 1, max: 7 }),
  window: fc.integer({ min: 1, max: 8 }),
  keys: fc.array(fc.constantFrom('a', 'b', 'c', null), { minLength: 1, maxLength: 6 }),
  /** Which open call ends next, whether it fails, and how much time passes. */
  moves: fc.array(fc.record({ pick: fc.nat(), fails: fc.boolean(), wait: fc.nat(400) }), {
    minLength: 1,
    maxLength: 60,
  }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer One> ? One : never;

const PARTITIONS = 2;
const RECORDS = 15;

class Watcher {
  readonly open: Open[] = [];
  readonly settled = [new Set<number>(), new Set<number>()];
  readonly begun = [new Set<number>(), new Set<number>()];
  readonly #scenario: Scenario;

  constructor(given: Scenario) {
    this.#scenario = given;
  }

  lowest(partition: number): number {
    let low = 0;
    while (this.settled[partition]?.has(low)) low += 1;
    return low;
  }

  readonly handler: RecordHandler = (record) => {
    const { partition } = record;
    const offset = Number(record.offset);
    const key = record.key?.toString() ?? null;
    this.#check(partition, offset, key);
    this.begun[partition]?.add(offset);
    return new Promise<void>((resolve, reject) => {
      const end = (failed: boolean) => {
        if (!failed) this.settled[partition]?.add(offset);
        if (failed) reject(new Error('boom'));
        else resolve();
      };
      this.open.push({ partition, offset, key, end });
    });
  };

  #check(partition: number, offset: number, key: string | null): void {
    const { total, perPartition, ordering, window, keys } = this.#scenario;
    const here = this.open.filter((one) => one.partition === partition);
    expect(this.settled[partition]?.has(offset), 'settled records are never handed out again').toBe(false);
    expect(this.open.length, 'total').toBeLessThan(total);
    expect(here.length, 'per partition').toBeLessThan(ordering === 'partition' ? 1 : perPartition);
    expect(
      here.some((one) => one.offset === offset),
      'the same record twice at once',
    ).toBe(false);
    expect(offset - this.lowest(partition), 'window').toBeLessThan(window);
    if (ordering === 'partition') expect(offset, 'order').toBe(this.lowest(partition));
    if (ordering !== 'key' || key === null) return;
    for (let before = 0; before < offset; before++) {
      if (keys[before % keys.length] === key) {
        expect(this.settled[partition]?.has(before), `order of key ${key}: ${before} before ${offset}`).toBe(
          true,
        );
      }
    }
  }
}

test('order, window, concurrency and commits hold under any order of settlements and failures', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { keys } = given;
      const perPartition = given.ordering === 'partition' ? 1 : given.perPartition;
      const rig = new Rig({
        concurrency: { total: given.total, perPartition, ordering: given.ordering, window: given.window },
        commitInterval: 300,
      });
      rig.cluster.addTopic('t', PARTITIONS);
      for (let p = 0; p < PARTITIONS; p++) {
        for (const first of [0, 5, 10]) {
          rig.cluster.append(
            't',
            p,
            range(first, first + 4, (offset) => keys[offset % keys.length] ?? null),
          );
        }
      }
      const watcher = new Watcher(given);
      rig.group.onCommit = (offsets) => {
        for (const { partition, offset } of offsets) {
          expect(Number(offset), 'no commit passes an unsettled record').toBeLessThanOrEqual(
            watcher.lowest(partition),
          );
          expect(offset, 'commits are monotonic').toBeGreaterThanOrEqual(
            rig.group.committedOffset('t', partition) ?? 0n,
          );
        }
      };
      await rig.start({ eachRecord: watcher.handler }, [tp('t', 0), tp('t', 1)]);
      for (const { pick, fails, wait } of given.moves) {
        await rig.clock.advance(wait);
        const [one] = watcher.open.splice(pick % Math.max(1, watcher.open.length), 1);
        one?.end(fails);
      }
      for (let i = 0; i < 500 && watcher.settled.some((set) => set.size < RECORDS); i++) {
        watcher.open.shift()?.end(false);
        await rig.clock.advance(watcher.open.length > 0 ? 1 : 300);
      }
      expect(watcher.settled.map((set) => set.size)).toEqual([RECORDS, RECORDS]); // nothing is forgotten
      await rig.clock.advance(1000);
      expect(rig.group.committedOffset('t', 0)).toBe(BigInt(RECORDS));
      expect(rig.events.filter(({ name }) => name === 'callback.error')).toEqual([]);
      await rig.stop();
      expect(rig.clock.pending).toBe(0);
    }),
    { numRuns: 60 },
  );
}, 60_000);
