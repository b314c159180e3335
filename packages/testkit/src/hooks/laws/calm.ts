/** Laws about what a hook does with events: nothing that the group could notice. */
import { deepEqual, ok } from 'node:assert/strict';
import type { ContractLaw } from '../../conformance.ts';
import type { HookUnderTest } from '../conformance.ts';
import { deliver, frozen } from '../deliver.ts';
import { eventsOf, newerEvents, type SampleEvent } from '../samples.ts';

/** What half of all events may take, in milliseconds: a group settles thousands of records in a second. */
const MOST_MS = 0.5;

function takes({ hook }: HookUnderTest, event: SampleEvent): unknown {
  try {
    return deliver(hook, event);
  } catch (error) {
    throw new Error(`it threw at ${event.type}: ${String(error)}`, { cause: error });
  }
}

const harmless: ContractLaw<HookUnderTest> = {
  name: 'harmless',
  says: 'no event of the catalogue makes it throw, frozen as a group freezes them, at the edge or twice',
  check(subject) {
    for (const event of [...eventsOf(), ...eventsOf()]) takes(subject, frozen(event));
  },
};

const handsOff: ContractLaw<HookUnderTest> = {
  name: 'hands off',
  says: 'events are left as they are: other hooks get the same ones',
  check({ hook }) {
    for (const event of eventsOf()) {
      const before = structuredClone(event);
      try {
        deliver(hook, event);
      } finally {
        deepEqual(event, before, `it has changed ${before.type}`);
      }
    }
  },
};

const newer: ContractLaw<HookUnderTest> = {
  name: 'newer',
  says: 'events, fields and values that it does not know are ignored',
  check(subject) {
    for (const event of newerEvents()) takes(subject, frozen(event));
  },
};

const several: ContractLaw<HookUnderTest> = {
  name: 'several',
  says: 'one hook serves several groups, whose events come mixed, and a member that starts again',
  check(subject) {
    const lives = [
      eventsOf({ groupId: 'one', memberId: 'a' }),
      eventsOf({ groupId: '__proto__', memberId: 'b', groupInstanceId: 'static' }),
      eventsOf({ groupId: 'one', clientId: 'second', memberId: 'c' }),
    ];
    const length = Math.max(...lives.map((life) => life.length));
    for (let i = 0; i < length; i++) {
      for (const life of lives) if (life[i] !== undefined) takes(subject, frozen(life[i] as SampleEvent));
    }
    for (const event of eventsOf({ groupId: 'one', memberId: 'a' })) takes(subject, frozen(event));
  },
};

const atOnce: ContractLaw<HookUnderTest> = {
  name: 'at once',
  says: 'it returns no promise: nobody would wait for it, or hear of its rejection',
  check(subject) {
    for (const event of eventsOf()) {
      const answer = takes(subject, frozen(event));
      const later = typeof answer === 'object' && answer !== null && 'then' in answer;
      if (later) Promise.resolve(answer).catch(() => undefined);
      ok(!later, `it answered ${event.type} with a promise`);
    }
  },
};

const quick: ContractLaw<HookUnderTest> = {
  name: 'quick',
  says: `half of the events take it less than ${MOST_MS} ms: it runs between heartbeats and records`,
  check(subject) {
    const events = eventsOf().map(frozen);
    const took = [...events, ...events, ...events].map((event) => {
      const before = performance.now();
      takes(subject, event);
      return performance.now() - before;
    });
    const median = took.sort((a, b) => a - b)[Math.floor(took.length / 2)] ?? 0;
    ok(median <= MOST_MS, `half of the events took it more than ${median.toFixed(2)} ms`);
  },
};

export const calmLaws = [harmless, handsOff, newer, several, atOnce, quick];
