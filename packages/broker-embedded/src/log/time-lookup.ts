/** Looks offsets up by time, which needs the timestamps of single records. */
import { type RecordBatch, TransportError } from '@kohort/core/spi';
import { decodeBatches } from '@kohort/protocol';
import type { PartitionLog } from './partition-log.ts';
import type { StoredBatch } from './stored-batch.ts';

export interface TimedRecord {
  readonly offset: bigint;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly leaderEpoch: number;
}

/**
 * Records of one batch with their times. Where they cannot be read at once (a codec that is not used here, bytes that a
 * producer has damaged, more of them than a batch may inflate to) the batch stands for its first record.
 */
function timedRecords({ bytes, baseOffset, leaderEpoch, maxTimestamp }: StoredBatch): TimedRecord[] {
  const asOne = [{ offset: baseOffset, timestamp: maxTimestamp, leaderEpoch }];
  if (!isReadable(bytes)) return asOne;
  const records = recordsOf(bytes);
  if (records === undefined || records instanceof Promise) return asOne;
  return Array.from({ length: records.count }, (_, i) => ({
    offset: baseOffset + BigInt(records.offsetDelta(i)),
    timestamp: records.timestamp(i),
    leaderEpoch,
  }));
}

/** undefined for what the members of a group could not read either; it must not end the broker. */
function recordsOf(bytes: Uint8Array): ReturnType<RecordBatch['records']> | undefined {
  try {
    return decodeBatches(bytes)[0]?.records();
  } catch (error) {
    if (error instanceof TransportError) return undefined;
    throw error;
  }
}

/** Low bits of the attributes: 0 none, 1 gzip. */
function isReadable(bytes: Uint8Array): boolean {
  return ((bytes[22] ?? 0) & 0x07) <= 1;
}

/** The first record, by offset, with this timestamp or a later one. */
export function firstRecordSince(log: PartitionLog, timestamp: number): TimedRecord | null {
  for (const batch of log.batches) {
    if (batch.marker !== null || batch.maxTimestamp < timestamp) continue;
    const found = timedRecords(batch).find(
      (record) => record.timestamp >= timestamp && record.offset >= log.startOffset,
    );
    if (found !== undefined) return found;
  }
  return null;
}

/** The first record with the largest timestamp of the log. */
export function latestRecord(log: PartitionLog): TimedRecord | null {
  let latest: TimedRecord | null = null;
  for (const batch of log.batches) {
    if (batch.marker !== null || (latest !== null && batch.maxTimestamp <= latest.timestamp)) continue;
    const found = timedRecords(batch).find(({ timestamp }) => timestamp === batch.maxTimestamp);
    latest = found ?? latest;
  }
  return latest;
}
