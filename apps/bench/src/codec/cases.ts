/** What is done to a fetched megabyte of record batches, step by step, so that the price of each step shows. */
import { codecRegistry, crc32c, decodeBatches, encodeBatch } from '@kohort/protocol';
import { recordKey, recordValue } from '../workload/records.ts';
import { type Compression, recordsPerBatch } from '../workload/workload.ts';

/** The records of one partition in one answer. */
export interface Payload {
  readonly bytes: Uint8Array;
  readonly records: number;
}

export interface CodecCase {
  readonly name: string;
  readonly compression: Compression;
  /** Returns the number of records that were looked at. */
  run(payload: Payload): number | Promise<number>;
}

/** What a fetch asks for of each partition by default. */
const PAYLOAD_BYTES = 1024 * 1024;

/** Batches of one partition, uncompressed a megabyte. */
export function payloadOf(valueSize: number, compression: Compression): Payload {
  const perBatch = recordsPerBatch(valueSize);
  const batches: Uint8Array[] = [];
  let records = 0;
  for (let bytes = 0; bytes < PAYLOAD_BYTES; bytes += perBatch * valueSize) {
    const first = records;
    const batch = Array.from({ length: perBatch }, (_, i) => ({
      key: recordKey(first + i),
      value: recordValue(first + i, valueSize),
      timestamp: 1_700_000_000_000 + first + i,
    }));
    batches.push(encodeBatch(batch, { baseOffset: BigInt(first), compression }));
    records += perBatch;
  }
  return { bytes: Buffer.concat(batches), records };
}

const codecs = codecRegistry();

/** Decodes all batches, and lets something read the records of each. */
async function decode(
  { bytes }: Payload,
  checkCrcs: boolean,
  read: (set: RecordsOfBatch) => void,
): Promise<number> {
  let records = 0;
  for (const batch of decodeBatches(bytes, { checkCrcs, codecs })) {
    const pending = batch.records();
    const set = 'then' in pending ? await pending : pending;
    read(set);
    records += set.count;
  }
  return records;
}

type RecordsOfBatch = Awaited<ReturnType<ReturnType<typeof decodeBatches>[number]['records']>>;

const nothing = () => {};

function keysAndValues(set: RecordsOfBatch): void {
  for (let i = 0; i < set.count; i++) {
    set.key(i);
    set.value(i);
  }
}

function everything(set: RecordsOfBatch): void {
  for (let i = 0; i < set.count; i++) {
    set.offsetDelta(i);
    set.timestamp(i);
    set.headers(i);
  }
  keysAndValues(set);
}

export const CASES: readonly CodecCase[] = [
  {
    name: 'CRC-32C alone',
    compression: 'none',
    run({ bytes, records }) {
      crc32c(bytes);
      return records;
    },
  },
  {
    name: 'headers of batches',
    compression: 'none',
    run({ bytes, records }) {
      decodeBatches(bytes, { codecs });
      return records;
    },
  },
  {
    name: 'records indexed, no CRC',
    compression: 'none',
    run: (payload) => decode(payload, false, nothing),
  },
  { name: 'records indexed', compression: 'none', run: (payload) => decode(payload, true, nothing) },
  {
    name: 'keys and values read',
    compression: 'none',
    run: (payload) => decode(payload, true, keysAndValues),
  },
  { name: 'everything read', compression: 'none', run: (payload) => decode(payload, true, everything) },
  {
    name: 'keys and values read, gzip',
    compression: 'gzip',
    run: (payload) => decode(payload, true, keysAndValues),
  },
];
