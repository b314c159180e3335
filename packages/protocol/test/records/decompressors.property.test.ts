import { ProtocolError } from '@kohort/core/spi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompressLz4 } from '../../src/records/lz4.ts';
import { decompressSnappy } from '../../src/records/snappy.ts';
import { tinyLz4, tinySnappy, tinyXerial } from './tiny-compressors.ts';

const LIMIT = 200_000;

/** Bytes with repetitions near and far. */
const compressible = fc
  .tuple(
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 }),
    fc.array(fc.record({ word: fc.nat(5), times: fc.integer({ min: 1, max: 30 }) }), { maxLength: 40 }),
  )
  .map(([words, plan]) =>
    Buffer.concat(plan.flatMap(({ word, times }) => new Array(times).fill(words[word % words.length] ?? []))),
  );

describe('what was compressed comes back', () => {
  it('raw snappy', () => {
    fc.assert(
      fc.property(compressible, (bytes) => {
        expect(Buffer.compare(decompressSnappy(tinySnappy(bytes), LIMIT), bytes)).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('snappy in chunks', () => {
    fc.assert(
      fc.property(compressible, fc.integer({ min: 1, max: 5_000 }), (bytes, chunkSize) => {
        expect(Buffer.compare(decompressSnappy(tinyXerial(bytes, chunkSize + 500), LIMIT), bytes)).toBe(0);
      }),
      { numRuns: 80 },
    );
  });

  it('lz4 frames', () => {
    const options = fc.record({
      blockSize: fc.integer({ min: 500, max: 65_536 }),
      stored: fc.boolean(),
      blockChecksums: fc.boolean(),
      contentChecksum: fc.boolean(),
      contentSize: fc.boolean(),
      oldChecksum: fc.boolean(),
    });
    fc.assert(
      fc.property(compressible, options, (bytes, how) => {
        expect(Buffer.compare(decompressLz4(tinyLz4(bytes, how), LIMIT), bytes)).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});

/** A value within the limit, or a ProtocolError: nothing else may come out of bytes from outside. */
function onlyTwoOutcomes(
  decompress: (bytes: Uint8Array, maxBytes: number) => Uint8Array,
  bytes: Uint8Array,
): void {
  try {
    expect(decompress(bytes, LIMIT).length).toBeLessThanOrEqual(LIMIT);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

describe.each([
  ['snappy', decompressSnappy, tinySnappy],
  ['snappy in chunks', decompressSnappy, (bytes: Uint8Array) => tinyXerial(bytes, 700)],
  ['lz4', decompressLz4, (bytes: Uint8Array) => tinyLz4(bytes, { blockSize: 700 })],
] as const)('%s of hostile bytes', (_, decompress, compress) => {
  it('arbitrary ones', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => onlyTwoOutcomes(decompress, bytes)),
      { numRuns: 1_000 },
    );
  });

  it('valid ones with changes', () => {
    const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
    fc.assert(
      fc.property(
        compressible,
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (bytes, changes, cut) => {
          const compressed = Uint8Array.from(compress(bytes));
          for (const { at, to } of changes) compressed[at % compressed.length] = to;
          onlyTwoOutcomes(decompress, compressed);
          onlyTwoOutcomes(decompress, compressed.subarray(0, cut % (compressed.length + 1)));
        },
      ),
      { numRuns: 300 },
    );
  });
});
