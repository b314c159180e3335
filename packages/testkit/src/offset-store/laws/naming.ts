/** Laws about keys: what is told apart in Kafka is told apart in the store. */
import { deepEqual } from 'node:assert/strict';
import type { PartitionOffset } from '@kohort/core/spi';
import type { ContractLaw } from '../../conformance.ts';
import { type StoreSetting, textOf } from '../setting.ts';

/** Names that run into each other when they are joined to numbers, and such as objects have themselves. */
const TRICKY: readonly (readonly [topic: string, partition: number])[] = [
  ['a', 12],
  ['a-1', 2],
  ['a1', 2],
  ['a-12', 2],
  ['a.1', 2],
  ['a_1', 2],
  ['A', 12],
  ['a', 1],
  ['__proto__', 0],
  ['constructor', 0],
  ['x'.repeat(249), 0],
];

const MANY = 2_000;

const distinct: ContractLaw<StoreSetting> = {
  name: 'distinct',
  says: 'partitions that are not the same do not share an offset, whatever topics are called',
  async check({ open }) {
    const offsets = TRICKY.map(
      ([topic, partition], i): PartitionOffset => ({ topic, partition, offset: BigInt(100 + i) }),
    );
    const keeper = await open();
    for (const one of offsets) await keeper.store([one]);
    deepEqual(textOf(await keeper.load(offsets)), textOf(offsets));
  },
};

const asked: ContractLaw<StoreSetting> = {
  name: 'asked',
  says: 'the answer has what was asked for, each once, and nothing else',
  async check({ open }) {
    const keeper = await open();
    const offsets = [0, 1, 2].map((partition) => ({ topic: 'orders', partition, offset: BigInt(partition) }));
    await keeper.store(offsets);
    const some = offsets.filter(({ partition }) => partition !== 1);
    deepEqual(textOf(await keeper.load(some)), textOf(some));
  },
};

const many: ContractLaw<StoreSetting> = {
  name: 'many',
  says: `${MANY} partitions fit into one call`,
  async check({ open }) {
    const offsets = Array.from({ length: MANY }, (_, partition) => ({
      topic: 'orders',
      partition,
      offset: BigInt(partition * 3),
    }));
    const keeper = await open();
    await keeper.store(offsets);
    deepEqual(textOf(await keeper.load(offsets)), textOf(offsets));
  },
};

const groups: ContractLaw<StoreSetting> = {
  name: 'groups',
  says: 'groups do not share offsets',
  async check({ open, openOther }) {
    const one = { topic: 'orders', partition: 0, offset: 6n };
    const other = { ...one, offset: 70n };
    const keeper = await open();
    const elsewhere = await openOther();
    await keeper.store([one]);
    deepEqual(textOf(await elsewhere.load([one])), []);
    await elsewhere.store([other]);
    deepEqual(textOf(await keeper.load([one])), textOf([one]));
  },
};

export const namingLaws = [distinct, asked, many, groups];
