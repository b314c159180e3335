/** From the records of a fetch response to batches, of whatever age their format is. */
import { ByteReader, type IsolationLevel, ProtocolError, type RecordBatch } from '@kohort/core/spi';
import { type AbortedTransaction, AbortedTransactions } from './aborted-transactions.ts';
import { LENGTH_AT, LOG_OVERHEAD, MAGIC_AT, readBatchHeader } from './batch-header.ts';
import { codecRegistry } from './codecs.ts';
import { corruptBatch } from './decode-failure.ts';
import { FetchedBatch, type ReadOptions } from './fetched-batch.ts';
import { readLegacyBatch } from './legacy-batch.ts';

export interface DecodeOptions extends Partial<ReadOptions> {
  /** Default `read_uncommitted`. */
  readonly isolationLevel?: IsolationLevel;
  /** As the fetch response lists them; null and empty are the same. Only looked at under `read_committed`. */
  readonly abortedTransactions?: readonly AbortedTransaction[] | null;
}

/** Default bound of one batch's records after decompression: 256 MiB. */
const DEFAULT_MAX_DECOMPRESSED_BYTES = 256 * 1024 * 1024;
const BUILT_IN_CODECS = codecRegistry();
/** The least that may follow base offset and length: the fixed fields of a message of magic 0. */
const MIN_LENGTH = 14;

/**
 * Reads the headers of all whole batches; what is cut off at the end is left out. Records are looked at when a batch's
 * `records()` is called, with CRC checks on by default and the built-in codecs.
 *
 * A batch whose header makes no sense ends the list, so that what precedes it is still delivered.
 * @throws TransportError kind `decode` when already the first header makes no sense
 */
export function decodeBatches(bytes: Uint8Array, options: DecodeOptions = {}): RecordBatch[] {
  const read: ReadOptions = {
    checkCrcs: options.checkCrcs ?? true,
    codecs: options.codecs ?? BUILT_IN_CODECS,
    maxDecompressedBytes: options.maxDecompressedBytes ?? DEFAULT_MAX_DECOMPRESSED_BYTES,
    ...(options.topicPartition === undefined ? {} : { topicPartition: options.topicPartition }),
  };
  const aborted =
    options.isolationLevel === 'read_committed'
      ? new AbortedTransactions(options.abortedTransactions ?? [])
      : null;
  const batches: RecordBatch[] = [];
  let at = 0;
  try {
    for (let size = wholeSize(bytes, at); size > 0; size = wholeSize(bytes, at)) {
      const batch = bytes.subarray(at, at + size);
      batches.push(
        bytes[at + MAGIC_AT] === 2
          ? readBatch(batch, aborted, read)
          : readLegacyBatch(batch, batches.at(-1)?.lastOffset ?? null, read),
      );
      at += size;
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    if (batches.length === 0) {
      const place = read.topicPartition === undefined ? {} : { topicPartition: read.topicPartition };
      throw corruptBatch({ offset: null, ...place }, error.message, error);
    }
  }
  return batches;
}

/** Size of the batch at `at`, 0 when it is not all there. */
function wholeSize(bytes: Uint8Array, at: number): number {
  if (bytes.length - at <= MAGIC_AT) return 0;
  const length = new ByteReader(bytes, at + LENGTH_AT).int32();
  if (length < MIN_LENGTH) throw new ProtocolError(`record batch of ${length} bytes`);
  return length > bytes.length - at - LOG_OVERHEAD ? 0 : LOG_OVERHEAD + length;
}

function readBatch(
  bytes: Uint8Array,
  aborted: AbortedTransactions | null,
  options: ReadOptions,
): RecordBatch {
  const header = readBatchHeader(bytes);
  const isAborted = aborted?.covers(header, bytes) ?? false;
  return new FetchedBatch(header, bytes, !header.control && !isAborted, options);
}
