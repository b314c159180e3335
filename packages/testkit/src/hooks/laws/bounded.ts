/** The law about what a hook gathers. */
import { ok } from 'node:assert/strict';
import type { ContractLaw } from '../../conformance.ts';
import type { HookUnderTest } from '../conformance.ts';
import { deliver, frozen } from '../deliver.ts';
import { eventsOf, other } from '../samples.ts';

/** How many members, topics, offsets and messages a hook may take to come to its bound. */
const EARLY = 150;
const LATE = 300;

export const boundedLaw: ContractLaw<HookUnderTest> = {
  name: 'bounded',
  says: 'ever new members, topics, offsets and messages do not make ever new series',
  async check({ hook, series = () => 0 }) {
    const events = eventsOf().filter(({ type }) => !type.startsWith('close.'));
    const upTo = async (from: number, to: number) => {
      for (let nth = from; nth < to; nth++) {
        for (const event of events) deliver(hook, frozen(other(event, nth)));
      }
      return series();
    };
    const early = await upTo(0, EARLY);
    const late = await upTo(EARLY, LATE);
    ok(late <= early, `${early} series after ${EARLY} members, ${late} after ${LATE}`);
  },
};
