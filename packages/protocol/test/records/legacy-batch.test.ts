import { TransportError } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { decodeBatches } from '../../src/records/index.ts';
import { onlyBatch, plain, setOf } from './batch-tools.ts';
import { legacyMessage, legacySet } from './legacy-messages.ts';

const offsets = (bytes: Uint8Array) =>
  decodeBatches(bytes).map((batch) =>
    plain(setOf(batch)).map(({ delta }) => Number(batch.baseOffset) + delta),
  );

describe('messages of magic 0 and 1', () => {
  it('keep their own offsets when they stand alone', () => {
    const log = [3n, 4n, 9n].map((offset) => legacyMessage({ offset, magic: 1, value: 'v', timestamp: 5 }));
    expect(offsets(Buffer.concat(log))).toEqual([[3], [4], [9]]);
  });

  it('count from the outer message’s offset back in magic 1, with gaps of compaction', () => {
    const inner = [0n, 2n, 3n].map((offset) => ({ offset, magic: 1 as const, value: 'v' }));
    expect(offsets(legacySet({ offset: 103n, magic: 1 }, inner))).toEqual([[100, 102, 103]]);
  });

  it('have absolute offsets inside a message of magic 0', () => {
    const inner = [50n, 51n].map((offset) => ({ offset, magic: 0 as const, value: 'v' }));
    expect(offsets(legacySet({ offset: 51n, magic: 0 }, inner))).toEqual([[50, 51]]);
  });

  it('begin no earlier than the batch before them ended, as far as can be known before decompression', () => {
    const inner = [0n, 1n].map((offset) => ({ offset, magic: 1 as const, value: 'v' }));
    const log = Buffer.concat([
      legacyMessage({ offset: 7n, magic: 1, value: 'v' }),
      legacySet({ offset: 20n, magic: 1 }, inner),
    ]);
    expect(decodeBatches(log).map(({ baseOffset, lastOffset }) => [baseOffset, lastOffset])).toEqual([
      [7n, 7n],
      [8n, 20n],
    ]);
    expect(offsets(log)).toEqual([[7], [19, 20]]);
    const far = onlyBatch(legacySet({ offset: 2n ** 40n, magic: 1 }, inner));
    expect(far.lastOffset - far.baseOffset).toBeLessThan(2n ** 31n);
    expect(setOf(far).offsetDelta(1)).toBe(Number(far.lastOffset - far.baseOffset));
  });

  it('take the outer time where the broker set it, and have none in magic 0', () => {
    const inner = [{ offset: 0n, magic: 1 as const, value: 'v', timestamp: 1 }];
    const times = (bytes: Uint8Array) => plain(setOf(onlyBatch(bytes))).map(({ timestamp }) => timestamp);
    expect(times(legacySet({ offset: 0n, magic: 1, timestamp: 99 }, inner))).toEqual([1]);
    expect(times(legacySet({ offset: 0n, magic: 1, timestamp: 99, attributes: 8 }, inner))).toEqual([99]);
    expect(times(legacyMessage({ offset: 0n, magic: 0, value: 'v' }))).toEqual([-1]);
  });

  const one = { offset: 0n, magic: 1 as const, value: 'v' };
  it.each([
    ['a compressed message without a value', legacyMessage({ ...one, attributes: 1, value: null })],
    ['compression inside compression', legacySet({ offset: 0n, magic: 1 }, [{ ...one, attributes: 1 }])],
    ['another magic inside', legacySet({ offset: 0n, magic: 1 }, [{ ...one, magic: 0 }])],
    [
      'offsets that do not ascend',
      legacySet({ offset: 9n, magic: 0 }, [
        { offset: 9n, magic: 0, value: 'v' },
        { offset: 8n, magic: 0, value: 'v' },
      ]),
    ],
    [
      'offsets beyond the outer one',
      legacySet({ offset: 9n, magic: 0 }, [{ offset: 10n, magic: 0, value: 'v' }]),
    ],
    [
      'a value that is not what it is compressed with',
      legacyMessage({ ...one, attributes: 1, value: Buffer.from('not gzip') }),
    ],
  ])('refuse %s', (_, bytes) => {
    expect(() => onlyBatch(bytes).records()).toThrow(TransportError);
  });

  it('name the missing codec', () => {
    const set = legacySet({ offset: 0n, magic: 1 }, [one]);
    expect(() => onlyBatch(set, { codecs: new Map() }).records()).toThrow(
      expect.objectContaining({ kind: 'codecMissing' }),
    );
  });
});
