/** Takes records of a partition, runs the handler on them, and decides what follows: settled, again, or never. */
import type { Clock } from '../contracts/clock.ts';
import type { RunOptions } from '../contracts/consumer.ts';
import { BatchView } from './batch-view.ts';
import { Context, type ContextActions } from './context.ts';
import type { Deadlines } from './deadlines.ts';
import type { HandlerErrors } from './handler-errors.ts';
import { keyText } from './key-order.ts';
import type { Pump } from './pump.ts';
import { FetchedRecord } from './record.ts';
import type { Concurrency } from './settings.ts';
import type { SettledReport } from './settled-report.ts';
import { firstOf, lastOf, type Task } from './task.ts';

export interface TaskRunnerOptions {
  readonly clock: Clock;
  readonly run: RunOptions;
  readonly concurrency: Concurrency;
  readonly maxBatchRecords: number;
  readonly deadlines: Deadlines;
  readonly errors: HandlerErrors;
  readonly actions: ContextActions;
  readonly report: SettledReport;
  /** Records have settled while a handler call returned. */
  readonly onSettled: (pump: Pump, count: number) => void;
  /** A handler call that took its time has returned, or a task is due: slots are free. */
  readonly onFree: (pump: Pump) => void;
}

const NO_KEYS: readonly string[] = [];

