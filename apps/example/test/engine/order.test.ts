/** Orders: a handler accepts what was produced for this place, and nothing else. */
import { expect, it } from 'vitest';
import { encodeOrder, type ReceivedRecord, verifyOrder } from '../../src/engine/order.ts';

function received(change: Partial<ReceivedRecord> = {}): ReceivedRecord {
  const { value, headers } = encodeOrder(3, 17, 1999);
  const carried = new Map(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
  return { partition: 3, offset: 17n, value: Buffer.from(value), headers: carried, ...change };
}

it('accepts an order and answers its sequence', () => {
  expect(verifyOrder(received())).toBe(17);
});

it('refuses a changed value, a missing one, and a missing checksum', () => {
  const spoilt = Buffer.from(received().value?.toString().replace('1999', '1') ?? '');
  expect(() => verifyOrder(received({ value: spoilt }))).toThrow('The checksum of 3@17 is wrong.');
  expect(() => verifyOrder(received({ value: null }))).toThrow('The checksum of 3@17 is wrong.');
  expect(() => verifyOrder(received({ headers: new Map() }))).toThrow('The checksum of 3@17 is wrong.');
});

it('refuses an order at another place than its own', () => {
  expect(() => verifyOrder(received({ partition: 4 }))).toThrow('4@17 holds an order');
  expect(() => verifyOrder(received({ offset: 18n }))).toThrow('3@18 holds an order');
});
