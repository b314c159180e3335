import { ProtocolError } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { decompressLz4 } from '../../src/records/lz4.ts';
import { decompressSnappy } from '../../src/records/snappy.ts';
import { xxhash32 } from '../../src/records/xxhash32.ts';
import { tinyLz4, tinySnappy } from './tiny-compressors.ts';

const text = (value: string) => new TextEncoder().encode(value);
const hex = (value: string) => Buffer.from(value.replaceAll(' ', ''), 'hex');
const LIMIT = 1_000_000;

describe('xxhash32', () => {
  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('of "%s"', (input, expected) => {
    expect(xxhash32(text(input))).toBe(expected);
  });
});

describe('snappy, spelled from the format description', () => {
  it.each([
    ['a literal', '03 08 61 62 63', 'abc'],
    // Two bytes of literal, then eight more from two back: a copy that reaches into itself.
    ['an overlapping copy', '0a 04 61 62 11 02', 'ababababab'],
    ['a copy with a distance of two bytes', '06 08 61 62 63 0a 03 00', 'abcabc'],
    ['a copy with a distance of four bytes', '06 08 61 62 63 0b 03 00 00 00', 'abcabc'],
    ['a literal with its length in a byte of its own', '03 f0 02 61 62 63', 'abc'],
    ['nothing', '00', ''],
  ])('%s', (_, bytes, expected) => {
    expect(Buffer.from(decompressSnappy(hex(bytes), LIMIT)).toString()).toBe(expected);
  });

  it.each([
    ['an empty input', ''],
    ['a size beyond the limit', 'c1 84 3d 00'],
    ['a size that its bytes cannot stand for', '80 89 7a 00 00'],
    ['a copy of nothing', '04 0d 01'],
    ['a distance of zero', '08 00 61 0d 00'],
    ['a distance before the beginning', '08 00 61 0d 02'],
    ['a literal that is cut off', '03 08 61 62'],
    ['more than was announced', '02 08 61 62 63'],
    ['less than was announced', '04 08 61 62 63'],
    ['a literal of four gigabytes', '03 fc ff ff ff ff 61'],
    ['a chunk of negative size', '82 53 4e 41 50 50 59 00 00000001 00000001 ffffffff'],
    ['a chunk that is cut off', '82 53 4e 41 50 50 59 00 00000001 00000001 00000009 03 08'],
  ])('refuses %s', (_, bytes) => {
    expect(() => decompressSnappy(hex(bytes), LIMIT)).toThrow(ProtocolError);
  });

  it('holds its limit over all chunks together', () => {
    const chunk = hex('00000005 03 08 61 62 63');
    const framed = Buffer.concat([hex('82 53 4e 41 50 50 59 00 00000001 00000001'), chunk, chunk]);
    expect(Buffer.from(decompressSnappy(framed, 6)).toString()).toBe('abcabc');
    expect(() => decompressSnappy(framed, 5)).toThrow(ProtocolError);
  });
});

describe('lz4, spelled from the format description', () => {
  const frame = (blocks: string, flags = '60', rest = '') => {
    const descriptor = hex(`${flags}40`);
    const checksum = Buffer.from([(xxhash32(descriptor) >>> 8) & 0xff]);
    return Buffer.concat([hex('04224d18'), descriptor, checksum, hex(blocks), hex('00000000'), hex(rest)]);
  };

  it.each([
    ['a stored block', frame('03000080 616263'), 'abc'],
    ['a block of literals', frame('04000000 30 616263'), 'abc'],
    // "ab", eight more from two back, "cdefg".
    ['an overlapping copy', frame('0b000000 24 6162 0200 50 6364656667'), 'ababababab' + 'cdefg'],
    ['linked blocks', frame('03000080 616263 09000000 00 0300 50 6364656667', '40'), 'abcabcacdefg'],
    ['no block at all', frame(''), ''],
  ])('%s', (_, bytes, expected) => {
    expect(Buffer.from(decompressLz4(bytes, LIMIT)).toString()).toBe(expected);
  });

  it.each([
    ['another magic number', hex('04224d19 60 40 82 00000000')],
    ['a wrong header checksum', hex('04224d18 60 40 83 00000000')],
    ['another version', frame('', '20')],
    ['a dictionary', frame('', '61')],
    ['a missing end', hex('04224d18 60 40 82')],
    ['a block that is cut off', frame('ff000080 616263')],
    ['a block above the block size', frame('01000180 61')],
    ['a distance of zero', frame('0a000000 14 61 0000 50 6364656667')],
    ['a distance before the beginning', frame('0a000000 14 61 0200 50 6364656667')],
    [
      'a distance into another block of independent ones',
      frame('03000080 616263 09000000 00 0300 50 6364656667'),
    ],
    ['a wrong content checksum', frame('03000080 616263', '64', '00000000')],
    ['a wrong block checksum', frame('03000080 616263 00000000', '70')],
  ])('refuses %s', (_, bytes) => {
    expect(() => decompressLz4(bytes, LIMIT)).toThrow(ProtocolError);
  });

  it('takes the header checksum of clients before 0.10, and checksums of blocks and content', () => {
    const value = text('again and again and again and again');
    for (const options of [
      { oldChecksum: true },
      { blockChecksums: true, contentChecksum: true, contentSize: true },
      { stored: true, blockChecksums: true },
    ]) {
      expect(decompressLz4(tinyLz4(value, options), LIMIT)).toEqual(Buffer.from(value));
    }
  });
});

describe('a bomb', () => {
  it('is stopped at the limit, in little memory', () => {
    const zeroes = new Uint8Array(60_000);
    const many = tinyLz4(new Uint8Array(4_000_000));
    expect(many.length).toBeLessThan(20_000);
    expect(() => decompressLz4(many, 100_000)).toThrow('more than 100000 bytes');
    expect(() => decompressSnappy(tinySnappy(zeroes), 50_000)).toThrow('at most 50000');
  });
});
