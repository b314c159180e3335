/** A message of magic 0 or 1, alone or with a compressed message set inside, as a batch. */
import {
  ByteReader,
  ProtocolError,
  type RecordBatch,
  type RecordHeader,
  type RecordSet,
} from '@kohort/core/spi';
import { type BatchPlace, corruptBatch, missingCodec } from './decode-failure.ts';
import { decompress } from './decompress.ts';
import type { ReadOptions } from './fetched-batch.ts';
import { type LegacyMessage, readInnerMessages, readLegacyMessage } from './legacy-message.ts';

/** Offsets of one batch lie closer together than this, so that their deltas fit an int32. */
const WIDEST_BATCH = 0x7fff_ffffn;

/**
 * @param bytes the whole message, offset and length included
 * @param previousOffset last offset of the batch before it in the same response
 * @throws ProtocolError when the message itself makes no sense; what is inside is looked at later
 */
export function readLegacyBatch(
  bytes: Uint8Array,
  previousOffset: bigint | null,
  options: ReadOptions,
): RecordBatch {
  return new LegacyBatch(readLegacyMessage(new ByteReader(bytes), false), bytes, previousOffset, options);
}

class LegacyBatch implements RecordBatch {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly leaderEpoch = -1;
  readonly timestampType: 'create' | 'logAppend';
  readonly sizeInBytes: number;
  readonly delivers = true;
  readonly #message: LegacyMessage;
  readonly #bytes: Uint8Array;
  readonly #options: ReadOptions;

  constructor(
    message: LegacyMessage,
    bytes: Uint8Array,
    previousOffset: bigint | null,
    options: ReadOptions,
  ) {
    this.lastOffset = message.offset;
    this.baseOffset =
      message.compression === 'none' ? message.offset : lowestOffset(message.offset, previousOffset);
    this.timestampType = message.timestampType;
    this.sizeInBytes = bytes.length;
    this.#message = message;
    this.#bytes = bytes;
    this.#options = options;
  }

  get timestamp(): number {
    return this.#message.timestamp;
  }

  records(): RecordSet | Promise<RecordSet> {
    const { checkCrcs, codecs, maxDecompressedBytes } = this.#options;
    const { compression, value } = this.#message;
    const outer = this.#reported(() => readLegacyMessage(new ByteReader(this.#bytes), checkCrcs));
    if (compression === 'none') return this.#recordsOf([outer]);
    if (value === null) throw corruptBatch(this.#place(), 'compressed message without a value');
    const codec = codecs.get(compression);
    if (codec === undefined) throw missingCodec(this.#place(), compression);
    const open = (bytes: Uint8Array) =>
      this.#recordsOf(this.#reported(() => readInnerMessages(outer, bytes, checkCrcs)));
    const output = decompress(codec, value, maxDecompressedBytes, this.#place());
    return output instanceof Uint8Array ? open(output) : output.then(open);
  }

  #recordsOf(messages: readonly LegacyMessage[]): RecordSet {
    let previous = this.baseOffset - 1n;
    for (const { offset } of messages) {
      if (offset <= previous || offset > this.lastOffset) {
        throw corruptBatch(
          this.#place(),
          `message ${offset} after ${previous}, the set ends at ${this.lastOffset}`,
        );
      }
      previous = offset;
    }
    return new LegacyRecords(messages, this.baseOffset);
  }

  #reported<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof ProtocolError) throw corruptBatch(this.#place(), error.message, error);
      throw error;
    }
  }

  #place(): BatchPlace {
    const { topicPartition } = this.#options;
    return { offset: this.lastOffset, ...(topicPartition === undefined ? {} : { topicPartition }) };
  }
}

/** A message set's first offset is inside what is compressed: until then, the least that it can be. */
function lowestOffset(last: bigint, previous: bigint | null): bigint {
  const widest = last - WIDEST_BATCH;
  const lowest = previous === null ? 0n : previous + 1n;
  return lowest > widest ? lowest : widest;
}

class LegacyRecords implements RecordSet {
  readonly count: number;
  readonly #messages: readonly LegacyMessage[];
  readonly #baseOffset: bigint;

  constructor(messages: readonly LegacyMessage[], baseOffset: bigint) {
    this.count = messages.length;
    this.#messages = messages;
    this.#baseOffset = baseOffset;
  }

  offsetDelta(i: number): number {
    return Number(this.#message(i).offset - this.#baseOffset);
  }

  timestamp(i: number): number {
    return this.#message(i).timestamp;
  }

  key(i: number): Buffer | null {
    return asBuffer(this.#message(i).key);
  }

  value(i: number): Buffer | null {
    return asBuffer(this.#message(i).value);
  }

  /** The format has none. */
  headers(i: number): readonly RecordHeader[] {
    this.#message(i);
    return [];
  }

  /** @throws RangeError for an index that is no record's */
  #message(i: number): LegacyMessage {
    const message = this.#messages[i];
    if (message === undefined) throw new RangeError(`record ${i} of ${this.count}`);
    return message;
  }
}

function asBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
