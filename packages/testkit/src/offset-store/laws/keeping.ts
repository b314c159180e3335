/** Laws about what is kept: nothing is made up, nothing gets lost. */
import { deepEqual, ok } from 'node:assert/strict';
import type { PartitionOffset } from '@kohort/core/spi';
import type { ContractLaw } from '../../conformance.ts';
import { type StoreSetting, textOf } from '../setting.ts';

const at = (partition: number, offset: bigint): PartitionOffset => ({ topic: 'orders', partition, offset });

const absent: ContractLaw<StoreSetting> = {
  name: 'absent',
  says: 'a partition that was never stored is left out: an offset made up skips records, or repeats all of them',
  async check({ open }) {
    const keeper = await open();
    deepEqual(textOf(await keeper.load([at(0, 0n), at(1, 0n)])), []);
    await keeper.store([at(1, 7n)]);
    deepEqual(textOf(await keeper.load([at(0, 0n), at(1, 0n), at(2, 0n)])), textOf([at(1, 7n)]));
  },
};

const exact: ContractLaw<StoreSetting> = {
  name: 'exact',
  says: 'offsets come back as the bigint that was stored: 0, and beyond what a number holds',
  async check({ open }) {
    const offsets = [at(0, 0n), at(1, 9_007_199_254_740_993n), at(2, 2n ** 63n - 1n)];
    const keeper = await open();
    await keeper.store(offsets);
    deepEqual(textOf(await keeper.load(offsets)), textOf(offsets));
  },
};

const latest: ContractLaw<StoreSetting> = {
  name: 'latest',
  says: 'what was stored last counts, also where it is lower, as after a seek',
  async check({ open }) {
    const keeper = await open();
    for (const offset of [5n, 900n, 40n, 1_000n, 3n]) {
      await keeper.store([at(0, offset)]);
      deepEqual(textOf(await keeper.load([at(0, 0n)])), textOf([at(0, offset)]));
    }
  },
};

const others: ContractLaw<StoreSetting> = {
  name: 'others',
  says: 'storing one partition leaves the others as they are, and overlapping calls lose nothing',
  async check({ open }) {
    const keeper = await open();
    const first = [at(0, 10n), at(1, 20n), at(2, 30n)];
    await keeper.store(first);
    await keeper.store([at(1, 21n)]);
    deepEqual(textOf(await keeper.load(first)), textOf([at(0, 10n), at(1, 21n), at(2, 30n)]));
    const second = await open();
    await Promise.all([keeper.store([at(0, 11n)]), second.store([at(2, 31n)]), keeper.store([at(3, 1n)])]);
    const all = [at(0, 11n), at(1, 21n), at(2, 31n), at(3, 1n)];
    deepEqual(textOf(await keeper.load(all)), textOf(all));
  },
};

const restart: ContractLaw<StoreSetting> = {
  name: 'restart',
  says: 'the next process of the group, in a later generation, begins where this one ended',
  async check({ open }) {
    const before = await open();
    const offsets = [at(0, 10n), at(1, 20n)];
    await before.store(offsets, 5);
    const after = await open();
    deepEqual(textOf(await after.load(offsets, 6)), textOf(offsets));
    await after.store([at(0, 12n)], 6);
    deepEqual(textOf(await (await open()).load(offsets, 7)), textOf([at(0, 12n), at(1, 20n)]));
  },
};

const empty: ContractLaw<StoreSetting> = {
  name: 'empty',
  says: 'an empty list is no error, and stores or loads nothing',
  async check({ open }) {
    const keeper = await open();
    await keeper.store([at(0, 4n)]);
    await keeper.store([]);
    deepEqual(textOf(await keeper.load([])), []);
    deepEqual(textOf(await keeper.load([at(0, 0n)])), textOf([at(0, 4n)]));
  },
};

const untouched: ContractLaw<StoreSetting> = {
  name: 'untouched',
  says: 'what it is given is left as it is, what it answers is not what it keeps, and mirror is a boolean or absent',
  async check({ open }) {
    const keeper = await open();
    ok(
      [undefined, true, false].some((mirror) => mirror === keeper.mirror),
      'mirror is no boolean',
    );
    const given = [{ topic: 'orders', partition: 0, offset: 8n }];
    await keeper.store(given);
    deepEqual(given, [{ topic: 'orders', partition: 0, offset: 8n }]);
    for (const one of given) one.offset = 1n;
    deepEqual(textOf(await keeper.load([at(0, 0n)])), textOf([at(0, 8n)]), 'changed after the call');
  },
};

export const keepingLaws = [absent, exact, latest, others, restart, empty, untouched];
