import { type CompressionCodec, TransportError } from '@kohort/core/spi';
import { describe, expect, it } from 'vitest';
import { codecRegistry, decodeBatches, encodeBatch, readBatchHeader } from '../../src/records/index.ts';
import { hex, onlyBatch, plain, resealed, setOf } from './batch-tools.ts';
import { tinyLz4, tinySnappy, tinyXerial } from './tiny-compressors.ts';

describe('a batch spelled from the specification', () => {
  const bytes = resealed(
    hex(
      // Base offset, length, leader epoch, magic, checksum, attributes, last offset delta.
      '0000000000000005 00000048 00000003 02 00000000 0000 00000001' +
        // Base and max timestamp, producer id, epoch and sequence, count of records.
        '00000000000003e8 00000000000003ea ffffffffffffffff ffff ffffffff 00000002' +
        // Length, attributes, timestamp delta, offset delta, key, value, headers.
        '12 00 00 00 026b 047631 00' +
        '18 00 04 02 01 0276 02 0268 046876',
    ),
  );
  const expected = [
    { delta: 0, timestamp: 1_000, key: 'k', value: 'v1', headers: [] },
    { delta: 1, timestamp: 1_002, key: null, value: 'v', headers: [['h', 'hv']] },
  ];

  it('is read field by field', () => {
    const batch = onlyBatch(bytes);
    expect(batch).toMatchObject({ baseOffset: 5n, lastOffset: 6n, leaderEpoch: 3, timestampType: 'create' });
    expect(batch).toMatchObject({ sizeInBytes: 84, delivers: true, timestamp: 1_000 });
    expect(plain(setOf(batch))).toEqual(expected);
  });

  it('is written byte by byte', () => {
    const written = encodeBatch(
      [
        { key: 'k', value: 'v1', timestamp: 1_000 },
        { value: 'v', timestamp: 1_002, headers: [['h', Buffer.from('hv')]] },
      ],
      { baseOffset: 5n, leaderEpoch: 3 },
    );
    expect(Buffer.from(written).toString('hex')).toBe(bytes.toString('hex'));
  });

  it('is read wherever it lies in memory, as views of that memory', () => {
    for (let shift = 0; shift < 5; shift++) {
      const memory = Buffer.concat([Buffer.alloc(shift), bytes]);
      const set = setOf(onlyBatch(new Uint8Array(memory.buffer, memory.byteOffset + shift, bytes.length)));
      expect(plain(set)).toEqual(expected);
      expect(set.value(0)?.buffer).toBe(memory.buffer);
      expect(Buffer.isBuffer(set.key(0))).toBe(true);
    }
  });

  it('takes the broker’s time where the topic says so', () => {
    const written = encodeBatch([{ value: 'a', timestamp: 5 }], {
      timestampType: 'logAppend',
      appendTimestamp: 77,
    });
    const batch = onlyBatch(written);
    expect([batch.timestampType, batch.timestamp, setOf(batch).timestamp(0)]).toEqual(['logAppend', 77, 77]);
  });

  it('answers for its own records only', () => {
    const set = setOf(onlyBatch(bytes));
    for (const i of [-1, 2, 0.5]) expect(() => set.value(i)).toThrow(RangeError);
  });
});

describe('timestamps', () => {
  it.each([
    ['far after the first', [0, 1_700_000_000_000]],
    ['far before the first', [1_700_000_000_000, 0, 1]],
    ['none', [-1, -1]],
    ['some', [-1, 1_700_000_000_000]],
    ['at the edges of a varint', [0, 63, 64, 8_191, 8_192, 2 ** 27 - 1, 2 ** 27, 2 ** 31, 2 ** 40]],
  ])('%s', (_, timestamps) => {
    const set = setOf(onlyBatch(encodeBatch(timestamps.map((timestamp) => ({ value: '', timestamp })))));
    expect(plain(set).map(({ timestamp }) => timestamp)).toEqual(timestamps);
  });
});

