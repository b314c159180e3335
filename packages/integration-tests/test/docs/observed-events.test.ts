// What a group tells while it lives stands in docs/observability.md, under that name and with those fields.

import { embeddedBroker } from '@kohort/broker-embedded';
import { createConsumerGroup, type EventName, type KohortEvent } from '@kohort/core';
import { DEFAULT_LEVELS, logHook } from '@kohort/metrics/log';
import { virtualClock } from '@kohort/testkit';
import { expect, it } from 'vitest';
import { readText } from './support/repository.ts';

const ENVELOPE = [
  'type',
  'v',
  'seq',
  'ts',
  'mono',
  'groupId',
  'clientId',
  'memberId',
  'groupInstanceId',
  'generationId',
  'rebalanceId',
];
const SHORT: Readonly<Record<string, readonly string[]>> = {
  outcome: ['durationMs', 'outcome', 'error'],
  where: ['topic', 'partition'],
};

/** Fields by event, from the table of the page. */
function documented(): ReadonlyMap<string, readonly string[]> {
  const [, table = ''] = readText('docs/observability.md').split('"outcome" stands for');
  const rows = table.matchAll(/^\| `([a-z.]+)`(?: †)? +\| ([^|]*) \|/gm);
  return new Map(
    Array.from(rows, ([, name = '', fields = '']) => {
      const words = fields.trim().split(', ');
      return [name, words.flatMap((word) => SHORT[word] ?? [word.replaceAll('`', '')])] as const;
    }),
  );
}

/** Events of a group that consumes, fails, rebalances, loses its coordinator for longer than its lease, and closes. */
async function eventsOfALife(): Promise<readonly KohortEvent[]> {
  const clock = virtualClock();
  const broker = embeddedBroker({ clock, topics: { orders: { partitions: 2 } } });
  const events: KohortEvent[] = [];
  const member = (hooks: readonly ((event: KohortEvent) => void)[]) => {
    const group = createConsumerGroup({
      groupId: 'g',
      topics: ['orders'],
      transport: broker.transport(),
      autoOffsetReset: 'earliest',
      hooks,
    });
    void group.run({
      eachRecord: (_, { attempt }) => {
        if (attempt === 1) throw new Error('the first time');
      },
    });
    return group;
  };
  const group = member([(event) => events.push(event)]);
  await broker.produce('orders', [{ value: 'a' }, { value: 'b' }]);
  await clock.runUntil(broker.settled('g'));
  const other = member([]);
  await clock.runUntil(() => other.describe().assignments.length === 1);
  await clock.runUntil(other.close());
  await clock.runUntil(() => group.describe().assignments.length === 2);
  await group.pause([{ topic: 'orders', partition: 0 }]);
  await broker.faults.crashCoordinator('g', { downFor: 40_000 });
  await clock.advance(120_000);
  await clock.runUntil(group.close());
  await broker.close();
  return events;
}

it('P5: nothing is told that is not documented', async () => {
  const page = documented();
  const events = await eventsOfALife();
  for (const event of events) {
    const known = [...ENVELOPE, ...(page.get(event.type) ?? [])];
    expect(
      Object.keys(event).filter((field) => !known.includes(field)),
      event.type,
    ).toEqual([]);
  }
  const told = new Set<EventName>(events.map(({ type }) => type));
  expect([...told]).toEqual(
    expect.arrayContaining([
      'rebalance.end',
      'handler.error',
      'commit.end',
      'lease.expired',
      'lease.restored',
      'flow.paused',
      'transport',
      'drain.end',
      'close.start',
      'close.end',
    ]),
  );
});

it('P7: what a close cuts off is told by drain.end and close.end, as close() itself says', async () => {
  const clock = virtualClock();
  const broker = embeddedBroker({ clock, topics: { orders: { partitions: 2 } } });
  const events: KohortEvent[] = [];
  const group = createConsumerGroup({
    groupId: 'g',
    topics: ['orders'],
    transport: broker.transport(),
    autoOffsetReset: 'earliest',
    hooks: [(event) => events.push(event)],
  });
  const started: number[] = [];
  let finish: () => void = () => undefined;
  void group.run({
    eachRecord: ({ partition }) => {
      started.push(partition);
      return partition === 0
        ? undefined
        : new Promise<void>((resolve) => {
            finish = resolve;
          });
    },
  });
  await broker.produce('orders', [
    { value: 'a', partition: 0 },
    { value: 'b', partition: 1 },
  ]);
  await clock.runUntil(() => started.length === 2);
  const result = await clock.runUntil(group.close({ timeout: 2_000 }));
  const cutOff = [{ topic: 'orders', partition: 1 }];
  expect(result).toEqual({ drained: false, abandoned: cutOff, left: true });
  expect(events.filter(({ type }) => type === 'drain.end' || type === 'close.end')).toMatchObject([
    { type: 'drain.end', drained: false, cutOff, redelivered: 1 },
    { type: 'close.end', drained: false, abandoned: 1, left: true },
  ]);
  finish();
  await clock.runUntil(broker.close());
});

it('every documented event has a level in the log sink', () => {
  expect([...documented().keys()].sort()).toEqual(Object.keys(DEFAULT_LEVELS).sort());
  expect(logHook({ logger: console }).events?.length).toBeGreaterThan(20);
});
