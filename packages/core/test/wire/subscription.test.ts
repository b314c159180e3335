/** Subscription bytes, spelled from ConsumerProtocolSubscription.json, and everything that foreign clients may send. */
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/wire/bytes.ts';
import { decodeSubscription, encodeSubscription, type Subscription } from '../../src/wire/subscription.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (...parts: string[]) => new Uint8Array(Buffer.from(parts.join('').replaceAll(' ', ''), 'hex'));

const subscription: Subscription = {
  topics: ['b', 'a'],
  userData: Uint8Array.of(7, 8),
  owned: [
    { topic: 'b', partition: 10 },
    { topic: 'a', partition: 1 },
    { topic: 'b', partition: 2 },
  ],
  generationId: 5,
  rackId: 'r1',
};

const topics = '00000002 000161 000162';
const userData = '00000002 0708';
const owned = '00000002 000161 00000001 00000001 000162 00000002 00000002 0000000a';

describe('encodeSubscription', () => {
  it.each([
    [0, ['0000', topics, userData]],
    [1, ['0001', topics, userData, owned]],
    [2, ['0002', topics, userData, owned, '00000005']],
    [3, ['0003', topics, userData, owned, '00000005', '0002 7231']],
  ] as const)('writes version %i', (version, parts) => {
    expect(hex(encodeSubscription(subscription, version))).toBe(hex(bytes(...parts)));
  });

  it('writes version 3 unless told otherwise, and null for what is not there', () => {
    const nothing = encodeSubscription({
      topics: [],
      userData: null,
      owned: [],
      generationId: -1,
      rackId: null,
    });
    expect(hex(nothing)).toBe(hex(bytes('0003 00000000 ffffffff 00000000 ffffffff ffff')));
  });

  it('gives equal bytes for equal sets, whatever their order and their doubles', () => {
    const shuffled = {
      ...subscription,
      topics: ['a', 'b', 'a'],
      owned: [...subscription.owned].reverse().concat({ topic: 'b', partition: 2 }),
    };
    expect(hex(encodeSubscription(shuffled))).toBe(hex(encodeSubscription(subscription)));
  });

  it('sorts names by UTF-16 code units, as Java does', () => {
    const names = ['\u{1F600}', '\uE000', '__proto__', 'constructor', 'Z', 'a'];
    const read = decodeSubscription(encodeSubscription({ ...subscription, topics: names }));
    expect(read.topics).toEqual(['Z', '__proto__', 'a', 'constructor', '\u{1F600}', '\uE000']);
  });
});

describe('decodeSubscription', () => {
  it.each([
    [0, [], -1, null],
    [1, 'all', -1, null],
    [2, 'all', 5, null],
    [3, 'all', 5, 'r1'],
  ] as const)('reads version %i', (version, ownedSeen, generationId, rackId) => {
    expect(decodeSubscription(encodeSubscription(subscription, version))).toEqual({
      version,
      topics: ['a', 'b'],
      userData: Uint8Array.of(7, 8),
      owned:
        ownedSeen === 'all'
          ? [
              { topic: 'a', partitions: [1] },
              { topic: 'b', partitions: [2, 10] },
            ]
          : [],
      generationId,
      rackId,
    });
  });

  it('reads a version above its newest by its newest layout and ignores what follows', () => {
    const newer = bytes('0009', topics, userData, owned, '00000005', '0002 7231', 'deadbeef');
    expect(decodeSubscription(newer)).toMatchObject({ version: 9, generationId: 5, rackId: 'r1' });
  });

  it('S48 I22 takes user data for bytes of somebody else, and a tail that it does not know for nothing', () => {
    const foreign = bytes('0003', topics, '00000001 80', owned, '00000005', '0002 7231', '00000001 ff');
    expect(decodeSubscription(foreign)).toMatchObject({
      topics: ['a', 'b'],
      userData: Uint8Array.of(0x80),
      generationId: 5,
      rackId: 'r1',
    });
  });

  it.each([
    ['1 without owned partitions', bytes('0001', topics, userData), [], -1],
    ['2 without a generation', bytes('0002', topics, userData, owned), 2, -1],
    ['3 without a rack', bytes('0003', topics, userData, owned, '00000005'), 2, 5],
  ] as const)('accepts version %s', (_, input, ownedTopics, generationId) => {
    const read = decodeSubscription(input);
    expect(read.owned.length).toBe(ownedTopics === 2 ? 2 : 0);
    expect(read.generationId).toBe(generationId);
    expect(read.rackId).toBeNull();
  });

  it.each([
    ['nothing', bytes('')],
    ['one byte', bytes('00')],
    ['a negative version', bytes('ffff 00000000 ffffffff')],
    ['more topics than bytes', bytes('0000 7fffffff 0001 61')],
    ['more owned topics than bytes', bytes('0001', topics, userData, '40000000')],
    ['more partitions than bytes', bytes('0001', topics, userData, '00000001 000161 20000000 00000001')],
    ['user data longer than the rest', bytes('0000', topics, '00001000 00')],
    ['half a generation', bytes('0002', topics, userData, owned, '0000')],
    ['half a rack', bytes('0003', topics, userData, owned, '00000005', '0008 72')],
  ])('refuses %s', (_, input) => {
    expect(() => decodeSubscription(input)).toThrow(ProtocolError);
  });
});
