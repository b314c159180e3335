/** A record batch of magic 2 as the core reads it: its header at once, its records when they are asked for. */
import { ProtocolError, type RecordBatch, type RecordSet, type TopicPartition } from '@kohort/core/spi';
import { ATTRIBUTES_AT, BATCH_HEADER_SIZE, type BatchHeader } from './batch-header.ts';
import type { CodecRegistry } from './codecs.ts';
import { crc32c } from './crc32c.ts';
import { type BatchPlace, corruptBatch, missingCodec } from './decode-failure.ts';
import { decompress } from './decompress.ts';
import { IndexedRecords } from './indexed-records.ts';
import { indexRecords } from './record-table.ts';

/** How records are read. */
export interface ReadOptions {
  readonly checkCrcs: boolean;
  readonly codecs: CodecRegistry;
  /** Bound of one batch's records after decompression. */
  readonly maxDecompressedBytes: number;
  readonly topicPartition?: TopicPartition;
}

export class FetchedBatch implements RecordBatch {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly leaderEpoch: number;
  readonly timestampType: 'create' | 'logAppend';
  readonly sizeInBytes: number;
  readonly delivers: boolean;
  readonly #header: BatchHeader;
  readonly #bytes: Uint8Array;
  readonly #options: ReadOptions;

  /** @param bytes the whole batch */
  constructor(header: BatchHeader, bytes: Uint8Array, delivers: boolean, options: ReadOptions) {
    this.baseOffset = header.baseOffset;
    this.lastOffset = header.baseOffset + BigInt(header.lastOffsetDelta);
    this.leaderEpoch = header.leaderEpoch;
    this.timestampType = header.timestampType;
    this.sizeInBytes = header.sizeInBytes;
    this.delivers = delivers;
    this.#header = header;
    this.#bytes = bytes;
    this.#options = options;
  }

  get timestamp(): number {
    const { timestampType, baseTimestamp, maxTimestamp } = this.#header;
    return Number(timestampType === 'logAppend' ? maxTimestamp : baseTimestamp);
  }

  records(): RecordSet | Promise<RecordSet> {
    const { compression, crc } = this.#header;
    const { checkCrcs, codecs, maxDecompressedBytes } = this.#options;
    if (checkCrcs) {
      const actual = crc32c(this.#bytes, ATTRIBUTES_AT);
      if (actual !== crc) throw corruptBatch(this.#place(), `checksum is ${actual}, expected ${crc}`);
    }
    if (compression === 'none') return this.#index(this.#bytes, BATCH_HEADER_SIZE);
    const codec = codecs.get(compression);
    if (codec === undefined) throw missingCodec(this.#place(), compression);
    const compressed = this.#bytes.subarray(BATCH_HEADER_SIZE);
    const output = decompress(codec, compressed, maxDecompressedBytes, this.#place());
    if (output instanceof Uint8Array) return this.#index(output, 0);
    return output.then((bytes) => this.#index(bytes, 0));
  }

  #index(bytes: Uint8Array, at: number): RecordSet {
    const { timestampType, baseTimestamp, maxTimestamp } = this.#header;
    try {
      return new IndexedRecords(bytes, indexRecords(bytes, at, this.#header), {
        baseTimestamp: Number(baseTimestamp),
        appendTimestamp: timestampType === 'logAppend' ? Number(maxTimestamp) : null,
      });
    } catch (error) {
      if (error instanceof ProtocolError) throw corruptBatch(this.#place(), error.message, error);
      throw error;
    }
  }

  #place(): BatchPlace {
    const { topicPartition } = this.#options;
    return { offset: this.baseOffset, ...(topicPartition === undefined ? {} : { topicPartition }) };
  }
}
