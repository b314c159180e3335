/** What a broker does with the records of a produce request: take them apart, check them, give them offsets. */
import { ProtocolError } from '@kohort/core/spi';
import {
  ATTRIBUTES_AT,
  BATCH_HEADER_SIZE,
  type BatchHeader,
  LEADER_EPOCH_AT,
  readBatchHeader,
} from './batch-header.ts';
import { crc32c } from './crc32c.ts';
import { indexRecords } from './record-table.ts';

/** One whole batch: its header, and a view of all its bytes. */
export interface ProducedBatch {
  readonly header: BatchHeader;
  readonly bytes: Uint8Array;
}

/**
 * Takes a payload apart into whole batches of magic 2. Checks checksums, that a batch is not empty and covers as many
 * offsets as it has records, and the records themselves where they are not compressed (after Kafka's `LogValidator`).
 * @throws ProtocolError
 */
export function splitProducePayload(payload: Uint8Array): ProducedBatch[] {
  const batches: ProducedBatch[] = [];
  for (let at = 0; at < payload.length; ) {
    const header = readBatchHeader(payload, at);
    const bytes = payload.subarray(at, at + header.sizeInBytes);
    checkProduced(header, bytes);
    batches.push({ header, bytes });
    at += header.sizeInBytes;
  }
  return batches;
}

function checkProduced(header: BatchHeader, bytes: Uint8Array): void {
  const crc = crc32c(bytes, ATTRIBUTES_AT);
  if (crc !== header.crc) throw new ProtocolError(`record batch has checksum ${crc}, expected ${header.crc}`);
  if (header.recordCount < 1) throw new ProtocolError(`record batch of ${header.recordCount} records`);
  if (header.lastOffsetDelta + 1 !== header.recordCount) {
    throw new ProtocolError(`${header.recordCount} records with last offset delta ${header.lastOffsetDelta}`);
  }
  if (header.compression === 'none') indexRecords(bytes, BATCH_HEADER_SIZE, header);
}

/**
 * Gives a batch its place in the log, in the bytes themselves. The checksum does not cover what changes.
 * @param bytes the whole batch; changed
 */
export function withBaseOffset(bytes: Uint8Array, baseOffset: bigint, leaderEpoch: number): Uint8Array {
  if (bytes.length < BATCH_HEADER_SIZE) throw new ProtocolError(`record batch of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setBigInt64(0, baseOffset);
  view.setInt32(LEADER_EPOCH_AT, leaderEpoch);
  return bytes;
}
