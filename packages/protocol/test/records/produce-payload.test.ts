import { ProtocolError } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { encodeBatch, splitProducePayload, withBaseOffset } from '../../src/records/index.ts';
import { onlyBatch, plain, resealed, setOf } from './batch-tools.ts';

const two = encodeBatch([{ value: 'a' }, { value: 'b' }]);
const three = encodeBatch([{ value: 'c' }, { value: 'd' }, { value: 'e' }], { compression: 'gzip' });

describe('splitProducePayload', () => {
  it('takes whole batches apart', () => {
    const parts = splitProducePayload(Buffer.concat([two, three]));
    expect(parts.map(({ header, bytes }) => [header.recordCount, bytes.length])).toEqual([
      [2, two.length],
      [3, three.length],
    ]);
    expect(splitProducePayload(new Uint8Array(0))).toEqual([]);
  });

  it.each([
    ['a batch that is cut off', two.subarray(0, two.length - 1)],
    ['bytes after the last batch', Buffer.concat([two, Buffer.of(0)])],
    ['a wrong checksum', Buffer.concat([two.subarray(0, -1), Buffer.of(0x55)])],
    ['an empty batch', encodeBatch([])],
    ['fewer records than offsets', encodeBatch([{ value: 'a' }], { lastOffsetDelta: 4 })],
    [
      'records that make no sense',
      resealed(Buffer.concat([two.subarray(0, 61), Buffer.alloc(two.length - 61, 0x7f)])),
    ],
  ])('refuses %s', (_, payload) => {
    expect(() => splitProducePayload(payload)).toThrow(ProtocolError);
  });
});

describe('withBaseOffset', () => {
  it('gives a batch its place without touching what the checksum covers', () => {
    const placed = withBaseOffset(Buffer.from(two), 2n ** 40n, 12);
    const batch = onlyBatch(placed);
    expect([batch.baseOffset, batch.lastOffset, batch.leaderEpoch]).toEqual([2n ** 40n, 2n ** 40n + 1n, 12]);
    expect(plain(setOf(batch)).map(({ value }) => value)).toEqual(['a', 'b']);
  });

  it('refuses what is no batch', () => {
    expect(() => withBaseOffset(new Uint8Array(60), 0n, 0)).toThrow(ProtocolError);
  });
});
