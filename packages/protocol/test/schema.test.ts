/** The schema language: which values a version carries, refuses or drops, and what malformed bytes are told. */
import { ByteReader, ByteWriter, ProtocolError } from '@kohort/core/spi';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { array, bytes, int8, int16, int32, int64, string, struct, uuid } from '../src/schema/builders.ts';
import { defineApi } from '../src/schema/define-api.ts';
import type { Decoded, Encodable } from '../src/schema/field.ts';

const request = struct({
  name: string(),
  timeoutMs: int32({ since: 1, default: -1, ignorable: true }),
  instance: string({ since: 1, nullableSince: 1, default: null }),
  old: array(int16(), { until: 0 }),
  owner: struct({ id: int32({ default: -1 }), epoch: int64({ default: -1n }) }, { since: 2, tag: 3 }),
  rack: string({ since: 2, nullableSince: 2, default: null, tag: 1, ignorable: true }),
});
const response = struct({
  topicId: uuid(),
  data: bytes(),
  code: int8(),
  maybe: array(struct({ offset: int64() }), { nullableSince: 1 }),
});

const sample = defineApi({
  key: 999,
  name: 'Sample',
  versions: { min: 0, max: 2 },
  firstFlexible: 2,
  request,
  response,
});

function encoded(message: Encodable<typeof request>, version: number): string {
  const writer = new ByteWriter();
  sample.encodeRequest(message, version, writer);
  return Buffer.from(writer.finish()).toString('hex');
}

function decoded(hex: string, version: number) {
  return sample.decodeRequest(new ByteReader(Buffer.from(hex.replaceAll(' ', ''), 'hex')), version);
}

test('types follow from the schema', () => {
  expectTypeOf<Decoded<typeof request>>().toEqualTypeOf<{
    readonly name: string;
    readonly timeoutMs: number;
    readonly instance: string | null;
    readonly old: readonly number[];
    readonly owner: { readonly id: number; readonly epoch: bigint };
    readonly rack: string | null;
  }>();
  expectTypeOf<Encodable<typeof request>>().toEqualTypeOf<{
    readonly name: string;
    readonly timeoutMs?: number | undefined;
    readonly instance?: string | null | undefined;
    readonly old?: readonly number[] | undefined;
    readonly owner?: { readonly id?: number | undefined; readonly epoch?: bigint | undefined } | undefined;
    readonly rack?: string | null | undefined;
  }>();
  expectTypeOf<Decoded<typeof response>['maybe']>().toEqualTypeOf<
    readonly { readonly offset: bigint }[] | null
  >();
});

describe('encoding', () => {
  test('leaves out what a version does not carry', () => {
    expect(encoded({ name: 'a', old: [7] }, 0)).toBe('000161' + '00000001' + '0007');
    expect(encoded({ name: 'a' }, 1)).toBe('000161ffffffffffff');
    expect(encoded({ name: 'a' }, 2)).toBe('0261ffffffff0000');
  });

  test('drops ignorable values that a version does not carry', () => {
    expect(encoded({ name: 'a', timeoutMs: 5, rack: 'r' }, 0)).toBe(encoded({ name: 'a' }, 0));
  });

  test.each([
    [{ name: 'a', instance: 'i' }, 0, 'instance: not the default, but version 0 does not carry this field'],
    [{ name: 'a', old: [1] }, 1, 'old: not the default, but version 1 does not carry this field'],
    [{ name: 'a', owner: { id: 4 } }, 1, 'owner: not the default, but version 1 does not carry this field'],
  ])('refuses values that would be lost: %j in version %i', (message, version, reason) => {
    expect(() => encoded(message, version)).toThrow(`Sample request version ${version}: ${reason}`);
    expect(() => encoded(message, version)).toThrow(ProtocolError);
  });

  test('accepts the default of a field that a version does not carry', () => {
    const defaults = { instance: null, owner: { id: -1, epoch: -1n }, rack: null };
    expect(encoded({ name: 'a', ...defaults }, 0)).toBe(encoded({ name: 'a' }, 0));
    expect(encoded({ name: 'a', old: [] }, 1)).toBe(encoded({ name: 'a' }, 1));
  });

  test('writes tagged fields by ascending number, and only those that say something', () => {
    expect(encoded({ name: 'a', owner: { id: 1 }, rack: 'r' }, 2)).toBe(
      ['0261', 'ffffffff', '00', '02', '0102', '0272', '030d', '00000001', 'ffffffffffffffff', '00'].join(''),
    );
    expect(encoded({ name: 'a', owner: { id: -1 } }, 2)).toBe(encoded({ name: 'a' }, 2));
  });

  const outOfPlace: readonly (readonly [what: string, response: unknown, version: number, reason: string])[] =
    [
      ['a number too large', { code: 128 }, 1, 'code: int8 wanted, got 128'],
      ['a fraction', { code: 1.5 }, 1, 'code: int8 wanted, got 1.5'],
      ['a number for a bigint', { maybe: [{ offset: 5 }] }, 1, 'maybe: offset: int64 (bigint) wanted, got 5'],
      [
        'a bigint too large',
        { maybe: [{ offset: 2n ** 63n }] },
        1,
        'int64 (bigint) wanted, got 9223372036854775808',
      ],
      ['a text for bytes', { data: 'secret' }, 1, 'data: Uint8Array wanted, got a value of type string'],
      ['a uuid in hex', { topicId: '00000000-0000' }, 1, 'topicId: uuid of 22 base64url characters wanted'],
      [
        'a uuid with stray bits',
        { topicId: 'AAAAAAAAAAAAAAAAAAAAAB' },
        1,
        'topicId: uuid of 22 base64url characters wanted',
      ],
      ['a field that must be given', { code: undefined }, 1, 'code: int8 wanted, got undefined'],
      ['null where it may not be', { maybe: null }, 0, 'maybe: array wanted, got null'],
      ['elements that are no objects', { maybe: [3] }, 1, 'maybe: object wanted, got 3'],
    ];
  test.each(outOfPlace)('refuses %s', (_, change, version, reason) => {
    const right = { topicId: 'AAAAAAAAAAAAAAAAAAAAAA', data: new Uint8Array(1), code: 1, maybe: [] };
    const encode = (message: unknown) =>
      sample.encodeResponse(message as Decoded<typeof response>, version, new ByteWriter());
    expect(() => encode(right)).not.toThrow();
    expect(() => encode({ ...right, ...(change as object) })).toThrow(reason);
  });

  test.each([
    [{ name: 'a', timeoutMs: 2 ** 31 }, 1, 'timeoutMs: int32 wanted, got 2147483648'],
    [{ name: 'a', timeoutMs: Number.NaN }, 1, 'timeoutMs: int32 wanted, got NaN'],
    [{ name: 'a', old: [0, -32_769] }, 0, 'old: int16 wanted, got -32769'],
  ])('refuses numbers out of range: %j', (message, version, reason) => {
    expect(() => encoded(message, version)).toThrow(reason);
  });

  test.each([0, 2])('refuses a string that does not fit, in version %i', (version) => {
    expect(() => encoded({ name: 'x'.repeat(32_768) }, version)).toThrow(
      'string of 32768 bytes, at most 32767 fit',
    );
    expect(encoded({ name: 'x'.repeat(32_767) }, version)).toMatch(/^(7fff|808002)7878/);
  });

  test.each([-1, 3, 1.5, Number.NaN])('refuses version %d', (version) => {
    expect(() => encoded({ name: 'a' }, version)).toThrow('only versions 0 to 2 are implemented');
    expect(() => decoded('000161', version)).toThrow(ProtocolError);
  });
});

