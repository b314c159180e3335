import { TransportError } from '@kohort/core/spi';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBatches, encodeBatch, encodeEndMarker, type RecordInput } from '../../src/records/index.ts';
import { onlyBatch, resealed, setOf } from './batch-tools.ts';
import { legacyMessage, legacySet } from './legacy-messages.ts';
import { tinyLz4, tinySnappy } from './tiny-compressors.ts';

const bytes = fc.uint8Array({ maxLength: 60 });
const nullable = fc.option(bytes, { nil: null });
const record = fc.record({
  key: nullable,
  value: nullable,
  timestamp: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 4_000_000_000_000 })),
  headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 10 }), nullable), { maxLength: 3 }),
});
const compression = fc.constantFrom(
  'none' as const,
  'gzip' as const,
  { type: 'snappy' as const, compress: tinySnappy },
  { type: 'lz4' as const, compress: (section: Uint8Array) => tinyLz4(section) },
);
const batch = fc.record({
  records: fc.array(record, { maxLength: 30 }),
  baseOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }),
  leaderEpoch: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
  compression,
});

function content(input: RecordInput[]) {
  return input.map(({ key, value, timestamp, headers }) => ({ key, value, timestamp, headers }));
}

it('a batch comes back as it was written', () => {
  fc.assert(
    fc.property(batch, ({ records, ...options }) => {
      const decoded = onlyBatch(encodeBatch(records, options));
      expect(decoded.baseOffset).toBe(options.baseOffset);
      expect(decoded.leaderEpoch).toBe(options.leaderEpoch);
      const set = setOf(decoded);
      const asArray = (view: Uint8Array | null) => (view === null ? null : Uint8Array.from(view));
      const read = Array.from({ length: set.count }, (_, i) => ({
        key: asArray(set.key(i)),
        value: asArray(set.value(i)),
        timestamp: set.timestamp(i),
        headers: set.headers(i).map(([name, value]) => [name, asArray(value)]),
      }));
      expect(read).toEqual(content(records));
    }),
    { numRuns: 200 },
  );
});

/** Reads everything. A value, or a TransportError of kind `decode`: nothing else may come out of bytes from outside. */
function readToTheEnd(input: Uint8Array, checkCrcs = true): void {
  try {
    const options = {
      isolationLevel: 'read_committed',
      abortedTransactions: [{ producerId: 1n, firstOffset: 0n }],
      maxDecompressedBytes: 100_000,
      checkCrcs,
    } as const;
    for (const decoded of decodeBatches(input, options)) {
      const set = setOf(decoded);
      for (let i = 0; i < set.count; i++) {
        set.key(i);
        set.value(i);
        set.headers(i);
        expect(Number.isFinite(set.timestamp(i))).toBe(true);
      }
    }
  } catch (error) {
    if (!(error instanceof TransportError && (error.kind === 'decode' || error.kind === 'codecMissing')))
      throw error;
  }
}

it('arbitrary bytes give a value or a TransportError', () => {
  const header = fc.uint8Array({ minLength: 0, maxLength: 200 }).map((rest) => {
    // A plausible beginning, so that the rest is looked at.
    const input = Buffer.concat([Buffer.alloc(17), rest]);
    input.writeInt32BE(input.length - 12, 8);
    input.writeInt8(rest.length % 3, 16);
    return input.length >= 61 ? resealed(input) : input;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), header), (input) => readToTheEnd(input)),
    {
      numRuns: 2_000,
    },
  );
});

it('valid batches with changes, their checksums made right again, give a value or a TransportError', () => {
  const marker = encodeEndMarker({ type: 'abort', producerId: 1n, producerEpoch: 0 });
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
  fc.assert(
    fc.property(
      batch,
      fc.array(change, { minLength: 1, maxLength: 5 }),
      ({ records, ...options }, changes) => {
        for (const valid of [encodeBatch(records, options), marker]) {
          const mutated = Buffer.from(valid);
          // Below 12 lie offset and length, which other tests cut off.
          for (const { at, to } of changes) mutated[12 + (at % (mutated.length - 12))] = to;
          readToTheEnd(resealed(mutated));
          readToTheEnd(mutated);
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('old messages with changes give a value or a TransportError', () => {
  const magic = fc.constantFrom(0 as const, 1 as const);
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
  fc.assert(
    fc.property(
      magic,
      fc.nat(3),
      fc.array(change, { maxLength: 3 }),
      fc.nat(),
      (format, count, changes, cut) => {
        const inner = Array.from({ length: count }, (_, i) => ({
          offset: BigInt(i),
          magic: format,
          value: 'value',
        }));
        const outer = { offset: 5n, magic: format };
        const plainSet = Buffer.concat(inner.map(legacyMessage));
        const stored = legacyMessage({ ...outer, attributes: 2, value: tinySnappy(plainSet) });
        for (const valid of [legacySet(outer, inner), stored, legacyMessage({ ...outer, value: 'value' })]) {
          const mutated = Buffer.from(valid);
          for (const { at, to } of changes) mutated[12 + (at % (mutated.length - 12))] = to;
          readToTheEnd(mutated, false);
          readToTheEnd(mutated.subarray(0, cut % mutated.length), false);
        }
      },
    ),
    { numRuns: 500 },
  );
});
