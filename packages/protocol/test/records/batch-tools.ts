/** What the tests of record batches share: bytes from text, resealed checksums, records as plain values. */
import type { RecordBatch, RecordSet } from '@kohort/core/spi';
import { crc32c, type DecodeOptions, decodeBatches } from '../../src/records/index.ts';

export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

/** A copy with the checksum that its content has now, after a test has changed it. */
export function resealed(batch: Uint8Array): Buffer {
  const bytes = Buffer.from(batch);
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

export function onlyBatch(bytes: Uint8Array, options: DecodeOptions = {}): RecordBatch {
  const batches = decodeBatches(bytes, options);
  const [batch] = batches;
  if (batch === undefined || batches.length !== 1) throw new Error(`${batches.length} batches, expected one`);
  return batch;
}

/** The records of a batch that is decoded synchronously. */
export function setOf(batch: RecordBatch): RecordSet {
  const set = batch.records();
  if (set instanceof Promise) throw new Error('decoded asynchronously');
  return set;
}

export function plain(set: RecordSet) {
  return Array.from({ length: set.count }, (_, i) => ({
    delta: set.offsetDelta(i),
    timestamp: set.timestamp(i),
    key: text(set.key(i)),
    value: text(set.value(i)),
    headers: set.headers(i).map(([name, value]) => [name, text(value)]),
  }));
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString();
}
