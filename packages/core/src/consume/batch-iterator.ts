/** Batches as an async iterator: advancing settles the batch before; leaving the loop closes the group. */
import type { BatchHandler, HandlerContext, RecordBatchView } from '../contracts/consumer.ts';
import { GIVEN_BACK } from './handler-errors.ts';

interface Handed {
  readonly batch: RecordBatchView;
  readonly settle: () => void;
  readonly giveBack: () => void;
}

export class BatchIterator implements AsyncIterableIterator<RecordBatchView> {
  readonly #close: () => void;
  #current: Handed | null = null;
  #next: Handed | null = null;
  #wake: (() => void) | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;
  #error: unknown;

  /** @param close asks the group to close */
  constructor(close: () => void) {
    this.#close = close;
  }

  /** The handler that feeds the iterator: one batch at a time. */
  readonly handler: BatchHandler = (batch, context) =>
    new Promise<void>((resolve, reject) => {
      const giveBack = () => reject(GIVEN_BACK);
      if (this.#ended) {
        giveBack();
        return;
      }
      this.#next = { batch, settle: resolve, giveBack };
      this.#giveBackWhenOver(context, this.#next);
      this.#wake?.();
    });

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Calls wait for each other. */
  next(): Promise<IteratorResult<RecordBatchView, undefined>> {
    const result = this.#last.then(() => this.#advance());
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #advance(): Promise<IteratorResult<RecordBatchView, undefined>> {
    this.#current?.settle();
    this.#current = null;
    while (!this.#next && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#error !== undefined) throw this.#error;
    const next = this.#next;
    this.#next = null;
    if (!next || this.#ended) return { done: true, value: undefined };
    this.#current = next;
    return { done: false, value: next.batch };
  }

  async return(): Promise<IteratorResult<RecordBatchView, undefined>> {
    this.#end();
    this.#close();
    return { done: true, value: undefined };
  }

  /** The group has ended. @param error what `run` rejects with, if it does */
  end(error?: unknown): void {
    this.#error = error;
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#current?.giveBack();
    this.#next?.giveBack();
    this.#current = null;
    this.#next = null;
    this.#wake?.();
  }

  /** A batch that nobody has taken yet goes back when its partition does. */
  #giveBackWhenOver({ signal }: HandlerContext, handed: Handed): void {
    signal.addEventListener(
      'abort',
      () => {
        if (this.#next !== handed) return;
        this.#next = null;
        handed.giveBack();
      },
      { once: true },
    );
  }
}
