/**
 * Commits what has settled: after an interval, a number of records, or when nothing is in flight; and when asked. One
 * commit at a time; those that nobody waits for are at least 100 ms apart.
 */
import type { Clock, Timer } from '../contracts/clock.ts';
import type { EventFields } from '../contracts/hooks.ts';
import type { CommitReason } from '../contracts/offset-store.ts';
import type { GroupSession } from '../contracts/session.ts';
import { type PartitionOffset, partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KafkaCode } from '../errors/kafka-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import { failureLabel } from './failure-label.ts';
import type { OffsetSink } from './offset-sink.ts';

/** A partition as the committer sees it. */
export interface CommitSource extends TopicPartition {
  /** Another one after each seek or reset: the answer to a commit of before says nothing about the position of now. */
  readonly run: unknown;
  /** What there is to commit: null when nothing is new, and when the partition is not owned at this moment. */
  pending(): PartitionOffset | null;
  /** The offset is committed. */
  committed(offset: PartitionOffset): void;
  /** Ownership has ended: what is pending is never committed from here. */
  commitLost(): void;
}

export interface CommitterOptions {
  readonly clock: Clock;
  readonly sink: OffsetSink;
  /** The latest session; null before the first assignment. */
  readonly session: () => GroupSession | null;
  /** Milliseconds between a settlement and the commit that covers it, at most. */
  readonly interval: number;
  /** Settled records after which a commit goes out without waiting. */
  readonly threshold: number;
  readonly requestTimeout: number;
  readonly onEnd: (event: EventFields['commit.end']) => void;
}

/** Milliseconds between the end of a commit and the next one that nobody asked for. */
const COMMIT_SPACING_MS = 100;