describe('a response with several batches', () => {
  const first = encodeBatch([{ value: 'a' }, { value: 'b' }], { baseOffset: 10n });
  const second = encodeBatch([{ value: 'c' }], { baseOffset: 12n });

  it('leaves out what is cut off at the end, wherever it is cut', () => {
    const both = Buffer.concat([first, second]);
    for (let size = 0; size <= both.length; size++) {
      const whole = size === both.length ? 2 : size >= first.length ? 1 : 0;
      expect(decodeBatches(both.subarray(0, size))).toHaveLength(whole);
    }
  });

  it('gives what precedes a header that makes no sense, and refuses it when it comes first', () => {
    const senseless = Buffer.from(second);
    senseless.writeInt32BE(3, 8);
    expect(decodeBatches(Buffer.concat([first, senseless, second]))).toHaveLength(1);
    expect(() => decodeBatches(senseless)).toThrow(TransportError);
    const unknown = Buffer.from(second);
    unknown.writeInt8(7, 16);
    expect(() => decodeBatches(unknown)).toThrow('magic 7');
  });

  it('keeps the last offset where compaction has removed the last records', () => {
    const batch = onlyBatch(
      encodeBatch([{ value: 'a', offsetDelta: 3 }], { baseOffset: 100n, lastOffsetDelta: 9 }),
    );
    expect([batch.baseOffset, batch.lastOffset, setOf(batch).offsetDelta(0)]).toEqual([100n, 109n, 3]);
    const empty = onlyBatch(encodeBatch([], { baseOffset: 110n, lastOffsetDelta: 9 }));
    expect([empty.lastOffset, setOf(empty).count]).toEqual([119n, 0]);
  });

  it('holds 100,000 records in one batch', () => {
    const records = Array.from({ length: 100_000 }, (_, i) => ({
      key: `k${i}`,
      value: `v${i}`,
      timestamp: i,
    }));
    const set = setOf(onlyBatch(encodeBatch(records, { compression: 'gzip' })));
    expect(set.count).toBe(100_000);
    for (const i of [0, 1, 99, 16_384, 99_999]) {
      expect([set.key(i)?.toString(), set.offsetDelta(i), set.timestamp(i)]).toEqual([`k${i}`, i, i]);
    }
  });
});

