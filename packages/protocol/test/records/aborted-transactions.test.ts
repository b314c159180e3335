/** Delivery under read_committed, after `CompletedFetch` of Kafka's consumer. */
import { describe, expect, it } from 'vitest';
import { decodeBatches, encodeBatch, encodeEndMarker, readBatchHeader } from '../../src/records/index.ts';
import { resealed } from './batch-tools.ts';

/** One batch of one record of a transaction. */
function write(producerId: bigint, baseOffset: bigint): Uint8Array {
  return encodeBatch([{ value: `${producerId}@${baseOffset}` }], {
    producerId,
    producerEpoch: 0,
    baseSequence: 0,
    transactional: true,
    baseOffset,
  });
}

function end(type: 'commit' | 'abort', producerId: bigint, baseOffset: bigint): Uint8Array {
  return encodeEndMarker({ type, producerId, producerEpoch: 0 }, { baseOffset });
}

/** Offsets that are delivered. */
function delivered(batches: Uint8Array[], aborted: [producerId: bigint, firstOffset: bigint][]): number[] {
  return decodeBatches(Buffer.concat(batches), {
    isolationLevel: 'read_committed',
    abortedTransactions: aborted.map(([producerId, firstOffset]) => ({ producerId, firstOffset })),
  })
    .filter((batch) => batch.delivers)
    .map((batch) => Number(batch.baseOffset));
}

describe('read_committed', () => {
  it('passes over an aborted transaction and delivers the next one of the same producer', () => {
    const log = [write(1n, 0n), write(1n, 1n), end('abort', 1n, 2n), write(1n, 3n), end('commit', 1n, 4n)];
    expect(delivered(log, [[1n, 0n]])).toEqual([3]);
  });

  it('keeps interleaved producers apart', () => {
    const log = [
      write(1n, 0n),
      write(2n, 1n),
      write(1n, 2n),
      end('abort', 1n, 3n),
      write(2n, 4n),
      end('commit', 2n, 5n),
    ];
    expect(delivered(log, [[1n, 0n]])).toEqual([1, 4]);
  });

  it('knows several aborted transactions of one producer, listed in any order', () => {
    const log = [
      write(1n, 0n),
      end('abort', 1n, 1n),
      write(1n, 2n),
      end('commit', 1n, 3n),
      write(1n, 4n),
      end('abort', 1n, 5n),
    ];
    expect(
      delivered(log, [
        [1n, 4n],
        [1n, 0n],
      ]),
    ).toEqual([2]);
  });

  it('counts a transaction as aborted from the middle of a response on', () => {
    expect(delivered([write(1n, 7n), end('abort', 1n, 8n)], [[1n, 3n]])).toEqual([]);
  });

  it('delivers what is not transactional, also of an aborted producer', () => {
    const idempotent = encodeBatch([{ value: 'a' }], {
      producerId: 1n,
      producerEpoch: 0,
      baseSequence: 0,
      baseOffset: 1n,
    });
    const plain = encodeBatch([{ value: 'b' }], { baseOffset: 2n });
    expect(delivered([write(1n, 0n), idempotent, plain], [[1n, 0n]])).toEqual([1, 2]);
  });

  it('takes an emptied control batch as no marker', () => {
    const emptied = resealed(
      encodeBatch([], {
        producerId: 1n,
        transactional: true,
        control: true,
        baseOffset: 1n,
        lastOffsetDelta: 0,
      }),
    );
    expect(delivered([write(1n, 0n), emptied, write(1n, 2n)], [[1n, 0n]])).toEqual([]);
  });

  it('refuses a control batch whose marker cannot be read', () => {
    const senseless = encodeBatch([{ key: 'k', value: '' }], {
      producerId: 1n,
      transactional: true,
      control: true,
    });
    expect(() => delivered([senseless], [])).toThrow(expect.objectContaining({ kind: 'decode' }));
  });

  it('marks say what they are', () => {
    expect(readBatchHeader(end('abort', 9n, 4n))).toMatchObject({
      control: true,
      transactional: true,
      producerId: 9n,
    });
  });
});
