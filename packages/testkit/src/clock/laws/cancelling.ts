/** Laws about timers that are cancelled. */
import { deepEqual, ok } from 'node:assert/strict';
import type { ContractLaw } from '../../conformance.ts';
import type { ClockUnderTest } from '../conformance.ts';

const cancelled: ContractLaw<ClockUnderTest> = {
  name: 'cancelled',
  says: 'a cancelled timer does not fire, and others do',
  async check({ clock, pass }) {
    const fired: string[] = [];
    const first = clock.setTimer(() => fired.push('first'), 5);
    clock.setTimer(() => fired.push('second'), 10);
    const third = clock.setTimer(() => fired.push('third'), 15);
    first.cancel();
    third.cancel();
    await pass(30);
    deepEqual(fired, ['second']);
  },
};

const twice: ContractLaw<ClockUnderTest> = {
  name: 'twice',
  says: 'cancelling again, or after the timer has fired, does nothing, to other timers neither',
  async check({ clock, pass }) {
    const fired: string[] = [];
    const done = clock.setTimer(() => fired.push('done'), 1);
    const gone = clock.setTimer(() => fired.push('gone'), 1);
    gone.cancel();
    await pass(8);
    clock.setTimer(() => fired.push('new'), 5);
    done.cancel();
    done.cancel();
    gone.cancel();
    await pass(20);
    deepEqual(fired, ['done', 'new']);
  },
};

const within: ContractLaw<ClockUnderTest> = {
  name: 'within',
  says: 'a callback can cancel a timer that is due at the same moment, and its own',
  async check({ clock, pass }) {
    let other = false;
    const own = clock.setTimer(() => {
      own.cancel();
      victim.cancel();
    }, 5);
    const victim = clock.setTimer(() => {
      other = true;
    }, 5);
    await pass(25);
    ok(!other, 'the timer that was cancelled by the one before it fired');
  },
};

export const cancelLaws = [cancelled, twice, within];
