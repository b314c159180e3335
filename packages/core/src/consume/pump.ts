/**
 * One owned partition, from one assignment to its end: what has been fetched, what has been taken, what has settled.
 * The only owner of its buffer and its watermark.
 */
import type { CommitSource } from '../commit/committer.ts';
import { Watermark } from '../commit/watermark.ts';
import type { OwnedPartition } from '../contracts/session.ts';
import { type PartitionOffset, partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';
import { type BufferOwner, type Chunk, RecordBuffer } from './buffer.ts';
import type { Context } from './context.ts';
import { FetchState } from './fetch-state.ts';
import { KeyOrder } from './key-order.ts';
import type { Task } from './task.ts';

/** What a pump tells the others. None of it is called for each record. */
export interface PumpEvents {
  /** Something may be dispatched now. */
  wake(pump: Pump): void;
  /** There is room, or a new position: something may be fetched now. */
  wantsFetch(): void;
  bytesChanged(by: number): void;
  undecodable(pump: Pump, error: unknown): void;
  /** Records have settled outside of a dispatch run, or a new position has to be committed. */
  settled(pump: Pump, count: number): void;
  /** Records have settled by hand. Relative offsets; the first may lie below what was settled. */
  settledByHand(pump: Pump, first: number, last: number, count: number): void;
}

/** Where a run of offsets begins. */
export interface Start {
  readonly offset: bigint;
  /** Leader epoch of the record before it, -1 where unknown. */
  readonly leaderEpoch: number;
  /** Null when nothing is committed. */
  readonly committed: bigint | null;
  /** Whether the next commit says this offset, even if nothing settles. */
  readonly dirty: boolean;
  /** Whether a commit has to say it before anything is dispatched. */
  readonly anchor: boolean;
  /** The topic that it is a position in, where that is known; the present one of that name otherwise. */
  readonly topicId?: string | undefined;
}

export class Pump implements CommitSource, BufferOwner {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly place: TopicPartition;
  readonly fetch = new FetchState();
  readonly keys = new KeyOrder();
  readonly buffer: RecordBuffer;
  /** Tasks that may run at once, before anything new: retries whose time has come, records whose key is free. */
  readonly due: Task[] = [];
  /** Tasks that wait for a retry. */
  readonly waiting = new Set<Task>();
  /** The user's callback for the assignment has been waited for. */
  started = false;
  /** The position has been committed, where that has to come first. */
  anchored = false;
  paused = false;
  /** Waits for its turn at the dispatcher. */
  queued = false;
  /** A handler of an earlier ownership of the same partition still runs. */
  blocked = false;
  /** Handler calls that have not returned. */
  busy = 0;
  /** Those of them that began before the latest seek or reset. */
  #staleBusy = 0;
  readonly #idle: (() => void)[] = [];
  /** What handlers of first attempts are told; made when first needed. */
  context: Context | null = null;
  /** Where `until: 'end'` stops: nothing at or above it is taken. Null for no end, -1 while it is being looked up. */
  stopAt: bigint | null = null;
  /** The end of the log as of the last fetch: high watermark, or last stable offset. */
  endOffset: bigint | null = null;
  /** The beginning of the log as of the last fetch. */
  logStartOffset: bigint | null = null;
  committedOffset: bigint | null = null;
  /** Highest offset of this run that is committed, relative; -1 for none. */
  #committed = -1;
  #mark: Watermark | null = null;
  /** Relative offset of the next record to take. */
  #position = 0;
  #sealed = false;
  #frozen = false;
  #lost = false;
  readonly #owned: OwnedPartition;
  readonly #events: PumpEvents;
  readonly #controller = new AbortController();

  constructor(owned: OwnedPartition, events: PumpEvents) {
    this.topic = owned.topic;
    this.partition = owned.partition;
    this.key = partitionKey(owned);
    this.place = Object.freeze({ topic: owned.topic, partition: owned.partition });
    this.#owned = owned;
    this.#events = events;
    this.buffer = new RecordBuffer(this);
    owned.signal.addEventListener('abort', () => this.lose(), { once: true });
  }

  /** Read before each piece of work: epoch and lease, at this very moment. */
  get owned(): boolean {
    return this.#owned.owned;
  }

  /** Aborted when ownership ends, or the drain budget does. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Null until the position is resolved. */
  get mark(): Watermark | null {
    return this.#mark;
  }

  get run(): unknown {
    return this.#mark;
  }

  /** Nothing is dispatched or settled any more. */
  get sealed(): boolean {
    return this.#sealed;
  }

  /** Ownership has ended, with or without consent. */
  get ended(): boolean {
    return this.#lost;
  }

  /** The next record to take; null until resolved. */
  get position(): bigint | null {
    return this.#mark && this.#mark.origin + BigInt(this.#position);
  }

  get positionRel(): number {
    return this.#position;
  }

  get dispatchable(): boolean {
    return (
      this.started &&
      this.anchored &&
      !this.paused &&
      !this.#sealed &&
      !this.blocked &&
      this.#staleBusy === 0 &&
      this.#mark !== null
    );
  }

  /** Begins to read at an offset: at first, after a seek, and after a reset. What was fetched and not delivered is dropped. */
  begin(start: Start): void {
    if (this.#sealed) return;
    this.#endRun();
    this.#mark = new Watermark(start.offset, start.leaderEpoch);
    this.#committed = start.dirty || start.anchor ? -1 : 0;
    if (start.committed !== null) this.committedOffset = start.committed;
    this.anchored = !start.anchor;
    this.fetch.begin(start.leaderEpoch);
    if (start.dirty || start.anchor) this.#events.settled(this, 0);
    this.#events.wantsFetch();
  }

  /**
   * The log that was read is gone, with all that was committed of it. What is in flight finishes and counts no more; there
   * is no position until `begin`.
   */
  forget(topicId: string): void {
    this.#endRun();
    this.#mark = null;
    this.anchored = false;
    this.committedOffset = null;
    this.endOffset = null;
    this.cutStop(0n);
    this.fetch.forget(topicId);
  }

  /** What lay at `offset` and above is gone: nobody need wait for it. */
  cutStop(offset: bigint): void {
    if (this.stopAt !== null && this.stopAt > offset) this.stopAt = offset;
  }

  #endRun(): void {
    this.drop();
    this.#staleBusy = this.busy;
    this.#position = 0;
    this.context = null;
  }

  /** Undelivered records, waiting retries and parked keys go; what is in flight stays. */
  drop(): void {
    for (const task of this.waiting) task.timer?.cancel();
    this.waiting.clear();
    this.due.length = 0;
    this.keys.clear();
    this.buffer.clear();
  }

  /** The batch to take from; null when nothing is at hand. */
  head(): Chunk | null {
    return this.buffer.head(this.#position);
  }

  /** Takes the next record of the head. Returns its relative offset. */
  take(chunk: Chunk): number {
    const offset = chunk.base + (chunk.source?.set.offsetDelta(chunk.index) ?? 0);
    this.#mark?.take(offset, chunk.batch.leaderEpoch);
    chunk.index += 1;
    this.#position = offset + 1;
    if (chunk.index === chunk.count) this.buffer.shift(chunk);
    return offset;
  }

  /**
   * Settles from first to last, for the dispatcher. Returns how many records that were: none after ownership has ended,
   * although the watermark still moves, since it counts if ownership was only in doubt.
   */
  settleRange(mark: Watermark, first: number, last: number): number {
    if (this.#frozen || mark !== this.#mark) return 0;
    const count = mark.settle(first, last);
    return this.#lost ? 0 : count;
  }

  /** Settles by hand. Without ownership nothing counts any more. */
  settleByHand(mark: Watermark, first: number, last: number): number {
    if (this.#frozen || this.#lost || mark !== this.#mark || !this.owned) return 0;
    const low = mark.low;
    const end = Math.min(last, this.#position - 1);
    const count = mark.settle(first, end);
    if (count === 0) return 0;
    this.#events.settledByHand(this, Math.max(first, low), end, count);
    this.#events.settled(this, count);
    return count;
  }

  /** A handler call has returned. */
  returned(mark: Watermark): void {
    this.busy -= 1;
    if (mark !== this.#mark) this.#staleBusy -= 1;
    if (this.busy > 0 || this.#idle.length === 0) return;
    for (const callback of this.#idle.splice(0)) callback();
  }

  /** Calls back when no handler call of this partition is under way. */
  onIdle(callback: () => void): void {
    if (this.busy === 0) callback();
    else this.#idle.push(callback);
  }

  get inFlight(): number {
    return this.#mark?.inFlight ?? 0;
  }

  /** Whether everything up to the end that was asked for has settled. */
  get reachedStop(): boolean {
    const { stopAt } = this;
    return stopAt !== null && stopAt >= 0n && this.#mark !== null && this.#mark.lowOffset >= stopAt;
  }

  pending(): PartitionOffset | null {
    const mark = this.#mark;
    if (!mark || this.#lost || mark.low <= this.#committed || !this.owned) return null;
    const { topic, partition } = this;
    return { topic, partition, offset: mark.lowOffset, leaderEpoch: mark.lowEpoch };
  }

  committed({ offset }: PartitionOffset): void {
    this.committedOffset = offset;
    if (this.#mark) this.#committed = Math.max(this.#committed, Number(offset - this.#mark.origin));
  }

  commitLost(): void {
    this.lose();
  }

  passed(end: number, epoch: number): void {
    this.fetch.succeed(); // it could be read
    if (end <= this.#position) return;
    this.#position = end;
    this.#mark?.advanceTo(end, epoch);
  }

  decoded(): void {
    this.#events.wake(this);
  }

  undecodable(base: number, error: unknown): void {
    this.buffer.clear();
    this.fetch.rewind(Math.max(base, this.#position));
    this.#events.undecodable(this, error);
  }

  bytesChanged(by: number): void {
    this.#events.bytesChanged(by);
  }

  /** Stops dispatching for good; what is in flight may still settle. */
  seal(): void {
    this.#sealed = true;
    this.drop();
  }

  /** The drain budget is over: what settles from now on does not count, and handlers are told. */
  freeze(): void {
    this.#frozen = true;
    this.#controller.abort();
  }

  /** Ownership has ended: nothing is dispatched or committed any more, handlers are told. */
  lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.seal();
    this.#controller.abort();
  }
}
