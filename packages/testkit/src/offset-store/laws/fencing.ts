/** The law of stores that fence: a member that was thrown out and does not know it yet must not write. */
import { deepEqual, ok } from 'node:assert/strict';
import type { ContractLaw } from '../../conformance.ts';
import { type StoreSetting, textOf } from '../setting.ts';

export const fencingLaw: ContractLaw<StoreSetting> = {
  name: 'fencing',
  says: 'what an earlier generation stores is refused by a rejection, and changes nothing',
  async check({ open }) {
    const one = { topic: 'orders', partition: 0, offset: 10n };
    const late = await open();
    await late.store([one], 5);
    const owner = await open();
    await owner.store([{ ...one, offset: 20n }], 6);
    await owner.store([{ ...one, offset: 21n }], 6);
    const refused = await late.store([{ ...one, offset: 11n }], 5).then(
      () => false,
      () => true,
    );
    deepEqual(textOf(await owner.load([one], 6)), textOf([{ ...one, offset: 21n }]));
    ok(refused, 'it answered as if it had stored what it has not');
  },
};
