/** Consumer protocol blobs: what is written can be read, and arbitrary bytes give a value or a ProtocolError, in bounded time. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeAssignment, encodeAssignment } from '../../src/wire/assignment.ts';
import { ProtocolError } from '../../src/wire/bytes.ts';
import { decodeSubscription, encodeSubscription } from '../../src/wire/subscription.ts';
import { groupByTopic } from '../../src/wire/topic-partitions.ts';

const names = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('__proto__', 'constructor', 'a'.repeat(249)),
);
const partition = fc.record({ topic: names, partition: fc.integer({ min: 0, max: 2 ** 31 - 1 }) });
const userData = fc.option(fc.uint8Array({ maxLength: 20 }), { nil: null });

it('a subscription comes back sorted and without doubles', () => {
  const subscriptions = fc.record({
    topics: fc.array(names, { maxLength: 8 }),
    userData,
    owned: fc.array(partition, { maxLength: 20 }),
    generationId: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
    rackId: fc.option(fc.string({ unit: 'binary', maxLength: 5 }), { nil: null }),
  });
  fc.assert(
    fc.property(subscriptions, (subscription) => {
      expect(decodeSubscription(encodeSubscription(subscription))).toEqual({
        version: 3,
        topics: [...new Set(subscription.topics)].sort(),
        userData: subscription.userData,
        owned: groupByTopic(subscription.owned),
        generationId: subscription.generationId,
        rackId: subscription.rackId,
      });
    }),
    { numRuns: 200 },
  );
});

it('an assignment comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(partition, { maxLength: 20 }), userData, (partitions, data) => {
      const topics = groupByTopic(partitions);
      const read = decodeAssignment(encodeAssignment(topics, data));
      expect(read).toEqual({ version: 3, topics, userData: data, absent: false });
    }),
    { numRuns: 200 },
  );
});

/** Runs a decoder; a value or a ProtocolError are the only outcomes. */
function outcome(decode: () => unknown): 'value' | 'refused' {
  try {
    decode();
    return 'value';
  } catch (error) {
    if (error instanceof ProtocolError) return 'refused';
    throw error;
  }
}

it('arbitrary bytes are read or refused', () => {
  const version = fc.constantFrom(0, 1, 2, 3, 4, 0x7fff).map((v) => [v >> 8, v & 0xff]);
  const blob = fc
    .tuple(version, fc.uint8Array({ maxLength: 64 }))
    .map(([head, tail]) => Uint8Array.from([...head, ...tail]));
  fc.assert(
    fc.property(fc.oneof(blob, fc.uint8Array({ maxLength: 64 })), (bytes) => {
      outcome(() => decodeSubscription(bytes));
      outcome(() => decodeAssignment(bytes));
    }),
    { numRuns: 2000 },
  );
});

it('a cut subscription is refused or lacks only fields that may be absent', () => {
  const whole = encodeSubscription({
    topics: ['orders', 'refunds'],
    userData: Uint8Array.of(1, 2, 3),
    owned: [{ topic: 'orders', partition: 3 }],
    generationId: 7,
    rackId: 'r',
  });
  const read = Array.from({ length: whole.length }, (_, size) => size).filter(
    (size) => outcome(() => decodeSubscription(whole.subarray(0, size))) === 'value',
  );
  const topics = 2 + 4 + (2 + 6) + (2 + 7);
  const userDataEnd = topics + 4 + 3;
  const ownedEnd = userDataEnd + 4 + (2 + 6) + 4 + 4;
  expect(read).toEqual([userDataEnd, ownedEnd, ownedEnd + 4]);
});
