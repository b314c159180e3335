/** What follows when a handler throws: the user's policy is asked, and its answer carried out. The default retries for ever. */
import { type BackoffPolicy, backoffDelay } from '../cluster/backoff.ts';
import type { HandlerErrorAction, HandlerErrorPolicy } from '../contracts/consumer.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import { BatchView } from './batch-view.ts';
import type { Pump } from './pump.ts';
import type { FetchedRecord } from './record.ts';
import type { ConsumerHost } from './settings.ts';
import { firstOf, lastOf, type Task } from './task.ts';

export interface HandlerErrorsOptions {
  readonly host: ConsumerHost;
  readonly policy: HandlerErrorPolicy | undefined;
  readonly backoff: BackoffPolicy;
  readonly isBatch: boolean;
  readonly pause: (pump: Pump) => void;
  readonly fail: (error: KohortError) => void;
  /** Nothing of the task is left to do, or it has been given up. */
  readonly done: (task: Task) => void;
  readonly settled: (pump: Pump, count: number) => void;
  /** The partition may go on. */
  readonly wake: (pump: Pump) => void;
}

/** Thrown by Kohort's own handlers to give records back unsettled, without asking the policy. */
export const GIVEN_BACK = Symbol('given back');

export class HandlerErrors {
  readonly #options: HandlerErrorsOptions;

  constructor(options: HandlerErrorsOptions) {
    this.#options = options;
  }

  /** The handler call of the task has ended with an error. */
  handle(task: Task, error: unknown): void {
    const { pump } = task;
    if (isOver(task)) return; // ownership ended under the handler: the loss has been told, the next owner gets the records
    keepUnsettled(task);
    if (error === GIVEN_BACK) {
      this.#giveUp(task);
      return;
    }
    if (task.records.length === 0) {
      this.#tell(task, pump.position ?? 0n, error, 'skip', 0);
      this.#options.done(task);
      return;
    }
    pump.waiting.add(task);
    this.#ask(task, error);
  }

  #ask(task: Task, error: unknown): void {
    const { policy, isBatch } = this.#options;
    const { pump, attempt, records } = task;
    if (!policy) {
      this.#act(task, error, 'retry');
      return;
    }
    const batch = isBatch ? { batch: new BatchView(pump.place, records, pump.endOffset ?? -1n) } : {};
    try {
      const answer = policy(error, records[0] as FetchedRecord, { attempt, signal: pump.signal, ...batch });
      if (isPromise(answer)) {
        answer.then(
          (action) => this.#act(task, error, action),
          (failure) => this.#policyFailed(task, error, failure),
        );
      } else this.#act(task, error, answer);
    } catch (failure) {
      this.#policyFailed(task, error, failure);
    }
  }

  #policyFailed(task: Task, error: unknown, failure: unknown): void {
    this.#options.host.emit('callback.error', { callback: 'onHandlerError', message: messageOf(failure) });
    this.#act(task, error, 'retry');
  }

  #act(task: Task, error: unknown, action: HandlerErrorAction): void {
    const { pump } = task;
    pump.waiting.delete(task);
    if (isOver(task)) return;
    keepUnsettled(task);
    const offset = task.records[0]?.offset;
    if (offset === undefined) {
      this.#options.done(task);
    } else if (action === 'skip') {
      this.#tell(task, offset, error, 'skip', 0);
      this.#skip(task);
    } else if (action === 'pause') {
      this.#tell(task, offset, error, 'pause', 0);
      this.#options.pause(pump);
      this.#again(task);
    } else if (action === 'stop') {
      this.#tell(task, offset, error, 'stop', 0);
      this.#stop(task, offset, error);
    } else this.#retry(task, offset, error, action);
  }

  #retry(task: Task, offset: bigint, error: unknown, action: HandlerErrorAction): void {
    const { host, backoff } = this.#options;
    const { pump, attempt, mark } = task;
    const asked = typeof action === 'object' ? action.retryAfter : Number.NaN;
    const delayMs =
      asked >= 0 && asked < Number.POSITIVE_INFINITY ? asked : backoffDelay(backoff, attempt, host.random);
    this.#tell(task, offset, error, 'retry', delayMs);
    if (pump.sealed) {
      this.#giveUp(task);
      return;
    }
    mark.setInFlight(firstOf(task), lastOf(task), false);
    pump.waiting.add(task);
    task.timer = host.clock.setTimer(() => {
      task.timer = null;
      pump.waiting.delete(task);
      this.#again(task);
    }, delayMs);
  }

  #skip(task: Task): void {
    const { pump, mark } = task;
    const first = firstOf(task);
    const count = pump.settleRange(mark, first, first);
    keepUnsettled(task);
    if (task.records.length === 0) this.#options.done(task);
    else {
      task.attempt = 0; // the first one of the rest has not been tried by itself
      this.#again(task);
    }
    this.#options.settled(pump, count);
  }

  #stop(task: Task, offset: bigint, error: unknown): void {
    const { pump } = task;
    pump.seal(); // first: giving up wakes the dispatcher, and nothing may pass the record that failed
    this.#giveUp(task);
    this.#options.fail(
      new KohortError(
        ErrorCode.handler,
        `The handler of ${pump.topic}-${pump.partition} failed at offset ${offset}, and onHandlerError answered 'stop': ${messageOf(error)}`,
        { topicPartition: pump.place, terminalClass: 'handler', cause: error },
      ),
    );
  }

  /** As soon as a handler is free, and the partition not paused. */
  #again(task: Task): void {
    const { pump, mark } = task;
    if (pump.sealed) {
      this.#giveUp(task);
      return;
    }
    keepUnsettled(task);
    if (task.records.length === 0) {
      this.#options.done(task);
      return;
    }
    mark.setInFlight(firstOf(task), lastOf(task), false);
    task.attempt += 1;
    pump.due.unshift(task);
    this.#options.wake(pump);
  }

  /** Its records stay unsettled, and nothing waits for them. */
  #giveUp(task: Task): void {
    if (task.records.length > 0) task.mark.setInFlight(firstOf(task), lastOf(task), false);
    this.#options.settled(task.pump, 0);
  }

  #tell(
    task: Task,
    offset: bigint,
    error: unknown,
    action: 'retry' | 'skip' | 'pause' | 'stop',
    delayMs: number,
  ): void {
    this.#options.host.emit('handler.error', {
      ...task.pump.place,
      offset: offset.toString(),
      attempt: task.attempt,
      action,
      delayMs,
      message: messageOf(error),
    });
  }
}

function isOver({ pump, mark }: Task): boolean {
  return pump.ended || mark !== pump.mark;
}

/** Takes out what has settled by hand meanwhile. */
function keepUnsettled(task: Task): void {
  const { mark, records, offsets } = task;
  if (offsets.every((offset) => mark.isUnsettled(offset))) return;
  const rest = records.flatMap((record, i) => {
    const offset = offsets[i] as number;
    return mark.isUnsettled(offset) ? [{ record, offset }] : [];
  });
  task.records = rest.map(({ record }) => record);
  task.offsets = rest.map(({ offset }) => offset);
}

function isPromise(
  value: HandlerErrorAction | Promise<HandlerErrorAction>,
): value is Promise<HandlerErrorAction> {
  return typeof value === 'object' && 'then' in value;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
