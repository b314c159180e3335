/** Headers and sizes around messages, with the exceptions that ApiVersions makes. */
import { ByteReader, ByteWriter, ProtocolError } from '@kohort/core/spi';
import { describe, expect, test } from 'vitest';
import {
  decodeApiVersionsResponse,
  frameOf,
  hasFlexibleResponseHeader,
  readRequestHeader,
  readResponseHeader,
  writeRequestHeader,
  writeResponseHeader,
} from '../src/frames.ts';
import { apiVersions } from '../src/messages/index.ts';
import { apiByKey } from '../src/messages.ts';
import { capturedFrames } from './golden/goldens.ts';

function hexOf(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter();
  write(writer);
  return Buffer.from(writer.finish()).toString('hex');
}

function reader(hex: string): ByteReader {
  return new ByteReader(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

describe('request headers', () => {
  test('version 1, for versions without tagged fields', () => {
    const header = { apiKey: 12, apiVersion: 3, correlationId: 7, clientId: 'me' };
    const hex = hexOf((writer) => writeRequestHeader(writer, header));
    expect(hex).toBe('000c' + '0003' + '00000007' + '00026d65');
    expect(readRequestHeader(reader(hex))).toEqual(header);
  });

  test('version 2 keeps the two-byte length of the client id', () => {
    const header = { apiKey: 12, apiVersion: 4, correlationId: -1, clientId: null };
    const hex = hexOf((writer) => writeRequestHeader(writer, header));
    expect(hex).toBe('000c' + '0004' + 'ffffffff' + 'ffff' + '00');
    expect(readRequestHeader(reader(hex))).toEqual(header);
  });

  test('tagged fields in a header are skipped', () => {
    const body = reader('000c 0004 00000007 ffff 02 00 01 aa 7f 02 bbbb 1234');
    expect(readRequestHeader(body).correlationId).toBe(7);
    expect(body.int16()).toBe(0x1234);
  });

  test('a version newer than the codec is read as flexible, an unknown API as not', () => {
    const newer = reader('0012 0063 00000001 ffff 00');
    expect(readRequestHeader(newer)).toMatchObject({ apiKey: 18, apiVersion: 99 });
    expect(newer.remaining).toBe(0);
    const unknown = reader('7fff 0063 00000001 ffff 00');
    readRequestHeader(unknown);
    expect(unknown.remaining).toBe(1);
  });

  test.each([
    '',
    '000c',
    '000c 0004 00000007 0005 6d',
    '000c 0004 00000007 ffff',
    '000c 0004 00000007 ffff ff',
  ])('too few bytes are refused: %s', (hex) =>
    expect(() => readRequestHeader(reader(hex))).toThrow(ProtocolError),
  );
});

describe('response headers', () => {
  test.each([
    [12, 3, false],
    [12, 4, true],
    [18, 0, false],
    [18, 4, false],
    [68, 0, true],
    [17, 1, false],
    [9_999, 1, false],
  ])('API %i version %i has tagged fields: %s', (key, version, expected) => {
    expect(hasFlexibleResponseHeader(key, version)).toBe(expected);
  });

  test.each([
    [false, '00000009'],
    [true, '0000000900'],
  ])('flexible %s: %s', (flexible, hex) => {
    expect(hexOf((writer) => writeResponseHeader(writer, 9, flexible))).toBe(hex);
    const bytes = reader(hex);
    expect(readResponseHeader(bytes, flexible)).toBe(9);
    expect(bytes.remaining).toBe(0);
  });
});

test('headers of captured frames are read to their last byte and written the same', () => {
  const frames = capturedFrames().filter(({ apiKey }) => apiByKey.has(apiKey));
  expect(frames.length).toBeGreaterThan(100);
  for (const { apiKey, version, direction, correlationId, headerHex } of frames) {
    const bytes = reader(headerHex);
    if (direction === 'request') {
      const header = readRequestHeader(bytes);
      expect(header).toMatchObject({ apiKey, apiVersion: version, correlationId });
      expect(hexOf((writer) => writeRequestHeader(writer, header))).toBe(headerHex);
    } else {
      const flexible = hasFlexibleResponseHeader(apiKey, version);
      expect(readResponseHeader(bytes, flexible)).toBe(correlationId);
      expect(hexOf((writer) => writeResponseHeader(writer, correlationId, flexible))).toBe(headerHex);
    }
    expect(bytes.remaining).toBe(0);
  }
});

test('a frame has the size of its content in front', () => {
  expect(Buffer.from(frameOf((writer) => writer.int16(5).int8(6))).toString('hex')).toBe('00000003000506');
  expect(Buffer.from(frameOf(() => undefined)).toString('hex')).toBe('00000000');
});

describe('answers to ApiVersions', () => {
  const apiKeys = [{ apiKey: 18, minVersion: 0, maxVersion: 2 }];

  function answer(errorCode: number, version: number): ByteReader {
    const writer = new ByteWriter();
    apiVersions.encodeResponse({ errorCode, apiKeys }, version, writer);
    return new ByteReader(writer.finish());
  }

  test('are decoded in the version that was asked for', () => {
    expect(decodeApiVersionsResponse(answer(0, 3), 3)).toMatchObject({ errorCode: 0, apiKeys });
  });

  test('are decoded in version 0 when the broker does not know that version', () => {
    const bytes = answer(35, 0);
    expect(decodeApiVersionsResponse(bytes, 4)).toMatchObject({ errorCode: 35, apiKeys, throttleTimeMs: 0 });
    expect(bytes.remaining).toBe(0);
  });

  test('are refused when they are neither', () => {
    expect(() => decodeApiVersionsResponse(reader('00'), 3)).toThrow(ProtocolError);
    expect(() => decodeApiVersionsResponse(reader('0023 7fffffff'), 3)).toThrow(ProtocolError);
  });
});
