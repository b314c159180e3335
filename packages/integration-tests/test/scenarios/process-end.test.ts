// P7, S54: after close() no timer and no socket keeps the process alive.

import { embeddedBroker } from '@kohort/broker-embedded';
import { afterEach, expect, test, vi } from 'vitest';
import { ChildMember } from '../support/child-member.ts';

const SESSION_MS = 3_000;
const children: ChildMember[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
});

test('S54 P7 R1 close() leaves nothing behind, and the process ends unaided', async () => {
  const broker = embeddedBroker({ topics: { orders: { partitions: 2 } }, groupMinSessionTimeout: 100 });
  const address = await broker.listen();
  const child = new ChildMember(address, 'g', 'orders', SESSION_MS);
  children.push(child);
  await broker.produce(
    'orders',
    Array.from({ length: 10 }, (_, n) => ({ value: `${n}`, partition: n % 2 })),
  );
  await vi.waitFor(() => expect(child.records).toHaveLength(10), { timeout: 20_000 });
  child.close();
  expect(await child.ended).toBe(0);
  expect(child.lines.at(-1)).toEqual({ event: 'closed', resources: [] });
  expect(child.errors).toBe('');
  expect(broker.group('g')?.members).toEqual([]);
  expect([...broker.committed('g').values()]).toEqual([5n, 5n]);
  await broker.close();
});

test('P7 the same when the brokers are gone', async () => {
  const broker = embeddedBroker({ topics: { orders: { partitions: 2 } }, groupMinSessionTimeout: 100 });
  const address = await broker.listen();
  const child = new ChildMember(address, 'g', 'orders', SESSION_MS);
  children.push(child);
  await vi.waitFor(() => expect(child.assigned).toBe(2), { timeout: 20_000 });
  await broker.close();
  child.close();
  expect(await child.ended).toBe(0);
  expect(child.lines.at(-1)).toEqual({ event: 'closed', resources: [] });
  expect(child.errors).toBe('');
});