export class Committer {
  readonly #options: CommitterOptions;
  readonly #sources = new Map<string, CommitSource>();
  /** Refused for a reason of their own: until when they wait, so that the others are not held up. */
  readonly #refused = new Map<string, number>();
  #settled = 0;
  #timer: Timer | null = null;
  #timerAt = Number.POSITIVE_INFINITY;
  /** The timer fires as soon as a commit may go out. */
  #isSoon = false;
  #lastEnd = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;
  /** Wanted soon while a commit was under way. */
  #again = false;
  /** The latest commit that nobody asked for failed: the next one waits for the interval. */
  #failed = false;
  #stopped = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  add(source: CommitSource): void {
    this.#sources.set(partitionKey(source), source);
  }

  /** Only if it is still this one: a successor may have taken the name. */
  remove(source: CommitSource): void {
    const key = partitionKey(source);
    if (this.#sources.get(key) !== source) return;
    this.#sources.delete(key);
    this.#refused.delete(key);
  }

  /** Records have settled. Cheap: no clock is read while a timer is armed. */
  noteSettled(count: number): void {
    if (!this.#options.sink.writes) return;
    this.#settled += count;
    if (this.#settled >= this.#options.threshold) this.soon();
    else if (!this.#timer) this.#arm(this.#options.interval);
  }

  /** Nothing is in flight, or there is enough: commits as soon as the spacing allows. */
  soon(): void {
    if (!this.#options.sink.writes) return;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    // Settlements come by the hundred thousand a second: what is due as soon as it can be needs no clock.
    if (this.#isSoon) return;
    const { clock, interval } = this.#options;
    const spacing = this.#failed ? interval : COMMIT_SPACING_MS;
    const now = clock.monotonic();
    const dueAt = Math.max(now, this.#lastEnd + spacing);
    if (dueAt < this.#timerAt) this.#arm(dueAt - now);
    this.#isSoon = true;
  }

  /** Commits what has settled of these partitions, or of all. @throws KohortError, or what the offset store rejects with */
  async commit(
    reason: CommitReason,
    timeoutMs: number,
    sources: Iterable<CommitSource> = this.#sources.values(),
  ): Promise<void> {
    if (!this.#options.sink.writes) return;
    const chosen = [...sources];
    try {
      await this.#exclusively(timeoutMs, async (left) => {
        const failure = await this.#send(chosen, reason, left);
        if (failure) throw failure;
      });
    } finally {
      this.#catchUp();
    }
  }

  /** Commits what the user says. The partitions must be owned. */
  async commitExactly(offsets: readonly PartitionOffset[], timeoutMs: number): Promise<void> {
    try {
      await this.#exclusively(timeoutMs, async (left) => {
        await this.#save(offsets, 'manual', left);
        for (const offset of offsets) this.#sources.get(partitionKey(offset))?.committed(offset);
      });
    } finally {
      this.#catchUp();
    }
  }

  /** What was wanted while a commit of somebody's asking was under way. */
  #catchUp(): void {
    if (!this.#again || this.#running !== null) return;
    this.#again = false;
    this.soon();
  }

  /** No commit starts by itself any more; no timer is left. */
  stop(): void {
    this.#stopped = true;
    this.#disarm();
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return;
    this.#disarm();
    const { clock } = this.#options;
    this.#timerAt = clock.monotonic() + delayMs;
    this.#timer = clock.setTimer(() => {
      this.#disarm();
      if (this.#running === null) this.#commitByItself();
      else this.#again = true;
    }, delayMs);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#isSoon = false;
  }

  #commitByItself(): void {
    this.#exclusively(this.#options.requestTimeout, (left) => this.#sendAll(left)).then(
      () => this.#planNext(false),
      () => this.#planNext(true), // told by commit.end
    );
  }

  /** What is still pending goes with the next interval: that also bounds how often a failure is tried again. */
  #planNext(failed: boolean): void {
    this.#failed = failed;
    if (this.#stopped || this.#timer) return;
    const again = this.#again;
    this.#again = false;
    if (again && !failed) this.soon();
    else if (failed || this.#settled > 0 || this.#refused.size > 0) this.#arm(this.#options.interval);
  }

  async #sendAll(timeoutMs: number): Promise<void> {
    const now = this.#options.clock.monotonic();
    const chosen: CommitSource[] = [];
    const again: CommitSource[] = [];
    for (const [key, source] of this.#sources) {
      const refusedUntil = this.#refused.get(key);
      if (refusedUntil === undefined) chosen.push(source);
      else if (refusedUntil <= now) again.push(source);
    }
    this.#settled = 0;
    await this.#send(chosen, 'interval', timeoutMs);
    // One topic after the other, so that what is refused again takes nobody along.
    for (const topic of new Set(again.map((source) => source.topic))) {
      const ofTopic = again.filter((source) => source.topic === topic);
      for (const source of ofTopic) this.#refused.delete(partitionKey(source));
      await this.#send(ofTopic, 'interval', timeoutMs);
    }
  }

  /** Sends what is pending; what is refused or lost by itself is taken out and returned, and the rest is sent again. */
  async #send(
    sources: readonly CommitSource[],
    reason: CommitReason,
    timeoutMs: number,
  ): Promise<KohortError | null> {
    let remaining = sources;
    let failure: KohortError | null = null;
    for (;;) {
      const pending = remaining.flatMap((source) => {
        const offset = source.pending();
        return offset ? [{ source, offset, run: source.run }] : [];
      });
      if (pending.length === 0) return failure;
      try {
        await this.#save(
          pending.map(({ offset }) => offset),
          reason,
          timeoutMs,
        );
        for (const { source, offset, run } of pending) if (source.run === run) source.committed(offset);
        return failure;
      } catch (error) {
        if (!(error instanceof KohortError)) throw error;
        const culprits = this.#takeOut(error, remaining);
        if (culprits.length === 0) throw error;
        failure ??= error;
        remaining = remaining.filter((source) => !culprits.includes(source));
      }
    }
  }

  /** The partitions that a failure is about, if it is about them alone; none when the same may pass later. */
  #takeOut(error: KohortError, sources: readonly CommitSource[]): readonly CommitSource[] {
    const about = error.topicPartition;
    if (!about || error.retriable) return [];
    // A topic that is gone is gone with all its partitions.
    const isTopic = error.kafkaCode === KafkaCode.unknownTopicOrPartition;
    const culprits = sources.filter(
      (source) => source.topic === about.topic && (isTopic || source.partition === about.partition),
    );
    const isLost = error.code === ErrorCode.commitLost || error.code === ErrorCode.notOwned;
    const until = this.#options.clock.monotonic() + this.#options.interval;
    for (const culprit of culprits) {
      if (isLost) culprit.commitLost();
      else this.#refused.set(partitionKey(culprit), until);
    }
    return culprits;
  }

  async #save(offsets: readonly PartitionOffset[], kind: CommitReason, timeoutMs: number): Promise<void> {
    const { clock, session, sink, onEnd } = this.#options;
    const current = session();
    if (!current)
      throw new KohortError(ErrorCode.state, 'Nothing can be committed before the first assignment.');
    const startedAt = clock.monotonic();
    const end = (outcome: 'ok' | 'error' | 'stale', error: string | null) => {
      if (this.#stopped) return; // the group has ended, and says nothing after that
      onEnd({
        kind,
        partitions: offsets.length,
        lowestOffset: lowest(offsets),
        durationMs: clock.monotonic() - startedAt,
        outcome,
        error,
      });
    };
    try {
      await sink.save(current, offsets, kind, timeoutMs);
      end('ok', null);
    } catch (error) {
      const lost = error instanceof KohortError && error.code === ErrorCode.commitLost;
      end(lost ? 'stale' : 'error', failureLabel(error));
      throw error;
    }
  }

  /** One at a time. Waiting for the one before counts against the time. */
  async #exclusively(timeoutMs: number, work: (leftMs: number) => Promise<void>): Promise<void> {
    const { clock } = this.#options;
    const deadline = clock.monotonic() + timeoutMs;
    while (this.#running !== null) {
      if (await settlesWithin(clock, this.#running, deadline - clock.monotonic())) continue;
      throw new KohortError(ErrorCode.aborted, 'The commit before this one did not end in time.', {
        retriable: true,
      });
    }
    const running = work(Math.max(1, deadline - clock.monotonic()));
    const done = () => {
      this.#running = null;
      this.#lastEnd = clock.monotonic();
    };
    this.#running = running.then(done, done);
    await running;
  }
}

/** False when the time is over first. @param work never rejects */
function settlesWithin(clock: Clock, work: Promise<void>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(() => resolve(false), Math.max(0, ms));
    void work.then(() => {
      timer.cancel();
      resolve(true);
    });
  });
}

function lowest(offsets: readonly PartitionOffset[]): string | null {
  let low: bigint | null = null;
  for (const { offset } of offsets) if (low === null || offset < low) low = offset;
  return low === null ? null : low.toString();
}
