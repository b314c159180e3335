/** Fetched batches of one partition that wait for handlers. Each is decoded when its turn comes. */
import type { RecordBatch, RecordSet } from '../contracts/records.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import type { RecordSource } from './record.ts';

/** A batch that waits. Offsets are relative to the partition's origin. */
export interface Chunk {
  readonly batch: RecordBatch;
  readonly base: number;
  /** The offset behind the batch. */
  readonly end: number;
  /** Null until decoded. */
  source: RecordSource | null;
  count: number;
  /** The next record to take. */
  index: number;
}

export interface BufferOwner {
  readonly place: TopicPartition;
  /** All of a batch has been taken, or it delivers nothing. */
  passed(end: number, epoch: number): void;
  /** A batch that took its time has been decoded. */
  decoded(): void;
  /** A batch cannot be read. */
  undecodable(base: number, error: unknown): void;
  /** Bytes came or went. */
  bytesChanged(by: number): void;
}

export class RecordBuffer {
  readonly #owner: BufferOwner;
  #chunks: (Chunk | undefined)[] = [];
  #first = 0;
  #decoding: Chunk | null = null;
  #bytes = 0;

  constructor(owner: BufferOwner) {
    this.#owner = owner;
  }

  /** Bytes on the wire of all batches that have not been taken entirely. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#first === this.#chunks.length;
  }

  /** Milliseconds since the epoch: of the next record to take, or of its batch while that is not decoded; -1 for none. */
  get nextTimestamp(): number {
    const chunk = this.#chunks[this.#first];
    return chunk?.source?.set.timestamp(chunk.index) ?? chunk?.batch.timestamp ?? -1;
  }

  push(batch: RecordBatch, origin: bigint): void {
    const base = Number(batch.baseOffset - origin);
    const end = Number(batch.lastOffset - origin) + 1;
    this.#chunks.push({ batch, base, end, source: null, count: 0, index: 0 });
    this.#account(batch.sizeInBytes);
  }

  /** The batch to take from, at its first record at or above `position`; null when there is none, or not yet. */
  head(position: number): Chunk | null {
    for (;;) {
      const chunk = this.#chunks[this.#first];
      if (!chunk) return null;
      if (chunk.batch.delivers && chunk.end > position) {
        if (!chunk.source && !this.#decode(chunk)) return null;
        skipBelow(chunk, position);
        if (chunk.index < chunk.count) return chunk;
      }
      this.shift(chunk);
    }
  }

  /** The head has been taken entirely. */
  shift(chunk: Chunk): void {
    this.#chunks[this.#first] = undefined; // so that the fetched bytes can be collected
    this.#first += 1;
    if (this.#first === this.#chunks.length) {
      this.#chunks = [];
      this.#first = 0;
    } else if (this.#first >= 64) {
      this.#chunks = this.#chunks.slice(this.#first);
      this.#first = 0;
    }
    this.#account(-chunk.batch.sizeInBytes);
    this.#owner.passed(chunk.end, chunk.batch.leaderEpoch);
  }

  clear(): void {
    this.#chunks = [];
    this.#first = 0;
    this.#decoding = null;
    this.#account(-this.#bytes);
  }

  #account(by: number): void {
    if (by === 0) return;
    this.#bytes += by;
    this.#owner.bytesChanged(by);
  }

  /** False while it takes its time, and when it failed. */
  #decode(chunk: Chunk): boolean {
    if (this.#decoding === chunk) return false;
    try {
      const set = chunk.batch.records();
      if (!('then' in set)) {
        this.#take(chunk, set);
        return true;
      }
      this.#decoding = chunk;
      set.then(
        (ready) => this.#decodedLate(chunk, ready),
        (error) => this.#failedLate(chunk, error),
      );
    } catch (error) {
      this.#owner.undecodable(chunk.base, error);
    }
    return false;
  }

  #take(chunk: Chunk, set: RecordSet): void {
    chunk.source = { place: this.#owner.place, batch: chunk.batch, set };
    chunk.count = set.count;
  }

  #decodedLate(chunk: Chunk, set: RecordSet): void {
    if (this.#decoding !== chunk) return; // the buffer was cleared meanwhile
    this.#decoding = null;
    this.#take(chunk, set);
    this.#owner.decoded();
  }

  #failedLate(chunk: Chunk, error: unknown): void {
    if (this.#decoding !== chunk) return;
    this.#decoding = null;
    this.#owner.undecodable(chunk.base, error);
  }
}

/** The first batch may begin below what was asked for. */
function skipBelow(chunk: Chunk, position: number): void {
  if (!chunk.source || chunk.base >= position) return;
  const { set } = chunk.source;
  while (chunk.index < chunk.count && chunk.base + set.offsetDelta(chunk.index) < position) chunk.index += 1;
}
