import { encodeBatch, readBatchHeader } from '@kohort/protocol';
import { describe, expect, test } from 'vitest';
import { incomingBatch } from '../src/log/batch-check.ts';
import { EpochHistory } from '../src/log/epoch-history.ts';
import { PartitionLog } from '../src/log/partition-log.ts';
import { firstRecordSince, latestRecord } from '../src/log/time-lookup.ts';

interface BatchOptions {
  readonly count?: number;
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly timestamps?: readonly number[];
  readonly compression?: 'none' | 'gzip';
}

function batch(options: BatchOptions = {}) {
  const { count = 1, timestamps, ...rest } = options;
  const times = timestamps ?? Array.from({ length: count }, () => 1_000);
  const bytes = encodeBatch(
    times.map((timestamp) => ({ value: 'v', timestamp })),
    rest,
  );
  return incomingBatch(bytes, readBatchHeader(bytes), null);
}

/** A log of batches with so many records each. */
function logOf(...counts: number[]): PartitionLog {
  const log = new PartitionLog();
  for (const count of counts) log.append(batch({ count }), 0);
  return log;
}

describe('the log of a partition', () => {
  test('gives offsets, and writes them into its own copy of the bytes', () => {
    const log = new PartitionLog();
    const first = batch({ count: 3 });
    expect(log.append(first, 4)).toMatchObject({ errorCode: 0, baseOffset: 0n });
    expect(log.append(batch(), 5)).toMatchObject({ errorCode: 0, baseOffset: 3n });
    expect(log.endOffset).toBe(4n);
    const stored = log.read(3n, 4n, 1_000, true).batches[0];
    expect(readBatchHeader(stored?.bytes ?? first.bytes)).toMatchObject({ baseOffset: 3n, leaderEpoch: 5 });
    expect(readBatchHeader(first.bytes)).toMatchObject({ baseOffset: 0n, leaderEpoch: -1 });
  });

  test('reads whole batches below the limit and within the size', () => {
    const log = logOf(2, 2, 2);
    const size = log.batches[0]?.bytes.length ?? 0;
    const bases = (...args: Parameters<PartitionLog['read']>) =>
      log.read(...args).batches.map(({ baseOffset }) => baseOffset);
    expect(bases(1n, 6n, 10_000, true)).toEqual([0n, 2n, 4n]);
    expect(bases(2n, 4n, 10_000, true)).toEqual([2n]);
    expect(bases(0n, 6n, size * 2, true)).toEqual([0n, 2n]);
    expect(bases(0n, 6n, 1, true)).toEqual([0n]);
    expect(bases(0n, 6n, 1, false)).toEqual([]);
    expect(bases(6n, 6n, 10_000, true)).toEqual([]);
  });

  test('moves its start up, and drops whole batches', () => {
    const log = logOf(2, 2, 2);
    log.deleteBefore(3n);
    expect(log.startOffset).toBe(3n);
    expect(log.batches.map(({ baseOffset }) => baseOffset)).toEqual([2n, 4n]);
    log.deleteBefore(1n);
    expect(log.startOffset).toBe(3n);
    log.deleteBefore(99n);
    expect(log).toMatchObject({ startOffset: 6n, endOffset: 6n, batches: [] });
  });

  test('is cut at whole batches', () => {
    const log = logOf(2, 2, 2);
    log.truncateTo(5n);
    expect(log.endOffset).toBe(4n);
    log.truncateTo(0n);
    expect(log.endOffset).toBe(0n);
  });

  test('tells listeners of changes, until they end it', () => {
    const log = new PartitionLog();
    let told = 0;
    const end = log.onChange(() => {
      told += 1;
    });
    log.append(batch(), 0);
    log.deleteBefore(1n);
    end();
    log.append(batch(), 0);
    expect(told).toBe(2);
  });
});

