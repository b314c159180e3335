/** The data plane of a consumer group: fetches what is owned, hands it to handlers, commits what has settled. */
import { Committer } from '../commit/committer.ts';
import { OffsetSink } from '../commit/offset-sink.ts';
import type { RunOptions } from '../contracts/consumer.ts';
import type {
  AssignedContext,
  LostContext,
  OwnershipCallbacks,
  RevokedContext,
} from '../contracts/session.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import { Anchors } from './anchors.ts';
import { BatchIterator } from './batch-iterator.ts';
import { Controls } from './controls.ts';
import { Deadlines } from './deadlines.ts';
import { Dispatcher } from './dispatcher.ts';
import { EndOfRun } from './end-of-run.ts';
import { FetchOutcomes } from './fetch-outcomes.ts';
import { Fetcher } from './fetcher.ts';
import { HandlerErrors } from './handler-errors.ts';
import { Handover } from './handover.ts';
import { KeptPositions } from './kept-positions.ts';
import { OffsetLookup } from './offset-lookup.ts';
import { Pauses } from './pauses.ts';
import { Positions } from './positions.ts';
import type { Pump, PumpEvents } from './pump.ts';
import { PumpSet } from './pump-set.ts';
import { Readiness } from './readiness.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';
import { SettledReport } from './settled-report.ts';
import { StuckWork } from './stuck-work.ts';
import type { Task } from './task.ts';
import { TaskRunner } from './task-runner.ts';
import { Watch } from './watch.ts';

/** What became of the work when the group closed. */
export interface Drained {
  readonly drained: boolean;
  readonly abandoned: readonly TopicPartition[];
}

export class Consumer implements OwnershipCallbacks {
  readonly #host: ConsumerHost;
  readonly #settings: ConsumerSettings;
  readonly #life = new AbortController();
  readonly #pumps: PumpSet;
  readonly #sink: OffsetSink;
  readonly #committer: Committer;
  /** What the user may ask of the partitions that are owned. */
  readonly controls: Controls;
  readonly #positions: Positions;
  readonly #lookup: OffsetLookup;
  readonly #fetcher: Fetcher;
  readonly #outcomes: FetchOutcomes;
  readonly #handover: Handover;
  readonly #deadlines: Deadlines;
  readonly #stuck = new StuckWork();
  readonly #report: SettledReport;
  readonly #readiness: Readiness;
  readonly #watch: Watch;
  readonly #stopListening: () => void;
  #runner: TaskRunner | null = null;
  #dispatcher: Dispatcher | null = null;
  #endOfRun: EndOfRun | null = null;

