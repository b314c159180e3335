/** The leader's reader of subscriptions sees what `decodeSubscription` sees, in whatever order and state they come. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteWriter } from '../../src/wire/bytes.ts';
import { SubscriptionReader } from '../../src/wire/packed-subscription.ts';
import { decodeSubscription, encodeSubscription } from '../../src/wire/subscription.ts';
import { readTopicPartitions } from '../../src/wire/topic-partitions.ts';

const name = fc.constantFrom('a', 'b', 't-10', '__proto__', 'constructor', '\u{1F600}', '\uE000', '');
const written = fc
  .record({
    topics: fc.array(name, { maxLength: 4 }),
    userData: fc.option(fc.uint8Array({ maxLength: 6 })),
    owned: fc.array(fc.record({ topic: name, partition: fc.integer({ min: 0, max: 9 }) }), { maxLength: 6 }),
    generationId: fc.integer({ min: -1, max: 5 }),
    rackId: fc.option(fc.constantFrom('r1', '')),
    version: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ version, ...subscription }) => encodeSubscription(subscription, version));
/** Cut off, of a newer version, with a byte changed, with lengths that promise too much, or noise. */
const foreign = fc.oneof(
  fc.tuple(written, fc.nat(80)).map(([bytes, size]) => bytes.slice(0, size)),
  fc.tuple(written, fc.uint8Array({ maxLength: 4 })).map(([bytes, more]) => {
    const newer = Uint8Array.from([...bytes, ...more]);
    newer[1] = 9;
    return newer;
  }),
  fc.tuple(written, fc.nat(200), fc.nat(255)).map(([bytes, at, value]) => {
    const changed = bytes.slice();
    changed[at % changed.length] = value;
    return changed;
  }),
  fc.constant(
    new ByteWriter()
      .int16(1)
      .int32(-1)
      .int32(-1)
      .int32(2 ** 31 - 1)
      .finish(),
  ),
  fc.uint8Array({ maxLength: 30 }),
);

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
}

it('reads the same, and refuses the same with the same words, one after the other', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(written, foreign), { minLength: 1, maxLength: 6 }), (list) => {
      const reader = new SubscriptionReader();
      const topicReader = new SubscriptionReader();
      for (const bytes of [...list, ...list.slice(-1)]) {
        const packed = outcome(() => {
          const { owned, ...rest } = reader.read(bytes);
          return { ...rest, owned: owned === null ? [] : readTopicPartitions(owned) };
        });
        const decoded = outcome(() => decodeSubscription(bytes));
        expect(packed).toEqual(decoded);
        if (typeof decoded === 'string') continue;
        expect({ ...(decoded as object), topics: topicReader.readTopics(bytes) }).toEqual(decoded);
      }
    }),
    { numRuns: 1000 },
  );
});

it('reads the topics of neighbours that are alike once', () => {
  const reader = new SubscriptionReader();
  const of = (generationId: number, topics: string[]) =>
    encodeSubscription({ topics, userData: null, owned: [], generationId, rackId: null });
  const first = reader.read(of(1, ['a', 'b'])).topics;
  expect(reader.read(of(2, ['b', 'a'])).topics).toBe(first);
  expect(reader.read(of(2, ['a', 'c'])).topics).not.toBe(first);
});
