/** The splitter of frames: any chunking gives the same frames, and what is not Kafka is named. */
import { ProtocolError } from '@kohort/core/spi';
import { describe, expect, test } from 'vitest';
import { FrameSplitter } from '../src/frame-splitter.ts';
import { frameOf } from '../src/frames.ts';

const CONTENTS = ['first', '', 'a longer one, to be cut in many places', 'x'].map((text) =>
  new TextEncoder().encode(text),
);
const STREAM = Uint8Array.from(
  Buffer.concat(CONTENTS.map((content) => frameOf((writer) => writer.raw(content)))),
);

function texts(frames: readonly Uint8Array[]): readonly string[] {
  return frames.map((frame) => Buffer.from(frame).toString());
}

const EXPECTED = texts(CONTENTS);

test('two chunks, split at every byte', () => {
  for (let at = 0; at <= STREAM.length; at++) {
    const splitter = new FrameSplitter();
    const frames = [...splitter.push(STREAM.subarray(0, at)), ...splitter.push(STREAM.subarray(at))];
    expect(texts(frames)).toEqual(EXPECTED);
    expect(splitter.pending).toBe(0);
  }
});

test('chunks of every size', () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const splitter = new FrameSplitter();
    const frames: Uint8Array[] = [];
    for (let at = 0; at < STREAM.length; at += size)
      frames.push(...splitter.push(STREAM.subarray(at, at + size)));
    expect(texts(frames)).toEqual(EXPECTED);
  }
});

test('a frame within one chunk is a view, one that spans chunks is a copy', () => {
  const chunk = frameOf((writer) => writer.int32(42));
  const [view] = new FrameSplitter().push(chunk);
  expect(view?.buffer).toBe(chunk.buffer);

  const splitter = new FrameSplitter();
  splitter.push(chunk.subarray(0, 6));
  const [copy] = splitter.push(chunk.subarray(6));
  expect(copy).toEqual(chunk.subarray(4));
  expect(copy?.buffer).not.toBe(chunk.buffer);
});

test('counts what it holds back', () => {
  const splitter = new FrameSplitter();
  expect(splitter.push(Uint8Array.of(0, 0, 0))).toEqual([]);
  expect(splitter.pending).toBe(3);
  expect(splitter.push(Uint8Array.of(9, 1, 2))).toEqual([]);
  expect(splitter.pending).toBe(6);
  expect(splitter.push(new Uint8Array(0))).toEqual([]);
  expect(splitter.push(Uint8Array.of(3, 4, 5, 6, 7, 8, 9, 0))).toEqual([
    Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
  ]);
  expect(splitter.pending).toBe(1);
});

test('a large size allocates nothing until its bytes are there', () => {
  const before = process.memoryUsage().arrayBuffers;
  const splitters = Array.from({ length: 50 }, () => {
    const splitter = new FrameSplitter();
    splitter.push(Uint8Array.of(0x06, 0x40, 0, 0, 1, 2, 3));
    return splitter;
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  expect(splitters.every(({ pending }) => pending === 7)).toBe(true);
});

describe('sizes that cannot be', () => {
  test('the largest frame is accepted, one byte more is not', () => {
    expect(new FrameSplitter({ maxFrameSize: 3 }).push(Uint8Array.of(0, 0, 0, 3, 1, 2, 3))).toHaveLength(1);
    expect(() => new FrameSplitter({ maxFrameSize: 3 }).push(Uint8Array.of(0, 0, 0, 4))).toThrow(
      'frame of 4 bytes, at most 3 are accepted; the peer is not speaking the Kafka protocol, or the limit is too low',
    );
    expect(() => new FrameSplitter().push(Uint8Array.of(0x06, 0x40, 0, 1))).toThrow('at most 104857600');
  });

  test('negative', () => {
    expect(() => new FrameSplitter().push(Uint8Array.of(0xff, 0xff, 0xff, 0xff))).toThrow(
      'frame of -1 bytes',
    );
  });

  test.each([
    ['HTTP/1.1 400 Bad Request\r\n', 'an HTTP answer'],
    ['GET / HTTP/1.1\r\n', 'an HTTP request'],
    ['POST /topics', 'an HTTP request'],
    ['\x15\x03\x01\x00\x02\x02\x46', 'a TLS alert'],
    ['\x16\x03\x01\x02\x00', 'a TLS handshake'],
    ['SSH-2.0-OpenSSH', 'an SSH server'],
  ])('%j is named', (start, name) => {
    const bytes = Buffer.from(start, 'latin1');
    expect(() => new FrameSplitter().push(bytes)).toThrow(`the peer is probably ${name}`);

    const splitter = new FrameSplitter();
    for (let at = 0; at < 3; at++) splitter.push(bytes.subarray(at, at + 1));
    expect(() => splitter.push(bytes.subarray(3))).toThrow(ProtocolError);
  });

  test('there is no going on after one', () => {
    const splitter = new FrameSplitter();
    expect(() => splitter.push(Buffer.from('HTTP'))).toThrow(ProtocolError);
    expect(() => splitter.push(STREAM)).toThrow('an HTTP answer');
    expect(splitter.pending).toBe(0);
  });
});
