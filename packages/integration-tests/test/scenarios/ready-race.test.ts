// S65: what is produced right after ready() is read by a reader of the end, however requests and answers fall.

import { embeddedBroker } from '@kohort/broker-embedded';
import { createConsumerGroup } from '@kohort/core';
import { virtualClock } from '@kohort/testkit';
import { expect, test } from 'vitest';

const RUNS = 100;
/** Links as quick as memory, and as slow as another continent: every order of answers comes up. */
const LATENCY = { min: 0, max: 150 };

test(`S65 I8 ${RUNS} new groups that start at the end: each gets the record that is written when it is ready`, async () => {
  const clock = virtualClock();
  const topics = { orders: { partitions: 2 } };
  const broker = embeddedBroker({ clock, seed: 65, latency: LATENCY, topics });
  const missing: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const seen: string[] = [];
    const group = createConsumerGroup({
      groupId: `g${run}`,
      topics: ['orders'],
      transport: broker.transport(),
      autoOffsetReset: 'latest',
    });
    const running = group.run({ eachRecord: ({ value }) => void seen.push(`${value}`) });
    await clock.runUntil(group.ready());
    await broker.produce('orders', [{ value: `${run}`, partition: run % 2 }]);
    await clock.runUntil(() => seen.length > 0, { limitMs: 10_000 }).catch(() => missing.push(run));
    if (seen.length > 0) expect(seen).toEqual([`${run}`]);
    await clock.runUntil(group.close());
    await running;
  }
  expect(missing).toEqual([]);
  await clock.runUntil(broker.close());
});
