/** The suite catches wrong hooks, each by the law that it breaks, and lets the sound one pass that they are made from. */
import { type EventName, HOOK_CONTRACT_VERSION, type Hook, type KohortEvent } from '@kohort/core/spi';
import { describe, it } from 'vitest';
import { EVENT_NAMES } from '../../src/hooks/samples.ts';
import { type HookUnderTest, hookConformance } from '../../src/index.ts';
import { type Exhibit, museum } from '../museum/exhibit.ts';

/** A hook that counts by a key of each event. */
function counter(keyOf: (event: KohortEvent) => string, parts: Partial<Hook> = {}): () => HookUnderTest {
  return () => {
    const counts = new Map<string, number>();
    const hook: Hook = {
      name: 'counter',
      contractVersion: HOOK_CONTRACT_VERSION,
      onEvent(event) {
        const key = keyOf(event);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      },
      ...parts,
    };
    return { hook, series: () => counts.size };
  };
}

/** A hook that does this with each event. */
const doing = (onEvent: (event: KohortEvent) => unknown, parts: Partial<Hook> = {}) =>
  counter(() => '', { onEvent: (event) => onEvent(event) as undefined, ...parts });

function until(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const known = new Set<string>(EVENT_NAMES);

const exhibits: readonly Exhibit<() => HookUnderTest>[] = [
  { law: 'shape', fault: 'has no name', make: counter(() => '', { name: '' }) },
  {
    law: 'shape',
    fault: 'is written for a contract to come',
    make: counter(() => '', { contractVersion: HOOK_CONTRACT_VERSION + 1 }),
  },
  {
    law: 'events',
    fault: 'asks for an event that nobody tells',
    make: counter(() => '', { events: ['rebalance.end', 'rebalance.ended' as EventName] }),
  },
  { law: 'events', fault: 'asks for nothing', make: counter(() => '', { events: [] }) },
  {
    law: 'harmless',
    fault: 'takes it for granted that a commit has an offset',
    make: doing((event) => event.type === 'commit.end' && BigInt(event.lowestOffset as string)),
  },
  {
    law: 'harmless',
    fault: 'reduces a list of partitions that may be empty',
    make: doing((event) => {
      if (event.type === 'lag.sample')
        event.partitions.reduce((most, one) => (BigInt(one.lag) > BigInt(most.lag) ? one : most));
    }),
  },
  {
    law: 'hands off',
    fault: 'sorts the partitions of an event in place',
    make: doing((event) => {
      if (event.type === 'drain.end') Array.prototype.reverse.call(event.cutOff);
    }),
  },
  {
    law: 'newer',
    fault: 'looks up a handler for each event and does not ask whether there is one',
    make: doing(({ type }) => {
      if (!known.has(type)) throw new TypeError('handler is not a function');
    }),
  },
  {
    law: 'newer',
    fault: 'has a number for each reason that it knows',
    make: doing((event) => {
      if (event.type !== 'partitions.lost') return;
      const index = ['lease', 'unknown-member', 'fenced'].indexOf(event.reason);
      if (index < 0) throw new RangeError(event.reason);
    }),
  },
  {
    law: 'several',
    fault: 'wants the numbers of all events to follow each other',
    make: () => {
      let last = 0;
      let first: string | undefined;
      return doing((event) => {
        first ??= event.groupId;
        if (event.groupId !== first) throw new Error(`gap from ${last} to ${event.seq}`);
        last = event.seq;
      })();
    },
  },
  { law: 'at once', fault: 'is an async function', make: doing(async () => undefined) },
  {
    law: 'at once',
    fault: 'returns the promise of what it sends',
    make: doing((event) => event.type === 'close.end' && Promise.reject(new Error('not sent'))),
  },
  { law: 'quick', fault: 'computes a millisecond for each event', make: doing(() => until(1)) },
  { law: 'bounded', fault: 'has a label for the member', make: counter(({ memberId }) => memberId) },
  {
    law: 'bounded',
    fault: 'has a label for the message of an error',
    make: counter((event) => (event.type === 'handler.error' ? event.message : event.type)),
  },
  {
    law: 'bounded',
    fault: 'has a label for the topic, without an end',
    make: counter((event) => (event.type === 'partition.error' ? event.topic : event.type)),
  },
];

museum(exhibits, hookConformance);

describe('a sound hook', () => {
  hookConformance(
    { describe, it },
    counter(({ type }) => type),
  );
  hookConformance({ describe, it }, () => ({ hook: function listener() {} }));
});
