/** Puts something around the handlers of a run, whichever kind they are. */
import type { ConsumerRecord, HandlerContext, RecordBatchView, RunOptions } from '@kohort/core';
import { ErrorCode, KohortError } from '@kohort/core/spi';

/** Work that a handler is about to do. */
export type Work =
  | { readonly kind: 'record'; readonly record: ConsumerRecord; readonly context: HandlerContext }
  | { readonly kind: 'batch'; readonly batch: RecordBatchView; readonly context: HandlerContext };

/** Calls `handler`, once, and gives back what it returns. */
export type Around = (work: Work, handler: () => unknown) => unknown;

/**
 * @param caller the public function, for the error
 * @throws KohortError `KOHORT_CONFIG` when given something else than the options of `run`
 */
export function wrapHandlers(caller: string, run: RunOptions, around: Around): RunOptions {
  if (typeof run !== 'object' || run === null) {
    const given = run === null ? 'null' : `a ${typeof run}`;
    throw new KohortError(
      ErrorCode.config,
      `${caller}(): takes the options of run(), such as { eachRecord }; it was given ${given}`,
    );
  }
  const { eachRecord, eachBatch, ...rest } = run;
  return {
    ...rest,
    ...(eachRecord && {
      eachRecord: (record, context) =>
        around({ kind: 'record', record, context }, () => eachRecord(record, context)),
    }),
    ...(eachBatch && {
      eachBatch: (batch, context) =>
        around({ kind: 'batch', batch, context }, () => eachBatch(batch, context)),
    }),
  };
}

/** Whether a handler's result is something to wait for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