describe('decoding', () => {
  test('gives the defaults of what a version does not carry', () => {
    expect(decoded('0001 61 00000001 0007', 0)).toEqual({
      name: 'a',
      timeoutMs: -1,
      instance: null,
      old: [7],
      owner: { id: -1, epoch: -1n },
      rack: null,
    });
  });

  test('takes known tagged fields in any order, between unknown ones', () => {
    const tags = '04 03 0d 00000001 0000000000000002 00 02 03 aabbcc 01 02 02 72 63 00';
    expect(decoded(`02 61 00000005 00 ${tags}`, 2)).toMatchObject({ owner: { id: 1, epoch: 2n }, rack: 'r' });
  });

  const MALFORMED: readonly (readonly [what: string, hex: string, version: number, reason: string])[] = [
    [
      'a count beyond the end',
      '0001 61 7fffffff 0007',
      0,
      'old: 2147483647 elements at offset 7, but only 2 bytes remain',
    ],
    ['a null array', '0001 61 ffffffff', 0, 'old: array is null, which this version does not allow'],
    ['a null string', 'ffff', 1, 'name: string is null, which this version does not allow'],
    ['a string beyond the end', '7fff 61', 1, 'name: 32767 bytes wanted at offset 2, 1 remain'],
    ['an endless varint', 'ffffffffffffffff', 2, 'longer than 32 bits'],
    [
      'more tagged fields than bytes',
      '02 61 00000005 00 ffffffff0f',
      2,
      '4294967295 tagged fields at offset',
    ],
    ['a tagged field beyond the end', '02 61 00000005 00 01 63 7f aa', 2, '127 bytes wanted'],
    [
      'a tagged field shorter than its type',
      '02 61 00000005 00 01 01 01 02 72',
      2,
      'rack: tagged field of 1 bytes',
    ],
    [
      'a tagged field longer than its type',
      '02 61 00000005 00 01 01 03 02 72 00',
      2,
      'rack: tagged field of 3 bytes',
    ],
    ['nothing', '', 1, 'name: 2 bytes wanted at offset 0, 0 remain'],
  ];
  test.each(MALFORMED)('refuses %s', (_, hex, version, reason) => {
    expect(() => decoded(hex, version)).toThrow(ProtocolError);
    expect(() => decoded(hex, version)).toThrow(reason);
  });

  test('shares nothing that a receiver could change for others', () => {
    const { owner, old } = decoded('0261 00000005 00 00', 2);
    expect(Object.isFrozen(owner)).toBe(true);
    expect(Object.isFrozen(old)).toBe(true);
  });
});

test('an array whose elements take no bytes has no bound, and is refused when it is compiled', () => {
  const hollow = struct({ all: array(struct({})) });
  const api = defineApi({
    key: 998,
    name: 'Hollow',
    versions: { min: 0, max: 0 },
    request: hollow,
    response: hollow,
  });
  expect(() => api.decodeRequest(new ByteReader(new Uint8Array(4)), 0)).toThrow('has no bound');
});