describe('compression', () => {
  const records = Array.from({ length: 200 }, (_, i) => ({
    key: `key ${i % 7}`,
    value: 'x'.repeat(i),
    timestamp: i,
  }));
  const expected = plain(setOf(onlyBatch(encodeBatch(records))));

  it.each([
    ['gzip', 'gzip' as const],
    ['snappy', { type: 'snappy' as const, compress: tinySnappy }],
    [
      'snappy of the Java client',
      { type: 'snappy' as const, compress: (b: Uint8Array) => tinyXerial(b, 4_096) },
    ],
    ['lz4', { type: 'lz4' as const, compress: (b: Uint8Array) => tinyLz4(b, { blockSize: 4_096 }) }],
  ])('%s is built in', (_, compression) => {
    const bytes = encodeBatch(records, { compression });
    expect(bytes.length).toBeLessThan(encodeBatch(records).length / 2);
    expect(plain(setOf(onlyBatch(bytes)))).toEqual(expected);
  });

  const reversing = { type: 'zstd' as const, compress: (b: Uint8Array) => Uint8Array.from(b).reverse() };

  it('takes a codec of the user’s, synchronous or not', async () => {
    const bytes = encodeBatch(records, { compression: reversing });
    const undo = (b: Uint8Array) => Uint8Array.from(b).reverse();
    const sync: CompressionCodec = { type: 'zstd', decompress: undo };
    expect(plain(setOf(onlyBatch(bytes, { codecs: codecRegistry([sync]) })))).toEqual(expected);
    const later: CompressionCodec = { type: 'zstd', decompress: async (b) => undo(b) };
    const set = await onlyBatch(bytes, { codecs: codecRegistry([later]) }).records();
    expect(plain(set)).toEqual(expected);
  });

  it('says which codec is missing, where, and how to add it', () => {
    const bytes = encodeBatch(records, { compression: reversing, baseOffset: 9n });
    const batch = onlyBatch(bytes, { codecs: new Map(), topicPartition: { topic: 'orders', partition: 3 } });
    expect(() => batch.records()).toThrow(
      expect.objectContaining({
        kind: 'codecMissing',
        topicPartition: { topic: 'orders', partition: 3 },
        message: expect.stringMatching(
          /offset 9 of orders-3 .* no codec for zstd.*\{ type: 'zstd', decompress:/,
        ),
      }),
    );
  });

  it('reports what a codec throws, rejects or overdoes', async () => {
    const bytes = encodeBatch(records, { compression: 'gzip' });
    const problem = new Error('not gzip');
    const decodeWith = (decompress: CompressionCodec['decompress']) =>
      onlyBatch(bytes, {
        codecs: new Map([['gzip', { type: 'gzip', decompress }]]),
        maxDecompressedBytes: 10,
      }).records();
    expect(() =>
      decodeWith(() => {
        throw problem;
      }),
    ).toThrow(
      expect.objectContaining({
        kind: 'decode',
        message: expect.stringMatching(/decompressed with gzip: not gzip$/),
        cause: problem,
      }),
    );
    await expect(decodeWith(() => Promise.reject(problem))).rejects.toMatchObject({
      kind: 'decode',
      cause: problem,
    });
    expect(() => decodeWith(() => new Uint8Array(11))).toThrow('at most 10');
    await expect(decodeWith(async () => new Uint8Array(11))).rejects.toThrow('at most 10');
  });

  it('bounds what gzip may grow to', () => {
    const bomb = encodeBatch([{ value: new Uint8Array(5_000_000) }], { compression: 'gzip' });
    expect(bomb.length).toBeLessThan(10_000);
    expect(() => onlyBatch(bomb, { maxDecompressedBytes: 1_000_000 }).records()).toThrow(
      expect.objectContaining({
        kind: 'decode',
        message: expect.stringContaining('with gzip: more than 1000000 bytes after decompression'),
      }),
    );
  });
});

describe('damage', () => {
  const good = encodeBatch([{ key: 'k', value: 'v' }], { baseOffset: 7n });

  it('is found by the checksum, unless that is switched off', () => {
    const bytes = Buffer.from(good);
    bytes[bytes.length - 2] = 0x77;
    expect(() => onlyBatch(bytes).records()).toThrow(/offset 7: checksum is \d+, expected \d+/);
    expect(
      setOf(onlyBatch(bytes, { checkCrcs: false }))
        .value(0)
        ?.toString(),
    ).toBe('w');
  });

  /** The one record of `good`, with other bytes in its place. */
  const withRecord = (record: string, count = 1, lastOffsetDelta = 0) => {
    const bytes = Buffer.concat([good.subarray(0, 61), hex(record)]);
    bytes.writeInt32BE(bytes.length - 12, 8);
    bytes.writeInt32BE(lastOffsetDelta, 23);
    bytes.writeInt32BE(count, 57);
    return resealed(bytes);
  };

  it.each([
    ['more records than fit', withRecord('10 00 00 00 026b 0276 00', 2)],
    ['2 billion records', withRecord('10 00 00 00 026b 0276 00', 2_000_000_000)],
    ['a negative number of records', withRecord('10 00 00 00 026b 0276 00', -1)],
    ['fewer records than there are bytes', withRecord('10 00 00 00 026b 0276 00'.repeat(2), 1)],
    ['a record that is longer than the batch', withRecord('12 00 00 00 026b 0276 00')],
    ['a record that is longer than its content', withRecord('12 00 00 00 026b 0276 00 00')],
    ['a record of negative length', withRecord('0f 00 00 00 026b 0276 00')],
    ['a key that is longer than the record', withRecord('10 00 00 00 7e6b 0276 00')],
    ['a value of 2 GB', withRecord('18 00 00 00 01 feffffff0f 00 00 00 00')],
    ['a varint without an end', withRecord('18 00 00 00 01 ffffffffff 00 00 00')],
    [
      'a record whose length takes a byte of the next',
      withRecord('12 00 00 00 026b 0276 00 10 00 00 02 026b 0276 00', 2, 1),
    ],
    ['a varint whose 33rd bit is set', withRecord('18 00 00 00 8280808010 6b 0276 00')],
    ['a varint beyond 32 bits', withRecord('18 00 00 00 01 ffffffff10 00 00 00')],
    ['a timestamp beyond 64 bits', withRecord('24 00 ffffffffffffffffffffff01 00 01 01 00 00')],
    ['more headers than fit', withRecord('10 00 00 00 01 01 7e 0000')],
    ['a negative number of headers', withRecord('0c 00 00 00 01 01 01')],
    ['a header without a name', withRecord('10 00 00 00 01 01 02 0100')],
    ['a header value beyond the record', withRecord('10 00 00 00 01 01 02 0002')],
    ['an offset beyond the batch', withRecord('10 00 00 02 026b 0276 00')],
    ['an offset before the batch', withRecord('10 00 00 01 026b 0276 00')],
  ])('%s: refused', (_, bytes) => {
    expect(() => onlyBatch(bytes).records()).toThrow(
      expect.objectContaining({ kind: 'decode', sent: 'maybe', retriable: false, cause: expect.any(Error) }),
    );
  });

  it('the record that those are made of is fine', () => {
    expect(plain(setOf(onlyBatch(withRecord('10 00 00 00 026b 0276 00'))))).toHaveLength(1);
  });

  it('offsets that do not ascend are refused', () => {
    const bytes = resealed(encodeBatch([{ value: 'a' }, { value: 'b' }]));
    bytes[bytes.length - 5] = 0x00;
    expect(() => onlyBatch(resealed(bytes)).records()).toThrow('offset delta 0 after 0');
  });

  it.each([
    ['an unknown compression', (bytes: Buffer) => bytes.writeInt16BE(5, 21)],
    ['a negative last offset delta', (bytes: Buffer) => bytes.writeInt32BE(-1, 23)],
    ['a length shorter than the header', (bytes: Buffer) => bytes.writeInt32BE(48, 8)],
  ])('%s in the header: refused at once', (_, change) => {
    const bytes = Buffer.from(good);
    change(bytes);
    expect(() => readBatchHeader(bytes)).toThrow();
    expect(() => decodeBatches(bytes)).toThrow(TransportError);
  });
});
