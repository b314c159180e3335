/** Brokers under a virtual clock, closed after each test, with no timer left behind. */
import { virtualClock } from '@kohort/testkit';
import { afterEach, expect } from 'vitest';
import { type EmbeddedBrokerOptions, embeddedBroker } from '../../src/index.ts';
import type { Rig } from './client.ts';

const open: Rig[] = [];

/** A broker with topic `orders` of three partitions, unless told otherwise. */
export function rig(options: EmbeddedBrokerOptions = {}): Rig {
  const clock = virtualClock();
  const broker = embeddedBroker({ clock, topics: { orders: { partitions: 3 } }, ...options });
  const made = { broker, clock };
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const { broker, clock } of open.splice(0)) {
    await broker.close();
    // What is left then are deadlines of clients that a test has left waiting.
    await clock.runUntilIdle();
    expect(clock.pending).toBe(0);
  }
});