describe('idempotent producers', () => {
  const of = (baseSequence: number, more: BatchOptions = {}) =>
    batch({ producerId: 7n, producerEpoch: 0, baseSequence, ...more });

  test('a batch that was sent twice is stored once', () => {
    const log = new PartitionLog();
    log.append(of(0, { count: 2 }), 0);
    expect(log.append(of(0, { count: 2 }), 0)).toEqual({ errorCode: 0, baseOffset: 0n, duplicate: true });
    expect(log.endOffset).toBe(2n);
  });

  test('a gap in the sequence is refused, and so is an old epoch', () => {
    const log = new PartitionLog();
    log.append(of(0), 0);
    expect(log.append(of(2), 0)).toMatchObject({ errorCode: 45, baseOffset: -1n });
    expect(log.append(of(1), 0).errorCode).toBe(0);
    expect(log.append(of(5, { producerEpoch: 1 }), 0).errorCode).toBe(45);
    expect(log.append(of(0, { producerEpoch: 1 }), 0).errorCode).toBe(0);
    expect(log.append(of(2), 0).errorCode).toBe(47);
  });

  test('sequence numbers wrap after the largest int32', () => {
    const log = new PartitionLog();
    log.append(of(2 ** 31 - 2, { count: 2 }), 0);
    expect(log.append(of(0), 0).errorCode).toBe(0);
  });
});

describe('leader epochs', () => {
  test('know where each ended', () => {
    const log = new PartitionLog();
    log.append(batch({ count: 5 }), 0);
    log.append(batch({ count: 5 }), 2);
    log.append(batch({ count: 5 }), 5);
    expect(log.endOfEpoch(0, 6)).toEqual({ epoch: 0, endOffset: 5n });
    expect(log.endOfEpoch(1, 6)).toEqual({ epoch: 0, endOffset: 5n });
    expect(log.endOfEpoch(2, 6)).toEqual({ epoch: 2, endOffset: 10n });
    expect(log.endOfEpoch(5, 6)).toEqual({ epoch: 5, endOffset: 15n });
    expect(log.endOfEpoch(6, 6)).toEqual({ epoch: 6, endOffset: 15n });
    expect(log.endOfEpoch(7, 6)).toEqual({ epoch: -1, endOffset: -1n });
    expect(log.endOfEpoch(-1, 6)).toEqual({ epoch: -1, endOffset: -1n });
  });

  test('forget what is cut off at either end', () => {
    const epochs = new EpochHistory();
    for (const [epoch, offset] of [
      [0, 0n],
      [2, 5n],
      [5, 10n],
    ] as const) {
      epochs.note(epoch, offset);
    }
    epochs.truncateTo(10n);
    expect(epochs.endOf(5, 6, 10n)).toEqual({ epoch: 2, endOffset: 10n });
    epochs.advanceTo(7n);
    expect(epochs.endOf(0, 6, 10n)).toEqual({ epoch: 0, endOffset: 7n });
    expect(epochs.endOf(2, 6, 10n)).toEqual({ epoch: 2, endOffset: 10n });
  });
});

describe('looking offsets up by time', () => {
  test.each(['none', 'gzip'] as const)('finds the first record since, and the latest (%s)', (compression) => {
    const log = new PartitionLog();
    log.append(batch({ timestamps: [100, 300], compression }), 0);
    log.append(batch({ timestamps: [200, 500, 400], compression }), 1);
    expect(firstRecordSince(log, 0)).toEqual({ offset: 0n, timestamp: 100, leaderEpoch: 0 });
    expect(firstRecordSince(log, 101)).toEqual({ offset: 1n, timestamp: 300, leaderEpoch: 0 });
    expect(firstRecordSince(log, 301)).toEqual({ offset: 3n, timestamp: 500, leaderEpoch: 1 });
    expect(firstRecordSince(log, 501)).toBeNull();
    expect(latestRecord(log)).toEqual({ offset: 3n, timestamp: 500, leaderEpoch: 1 });
  });

  test('a batch that cannot be read stands for its first record, as its header says', () => {
    const log = new PartitionLog();
    const damaged = batch({ timestamps: [100, 300], compression: 'gzip' });
    const last = damaged.bytes.length - 1;
    damaged.bytes[last] = (damaged.bytes[last] ?? 0) ^ 0xff;
    log.append(damaged, 0);
    log.append(batch({ timestamps: [200] }), 0);
    expect(firstRecordSince(log, 101)).toEqual({ offset: 0n, timestamp: 300, leaderEpoch: 0 });
    expect(latestRecord(log)).toEqual({ offset: 0n, timestamp: 300, leaderEpoch: 0 });
  });
});
