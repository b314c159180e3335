/** Assignment bytes, spelled from ConsumerProtocolAssignment.json, and everything that a foreign leader may send. */
import { describe, expect, it } from 'vitest';
import { decodeAssignment, encodeAssignment } from '../../src/wire/assignment.ts';
import { ProtocolError } from '../../src/wire/bytes.ts';
import { flattenTopics, groupByTopic } from '../../src/wire/topic-partitions.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const partitions = [
  { topic: 'b', partition: 1 },
  { topic: 'a', partition: 3 },
  { topic: 'a', partition: 0 },
];
const body = '00000002 000161 00000002 00000000 00000003 000162 00000001 00000001';

describe('assignment bytes', () => {
  it.each([0, 1, 2, 3])('has one layout in version %i', (version) => {
    const written = encodeAssignment(groupByTopic(partitions), null, version);
    expect(hex(written)).toBe(hex(bytes(`000${version} ${body} ffffffff`)));
    expect(decodeAssignment(written)).toEqual({
      version,
      topics: [
        { topic: 'a', partitions: [0, 3] },
        { topic: 'b', partitions: [1] },
      ],
      userData: null,
      absent: false,
    });
  });

  it('carries user data', () => {
    const written = encodeAssignment([], Uint8Array.of(1));
    expect(hex(written)).toBe(hex(bytes('0003 00000000 00000001 01')));
    expect(decodeAssignment(written).userData).toEqual(Uint8Array.of(1));
  });

  it('takes no bytes for an empty assignment, and says so', () => {
    expect(decodeAssignment(bytes(''))).toEqual({ version: 0, topics: [], userData: null, absent: true });
  });

  it('takes a missing user data for none, and ignores what follows', () => {
    expect(decodeAssignment(bytes(`0000 ${body}`)).userData).toBeNull();
    expect(decodeAssignment(bytes(`0007 ${body} ffffffff abcd`))).toMatchObject({
      version: 7,
      userData: null,
    });
  });

  it.each([
    ['one byte', '00'],
    ['a negative version', 'fffe 00000000 ffffffff'],
    ['more topics than bytes', '0000 7fffffff'],
    ['more partitions than bytes', '0000 00000001 000161 10000000 00000000'],
    ['a negative partition', '0000 00000001 000161 00000001 ffffffff ffffffff'],
    ['user data longer than the rest', '0000 00000000 00000009 01'],
  ])('refuses %s', (_, text) => {
    expect(() => decodeAssignment(bytes(text))).toThrow(ProtocolError);
  });
});

describe('partitions by topic', () => {
  it('groups in order and without doubles, and comes apart again', () => {
    const groups = groupByTopic([
      ...partitions,
      ...partitions,
      { topic: '__proto__', partition: 10 },
      { topic: 'a', partition: 10 },
    ]);
    expect(groups).toEqual([
      { topic: '__proto__', partitions: [10] },
      { topic: 'a', partitions: [0, 3, 10] },
      { topic: 'b', partitions: [1] },
    ]);
    expect(flattenTopics(groups).length).toBe(5);
  });
});
