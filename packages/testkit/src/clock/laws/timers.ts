/** Laws about timers that fire. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ContractLaw } from '../../conformance.ts';
import type { ClockUnderTest } from '../conformance.ts';

/** Timers of Node may be this much early by the monotonic clock, since they count whole milliseconds. */
const EARLY_MS = 1;
/** More than fits into 31 bits, where a timer of Node fires at once. */
const FAR_MS = [2 ** 31, 2 ** 32 + 5, 2 ** 40];

const later: ContractLaw<ClockUnderTest> = {
  name: 'later',
  says: 'a timer never fires within setTimer, and one without delay fires soon after',
  async check({ clock, pass }) {
    for (const delay of [0, -5, 0.3]) {
      let fired = false;
      clock.setTimer(() => {
        fired = true;
      }, delay);
      ok(!fired, `a timer of ${delay} ms fired before setTimer returned`);
      await pass(5);
      ok(fired, `a timer of ${delay} ms has not fired after 5 ms`);
    }
  },
};

const once: ContractLaw<ClockUnderTest> = {
  name: 'once',
  says: 'a timer fires once',
  async check({ clock, pass }) {
    let fired = 0;
    clock.setTimer(() => fired++, 5);
    await pass(40);
    equal(fired, 1, `it fired ${fired} times in 40 ms`);
  },
};

const notEarly: ContractLaw<ClockUnderTest> = {
  name: 'not early',
  says: 'a timer fires no sooner than its delay',
  async check({ clock, pass }) {
    const early: string[] = [];
    for (const delay of [10, 20.5, 30]) {
      const armed = clock.monotonic();
      clock.setTimer(() => {
        const waited = clock.monotonic() - armed;
        if (waited < delay - EARLY_MS) early.push(`${delay} ms after ${waited}`);
      }, delay);
    }
    await pass(45);
    deepEqual(early, []);
  },
};

const order: ContractLaw<ClockUnderTest> = {
  name: 'order',
  says: 'timers fire in the order in which they are due, those due together in the order in which they were armed',
  async check({ clock, pass }) {
    const fired: string[] = [];
    const arm = (name: string, delay: number) => clock.setTimer(() => fired.push(name), delay);
    arm('third', 30);
    arm('first', 10);
    arm('second', 20);
    arm('second, armed later', 20);
    await pass(50);
    deepEqual(fired, ['first', 'second', 'second, armed later', 'third']);
  },
};

const each: ContractLaw<ClockUnderTest> = {
  name: 'each',
  says: 'timers with one callback are timers of their own',
  async check({ clock, pass }) {
    let fired = 0;
    const callback = () => fired++;
    clock.setTimer(callback, 5);
    clock.setTimer(callback, 5);
    const cancelled = clock.setTimer(callback, 6);
    clock.setTimer(callback, 10);
    cancelled.cancel();
    await pass(30);
    equal(fired, 3, `of three timers and a cancelled one ${fired} fired`);
  },
};

const chain: ContractLaw<ClockUnderTest> = {
  name: 'chain',
  says: 'a callback can arm the next timer',
  async check({ clock, pass }) {
    let fired = 0;
    const next = () => {
      fired += 1;
      if (fired < 3) clock.setTimer(next, 5);
    };
    clock.setTimer(next, 5);
    for (let i = 0; i < 5; i++) await pass(8);
    equal(fired, 3);
  },
};

const far: ContractLaw<ClockUnderTest> = {
  name: 'far',
  says: 'a timer of months does not fire at once',
  async check({ clock, pass }) {
    const fired: number[] = [];
    const timers = FAR_MS.map((delay) => clock.setTimer(() => fired.push(delay), delay));
    await pass(20);
    for (const timer of timers) timer.cancel();
    deepEqual(fired, [], `fired within 20 ms: timers of ${fired.join(', ')} ms`);
  },
};

export const timerLaws = [later, once, notEarly, order, each, chain, far];