  constructor(host: ConsumerHost, settings: ConsumerSettings) {
    const { clock } = host;
    const { signal } = this.#life;
    const wake = (pump: Pump) => this.#dispatcher?.wake(pump);
    const fail = (error: KohortError) => this.#fail(error);
    this.#host = host;
    this.#settings = settings;
    this.#report = new SettledReport(host);
    this.#pumps = new PumpSet(wake);
    this.#sink = new OffsetSink(clock, settings.offsets, (error) => this.#internal(error, 'offsets.mirror'));
    this.#committer = new Committer({
      clock,
      sink: this.#sink,
      session: () => this.#handover.session,
      interval: settings.commitInterval,
      threshold: settings.commitThreshold,
      requestTimeout: settings.requestTimeout,
      onEnd: (event) => host.emit('commit.end', event),
    });
    const pauses = new Pauses((place) => host.emit('flow.resumed', { ...place, reason: 'revoked' }));
    this.#lookup = new OffsetLookup(host, settings, signal, fail);
    const anchors = new Anchors(host, settings, this.#committer, signal, (pump) => this.#resolved(pump));
    const kept = new KeptPositions();
    this.#positions = new Positions({
      host,
      settings,
      sink: this.#sink,
      lookup: this.#lookup,
      anchors,
      kept,
      fail,
      onResolved: (pump) => this.#resolved(pump),
    });
    this.#outcomes = new FetchOutcomes({
      host,
      settings,
      fail,
      offer: (pump) => this.#dispatcher?.offer(pump),
      delivered: () => this.#dispatcher?.run(),
      reset: (pump, reason, at) => {
        this.#positions.reset(pump, reason, at).catch((error) => this.#internal(error));
      },
    });
    this.#fetcher = new Fetcher({
      host,
      settings,
      signal,
      pumps: () => this.#pumps,
      outcomes: this.#outcomes,
      onInternalError: (error) => this.#internal(error),
    });
    this.#deadlines = new Deadlines(clock, settings.maxProcessingTime, (task) => this.#expired(task));
    this.#handover = this.#makeHandover(kept, pauses, wake);
    this.controls = this.#makeControls(pauses, wake);
    this.#readiness = new Readiness(() => this.#isReady());
    this.#watch = new Watch(host, settings.stallAfter, {
      pumps: this.#pumps,
      deadlines: this.#deadlines,
      report: this.#report,
    });
    this.#stopListening = host.metadata.onRefresh(() => this.#clusterSeen());
  }

  /** Sets the handler. Called once, before or after the first assignment. */
  run(options: RunOptions): void {
    this.#start(options, this.#settings.concurrency.total);
  }

  /** The same as a `run` with `eachBatch`, as an iterator; `end` it when the group ends. */
  batches(options: Pick<RunOptions, 'until'> = {}): BatchIterator {
    const iterator = new BatchIterator(() => this.#host.requestClose('the loop over batches was left'));
    this.#start({ ...options, eachBatch: iterator.handler }, 1);
    return iterator;
  }

  onAssigned(context: AssignedContext): Promise<void> {
    return this.#handover.onAssigned(context);
  }

  onRevoked(context: RevokedContext): Promise<void> {
    return this.#handover.onRevoked(context);
  }

  onLost(context: LostContext): Promise<void> {
    return this.#handover.onLost(context);
  }

  /** Resolves when an assignment is applied and every position of it is known. Rejects when the signal aborts, with its reason. */
  whenReady(signal?: AbortSignal): Promise<void> {
    return this.#readiness.wait(signal);
  }

  /** Bytes of all fetched batches that wait for handlers. */
  get bufferedBytes(): number {
    return this.#fetcher.bufferedBytes;
  }

  /** The group closes: drains that are under way are shortened. @param timeoutMs milliseconds that closing may take */
  closing(timeoutMs: number): void {
    this.#handover.closing(timeoutMs);
  }

  /** Of work that was under way when the group began to close. */
  get drained(): Drained {
    const stuck = [...this.#pumps.lingering].filter((pump) => pump.inFlight > 0).map(({ place }) => place);
    const known = this.#handover.abandoned;
    const others = stuck.filter(
      ({ topic, partition }) => !known.some((one) => one.topic === topic && one.partition === partition),
    );
    const abandoned = [...known, ...others];
    return { drained: abandoned.length === 0, abandoned };
  }

  /** Nothing happens any more, and no timer is left. */
  stop(): void {
    this.#life.abort();
    this.#stopListening();
    this.#dispatcher?.stop();
    this.#fetcher.stop();
    this.#committer.stop();
    this.#deadlines.stop();
    this.#watch.stop();
    this.#report.flushAll();
    for (const pump of [...this.#pumps]) pump.lose();
  }

  #makeHandover(kept: KeptPositions, pauses: Pauses, wake: (pump: Pump) => void): Handover {
    return new Handover({
      host: this.#host,
      settings: this.#settings,
      pumps: this.#pumps,
      committer: this.#committer,
      positions: this.#positions,
      kept,
      pauses,
      events: this.#pumpEvents(wake),
      onAdded: (pumps) => this.#added(pumps),
      onStarted: (pumps) => this.#started(pumps),
      onGone: (pump) => {
        this.#dispatcher?.forget(pump);
        this.#report.flush(pump);
      },
    });
  }

  #makeControls(pauses: Pauses, wake: (pump: Pump) => void): Controls {
    return new Controls({
      host: this.#host,
      settings: this.#settings,
      pumps: this.#pumps,
      pauses,
      positions: this.#positions,
      committer: this.#committer,
      sink: this.#sink,
      session: () => this.#handover.session,
      onResumed: (pump) => {
        this.#deadlines.restartAll((task) => task.pump === pump);
        this.#fetcher.poke();
        wake(pump);
      },
    });
  }

  #start(run: RunOptions, total: number): void {
    const host = this.#host;
    if (this.#dispatcher) throw new KohortError(ErrorCode.state, 'This group is being run already.');
    const concurrency = { ...this.#settings.concurrency, total };
    const errors = new HandlerErrors({
      host,
      policy: this.#settings.onHandlerError,
      backoff: this.#settings.retryBackoff,
      isBatch: run.eachBatch !== undefined,
      pause: (pump) => this.controls.pauseOne(pump, 'handler'),
      fail: (error) => this.#fail(error),
      done: (task) => runner.releaseKeys(task),
      settled: (pump, count) => this.#settled(pump, count),
      wake: (pump) => this.#dispatcher?.wake(pump),
    });
    const runner = new TaskRunner({
      clock: host.clock,
      run,
      concurrency,
      maxBatchRecords: this.#settings.maxBatchRecords,
      deadlines: this.#deadlines,
      errors,
      report: this.#report,
      actions: {
        pause: (pump) => this.controls.pauseOne(pump, 'user'),
        close: () => host.requestClose('a handler asked for it'),
      },
      onSettled: (_pump, count) => this.#countSettled(count),
      onFree: (pump) => this.#freed(pump),
    });
    this.#runner = runner;
    this.#dispatcher = new Dispatcher({ host, concurrency, runner, afterRun: () => this.#afterRun() });
    if (run.until === 'end') {
      this.#endOfRun = new EndOfRun(
        this.#lookup,
        this.#pumps,
        () => host.requestClose('the end offsets have been reached'),
        (error) => this.#internal(error),
      );
      this.#added([...this.#pumps]);
    }
    for (const pump of this.#pumps) this.#dispatcher.wake(pump);
    this.#fetcher.poke();
  }

  #pumpEvents(wake: (pump: Pump) => void): PumpEvents {
    return {
      wake,
      wantsFetch: () => this.#fetcher.poke(),
      bytesChanged: (by) => this.#fetcher.bytesChanged(by),
      undecodable: (pump, error) => {
        this.#outcomes.undecodable(pump, error);
        this.#fetcher.poke();
      },
      settled: (pump, count) => this.#settled(pump, count),
      settledByHand: (pump, first, last, count) => this.#report.byHand(pump, first, last, count),
    };
  }

  /** Settled by hand, by a policy, or a new position: the window may have moved. */
  #settled(pump: Pump, count: number): void {
    this.#countSettled(count);
    this.#dispatcher?.wake(pump);
    this.#afterRun();
  }

  #countSettled(count: number): void {
    this.#committer.noteSettled(count);
    this.#handover.checkDrains();
  }

  #freed(pump: Pump): void {
    this.#dispatcher?.wake(pump);
    this.#dispatcher?.run();
    this.#afterRun();
  }

  /** When nothing is in flight, what has settled is committed without waiting for the interval. */
  #afterRun(): void {
    if (this.#runner?.isBusy) return;
    let dirty = false;
    for (const pump of this.#pumps) {
      if (pump.inFlight > 0 || pump.waiting.size > 0) return;
      dirty ||= pump.pending() !== null;
    }
    if (dirty) this.#committer.soon();
    this.#checkEnd();
  }

  #checkEnd(): void {
    if (this.#endOfRun && this.#handover.isApplied) this.#endOfRun.check();
  }

  #added(pumps: readonly Pump[]): void {
    for (const pump of pumps) this.#committer.add(pump);
    this.#endOfRun?.add(pumps, (pump) => {
      this.#fetcher.poke();
      this.#dispatcher?.wake(pump);
      this.#checkEnd();
    });
    this.#watch.start();
  }

  #started(pumps: readonly Pump[]): void {
    this.#fetcher.poke();
    for (const pump of pumps) this.#dispatcher?.wake(pump);
    this.#readiness.check();
    this.#checkEnd();
  }

  #clusterSeen(): void {
    this.#positions.noticeRecreated(this.#pumps).catch((error) => this.#internal(error));
    this.#fetcher.poke();
  }

  #resolved(pump: Pump): void {
    this.#fetcher.poke();
    this.#dispatcher?.wake(pump);
    this.#readiness.check();
    this.#checkEnd();
  }

  #isReady(): boolean {
    if (!this.#handover.isApplied) return false;
    for (const pump of this.#pumps) if (!pump.sealed && !pump.anchored) return false;
    return true;
  }

  /** A handler has exceeded its time: its partition is fenced, and the member steps out until it returns. */
  #expired(task: Task): void {
    const { pump, mark, startedAt } = task;
    const now = this.#host.clock.monotonic();
    const offset = (mark.origin + BigInt(task.offsets[0] ?? 0)).toString();
    this.#host.emit('processing.deadline', { ...pump.place, offset, sinceMs: now - startedAt });
    this.#stuck.add(pump);
    const { session } = this.#handover;
    const current = this.#pumps.get(pump);
    if (!current || !session || current.ended) return; // told before: this repeats as long as the handler runs
    current.lose();
    // A drain that waits for this handler has nothing to wait for any more.
    this.#handover.checkDrains();
    session.stepOut([pump.place], this.#stuck.whenFree());
  }

  #fail(error: KohortError): void {
    this.#handover.session?.fail(error);
  }

  #internal(error: unknown, callback = 'internal'): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#host.emit('callback.error', { callback, message });
  }
}