export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #byKey: boolean;
  readonly #manual: boolean;
  #running = 0;
  /** Settled by handlers that returned at once, in the present turn. */
  #turnCount = 0;
  /** On the monotonic clock: when the present turn began, or the call that has just returned; only while somebody wants it. */
  #turnAt: number | null = null;
  /** On the monotonic clock: when the present step began. */
  #now = 0;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
    this.#byKey = options.concurrency.ordering === 'key';
    this.#manual = options.run.settle === 'manual';
  }

  /** Some handler call has not returned. */
  get isBusy(): boolean {
    return this.#running > 0;
  }

  get hasSlot(): boolean {
    return this.#running < this.#options.concurrency.total;
  }

  /**
   * Runs one task of the partition. Returns how many records it took, 0 when nothing may run now.
   * @param now on the monotonic clock: whoever asks has just looked
   */
  step(pump: Pump, now: number): number {
    this.#now = now;
    const due = pump.due.shift();
    if (due) {
      due.mark.setInFlight(firstOf(due), lastOf(due), true);
      this.#start(due);
      return due.records.length;
    }
    if (this.#options.concurrency.ordering === 'partition' && pump.waiting.size > 0) return 0;
    if (this.#options.run.eachBatch) return this.#stepBatch(pump);
    return this.#stepRecord(pump) ? 1 : 0;
  }

  /** A turn of this partition is over: what settled in it is accounted for at once. */
  endTurn(pump: Pump): void {
    const { clock, report, onSettled } = this.#options;
    const startedAt = this.#turnAt;
    this.#turnAt = null;
    if (startedAt !== null && (report.hasTurn || this.#running === 0)) {
      const now = clock.monotonic();
      report.endTurn(pump, now - startedAt);
      if (this.#running === 0) report.busy.ended(now);
    }
    const count = this.#turnCount;
    if (count === 0) return;
    this.#turnCount = 0;
    onSettled(pump, count);
  }

  #stepRecord(pump: Pump): boolean {
    const { mark } = pump;
    const chunk = pump.head();
    if (!chunk?.source || !mark) return false;
    const { source, index } = chunk;
    const offset = chunk.base + source.set.offsetDelta(index);
    if (!this.#mayTake(pump, offset, mark.isClear ? offset : mark.low)) return false;
    const record = new FetchedRecord(source, index);
    if (this.#byKey) return this.#stepKeyed(pump, record, keyText(source.set.key(index)));
    const bytes = chunk.batch.sizeInBytes / chunk.count;
    pump.take(chunk);
    this.#callRecord(pump, record, offset, bytes);
    return true;
  }

  /** The usual case, without a task unless the handler takes its time or throws. */
  #callRecord(pump: Pump, record: FetchedRecord, offset: number, bytes: number): void {
    const { run, report } = this.#options;
    const mark = pump.mark;
    if (!mark) return;
    const context = this.#firstContext(pump);
    const watched = report.isWanted;
    if (watched) this.#beginTurn();
    this.#running += 1;
    pump.busy += 1;
    let result: unknown;
    try {
      result = run.eachRecord?.(record, context);
    } catch (error) {
      this.#leave(pump, mark);
      this.#options.errors.handle(this.#task(pump, [record], [offset], bytes, NO_KEYS), error);
      return;
    }
    if (isThenable(result)) {
      this.#follow(this.#task(pump, [record], [offset], bytes, NO_KEYS), context, result);
      return;
    }
    this.#running -= 1;
    pump.returned(mark);
    if (this.#manual || !context.settlesByReturning) return;
    const count = pump.settleRange(mark, offset, offset);
    this.#turnCount += count;
    if (watched && count > 0) report.add(mark, offset, offset, count, bytes);
  }

  #stepKeyed(pump: Pump, record: FetchedRecord, key: string | undefined): boolean {
    const chunk = pump.head();
    if (!chunk) return false;
    const bytes = chunk.batch.sizeInBytes / chunk.count;
    const offset = pump.take(chunk);
    const keys = key === undefined ? [] : [key];
    const task = this.#task(pump, [record], [offset], bytes, keys);
    if (key !== undefined && pump.keys.isBusy(key)) {
      task.mark.setInFlight(offset, offset, false);
      pump.keys.wait(key, task);
      return true;
    }
    pump.keys.hold(keys);
    this.#start(task);
    return true;
  }

  #stepBatch(pump: Pump): number {
    const { maxBatchRecords } = this.#options;
    const { mark } = pump;
    if (!mark) return 0;
    let low = mark.isClear ? null : mark.low;
    const records: FetchedRecord[] = [];
    const offsets: number[] = [];
    const keys = new Set<string>();
    let bytes = 0;
    while (records.length < maxBatchRecords) {
      const chunk = pump.head();
      if (!chunk?.source) break;
      const { source, index } = chunk;
      const offset = chunk.base + source.set.offsetDelta(index);
      low ??= offset;
      if (!this.#mayTake(pump, offset, low)) break;
      if (this.#byKey) {
        const key = keyText(source.set.key(index));
        if (key !== undefined && pump.keys.isBusy(key)) break;
        if (key !== undefined) keys.add(key);
      }
      bytes += chunk.batch.sizeInBytes / chunk.count;
      records.push(new FetchedRecord(source, index));
      offsets.push(offset);
      pump.take(chunk);
    }
    if (records.length === 0) return 0;
    const held = [...keys];
    pump.keys.hold(held);
    this.#start(this.#task(pump, records, offsets, bytes, held));
    return records.length;
  }

  /** Not past the window, and not past the end that was asked for. */
  #mayTake(pump: Pump, offset: number, low: number): boolean {
    if (offset - low >= this.#options.concurrency.window) return false;
    return pump.stopAt === null || pump.mark === null || pump.mark.origin + BigInt(offset) < pump.stopAt;
  }

  #task(
    pump: Pump,
    records: readonly FetchedRecord[],
    offsets: readonly number[],
    bytes: number,
    keys: readonly string[],
  ): Task {
    const { mark } = pump;
    if (!mark) throw new Error('a record was taken before the position was known');
    return {
      pump,
      mark,
      records,
      offsets,
      bytes,
      keys,
      attempt: 1,
      since: this.#now,
      startedAt: this.#now,
      timer: null,
      watched: false,
      older: null,
      newer: null,
    };
  }

  #start(task: Task): void {
    const { pump, mark } = task;
    this.#running += 1;
    pump.busy += 1;
    task.startedAt = this.#now;
    task.since = this.#now;
    if (this.#options.report.isWanted) this.#beginTurn();
    const context = this.#contextOf(task);
    let result: unknown;
    try {
      result = this.#call(task, context);
    } catch (error) {
      this.#leave(pump, mark);
      this.#options.errors.handle(task, error);
      return;
    }
    if (isThenable(result)) this.#follow(task, context, result);
    else {
      this.#leave(pump, mark);
      this.#succeed(task, context);
    }
  }

  #contextOf(task: Task): Context {
    const { actions, deadlines } = this.#options;
    return new Context(task.pump, task.mark, task.attempt, actions, () => deadlines.restart(task));
  }

  #call({ pump, records }: Task, context: Context): unknown {
    const { run } = this.#options;
    if (run.eachBatch) {
      return run.eachBatch(new BatchView(pump.place, records, pump.endOffset ?? -1n), context);
    }
    return run.eachRecord?.(records[0] as FetchedRecord, context);
  }

  #follow(task: Task, context: Context, result: PromiseLike<unknown>): void {
    const { deadlines, errors } = this.#options;
    const { pump } = task;
    deadlines.add(task);
    result.then(
      () => {
        this.#returned(task);
        this.#succeed(task, context);
        this.#freed(pump);
      },
      (error) => {
        this.#returned(task);
        errors.handle(task, error);
        this.#freed(pump);
      },
    );
  }

  /** A call that took its time has returned. */
  #returned(task: Task): void {
    const { deadlines, report } = this.#options;
    deadlines.remove(task);
    this.#leave(task.pump, task.mark);
    this.#turnAt = report.isWanted ? task.startedAt : null;
  }

  #freed(pump: Pump): void {
    this.endTurn(pump);
    this.#options.onFree(pump);
  }

  #leave(pump: Pump, mark: Task['mark']): void {
    this.#running -= 1;
    pump.returned(mark);
  }

  /** What runs from now on is timed until the turn ends. */
  #beginTurn(): void {
    this.#turnAt ??= this.#now;
    this.#options.report.busy.began(this.#now);
  }

  #succeed(task: Task, context: Context): void {
    const { report } = this.#options;
    const { pump, mark, keys } = task;
    if (!this.#manual && context.settlesByReturning) {
      const count = pump.settleRange(mark, firstOf(task), lastOf(task));
      this.#turnCount += count;
      if (this.#turnAt !== null && count > 0) {
        report.add(mark, firstOf(task), lastOf(task), count, task.bytes);
      }
    }
    if (keys.length > 0) this.releaseKeys(task);
  }

  /** The keys of a task are free for whoever waits for them. */
  releaseKeys({ pump, mark, keys }: Task): void {
    if (mark === pump.mark) pump.due.push(...pump.keys.release(keys));
  }

  /** One context serves all first attempts of a partition, until a seek. */
  #firstContext(pump: Pump): Context {
    if (pump.context) return pump.context;
    if (!pump.mark) throw new Error('a record was taken before the position was known');
    pump.context = new Context(pump, pump.mark, 1, this.#options.actions);
    return pump.context;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
